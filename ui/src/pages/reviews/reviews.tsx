// Reviews: how the load lies, how soon people answer, how deep they look, what was merged without.
import type { JSX } from "preact";

import { ApiError, type Query } from "../../api/client";
import type { MeasureTable } from "../../api/measures";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { ByTable, Figures, Part, measurePath } from "../../components/measured";
import { ScopeBar, scopeQuery, useScope } from "../../components/scope";
import { WeekChart } from "../../components/week_chart";
import { type Desk, WithWorkspace } from "../../components/workspace";
import { WhoReviewsWhom } from "./who";

const MARKS = [
  { measure: "unreviewed", title: "Without review", label: "Merged without review" },
  { measure: "self-merged", title: "Self-merged", label: "Merged by the author alone" },
  { measure: "late-change", title: "Late change", label: "Changed after approval" },
];

function Content(props: { desk: Desk }): JSX.Element {
  const { desk } = props;
  const scope = useScope();
  const period = scopeQuery(scope, ["team"]);
  const path = (question: Record<string, string>): string => measurePath(desk, period, question);
  const behind = (more: Query): string =>
    desk.address("/pull-requests", { ...period, ...more });
  const marks = MARKS.map((mark) => mark.measure).join(",");

  const loadPath = path({ measures: "review-load", statistics: "sum,gini,top-share" });
  const answersPath = path({ measures: "turnaround", statistics: "p50,p90" });
  const depthPath = path({ measures: "review-depth,review-comments,rounds", statistics: "p50,p90" });
  const marksPath = path({ measures: marks, statistics: "share" });
  const answersByWeekPath = path({ measures: "turnaround", statistics: "p50,p90", by: "week" });
  const loadByWeekPath = path({ measures: "review-load", statistics: "sum", by: "week" });
  const marksByPlacePath = path({ measures: marks, statistics: "share", by: "repository" });
  const pairsPath = path({ measures: "review-load", statistics: "sum", by: "reviewer,author" });
  const teamsPath = path({ measures: "review-load,turnaround", by: "team" });
  const peoplePath = path({ measures: "review-load,turnaround", by: "reviewer" });

  const load = useLoad<MeasureTable>(loadPath);
  const answers = useLoad<MeasureTable>(answersPath);
  const depth = useLoad<MeasureTable>(depthPath);
  const merges = useLoad<MeasureTable>(marksPath);
  const answersByWeek = useLoad<MeasureTable>(answersByWeekPath);
  const loadByWeek = useLoad<MeasureTable>(loadByWeekPath);
  const marksByPlace = useLoad<MeasureTable>(marksByPlacePath);
  const people = useLoad<MeasureTable>(peoplePath);
  const pairs = useLoad<MeasureTable>(pairsPath);
  const teams = useLoad<MeasureTable>(teamsPath);
  const isPersonal = !(pairs.error instanceof ApiError && pairs.error.status === 403);
  const hasTeams = teams.value?.rows.some((row) => row.key[0] !== "") ?? false;
  useFresh(() => {
    for (const one of [load, answers, depth, merges, answersByWeek, loadByWeek, marksByPlace, people, pairs, teams]) one.reload();
  }, desk.workspace.complete);

  const reviewed = behind({ by: "reviewed" });
  const merged = behind({ state: "merged" });
  return (
    <>
      <div>
        <h1>Reviews</h1>
        <p class="soft">Reviews that people gave in {period.days} days; bots and people who are left out do not count.</p>
      </div>
      <ScopeBar desk={desk} scope={scope} choices={["team"]} />
      <div class="stack">
        <Part loaded={load} height="6.5rem" title="Load">
          {(answer) => (
            <Figures
              answer={answer}
              title="Load"
              figures={[
                { measure: "review-load", statistic: "sum", label: "Reviews given", href: reviewed },
                { measure: "review-load", statistic: "top-share", label: "Share of the busiest reviewer" },
                { measure: "review-load", statistic: "gini", label: "Concentration (Gini: 0% even, 100% one alone)" },
              ]}
            />
          )}
        </Part>
        <Part loaded={answers} height="6.5rem" title="Turnaround">
          {(answer) => (
            <Figures
              answer={answer}
              title="Turnaround"
              figures={[
                { measure: "turnaround", statistic: "p50", label: "Turnaround, median", href: reviewed },
                { measure: "turnaround", statistic: "p90", label: "Turnaround, p90" },
              ]}
            />
          )}
        </Part>
        <Part loaded={depth} height="6.5rem" title="Depth">
          {(answer) => (
            <Figures
              answer={answer}
              title="Depth"
              figures={[
                { measure: "review-comments", statistic: "p50", label: "Review comments, median", href: merged },
                { measure: "review-depth", statistic: "p50", label: "Comments per 100 lines, median", href: merged },
                { measure: "rounds", statistic: "p90", label: "Rounds, p90", href: behind({ state: "merged", sort: "-rounds" }) },
              ]}
            />
          )}
        </Part>
        <Part loaded={merges} height="6.5rem" title="Merges">
          {(answer) => (
            <Figures
              answer={answer}
              title="Merged past review"
              figures={MARKS.map((mark) => ({
                measure: mark.measure,
                statistic: "share",
                label: mark.label,
                href: behind({ state: "merged", mark: mark.measure }),
              }))}
            />
          )}
        </Part>
      </div>
      <div class="charts">
        <Part loaded={answersByWeek} height="24rem" title="Turnaround by week">
          {(answer) => (
            <WeekChart
              title="Turnaround by week"
              about="From being asked to the first answer of each reviewer: half took the p50 or less, one in ten more than the p90."
              answer={answer}
              kind="lines"
              series={[
                { measure: "turnaround", statistic: "p50", title: "p50", colour: "accent" },
                { measure: "turnaround", statistic: "p90", title: "p90", colour: "pickup" },
              ]}
              csv={{ path: answersByWeekPath, name: "turnaround-by-week" }}
            />
          )}
        </Part>
        <Part loaded={loadByWeek} height="24rem" title="Reviews by week">
          {(answer) => (
            <WeekChart
              title="Reviews by week"
              about="Reviews given; a pull request counts once for everybody who reviewed it, so more reviews than pull requests are behind a count."
              answer={answer}
              kind="bars"
              series={[{ measure: "review-load", statistic: "sum", title: "reviews", colour: "accent" }]}
              csv={{ path: loadByWeekPath, name: "reviews-by-week" }}
              behind={(from, until) =>
                desk.address("/pull-requests", { repository: period.repository, by: "reviewed", from, until })
              }
            />
          )}
        </Part>
      </div>
      <Part loaded={marksByPlace} height="16rem" title="Merged past review, by repository">
        {(answer) => (
          <ByTable
            title="Merged past review, by repository"
            about="Shares of merged pull requests; n is how many have a value."
            first="Repository"
            answer={answer}
            csv={{ path: marksByPlacePath, name: "merged-past-review" }}
            columns={MARKS.map((mark) => ({
              measure: mark.measure,
              statistic: "share",
              title: mark.title,
              behind: (repository: string) => behind({ state: "merged", repository, mark: mark.measure }),
            }))}
            rowLink={(repository) => behind({ state: "merged", repository })}
          />
        )}
      </Part>
      {hasTeams && (
        <Part loaded={teams} height="8rem" title="By team">
          {(answer) => (
            <ByTable
              title="By team"
              about="Reviews given by people of each team, whoever's pull request it was."
              first="Team"
              answer={answer}
              csv={{ path: teamsPath, name: "reviews-by-team" }}
              columns={[
                { measure: "review-load", statistic: "sum", title: "Reviews" },
                { measure: "turnaround", statistic: "p50", title: "Turnaround, median" },
              ]}
            />
          )}
        </Part>
      )}
      <Part loaded={people} height="8rem" title="By reviewer">
        {(answer) => (
          <ByTable
            title="By reviewer"
            about="Who carries how much, so that it can be shared; no score."
            first="Reviewer"
            answer={answer}
            csv={{ path: peoplePath, name: "reviews-by-reviewer" }}
            columns={[
              { measure: "review-load", statistic: "sum", title: "Reviews" },
              { measure: "turnaround", statistic: "p50", title: "Turnaround, median" },
            ]}
            rowLink={(_, id) => behind({ reviewer: id, by: "reviewed" })}
          />
        )}
      </Part>
      {isPersonal && (
        <Part loaded={pairs} height="16rem" title="Who reviews whom">
          {(answer) => <WhoReviewsWhom answer={answer} csv={{ path: pairsPath, name: "who-reviews-whom" }} behind={behind} />}
        </Part>
      )}
    </>
  );
}

export default function ReviewsPage(): JSX.Element {
  return <WithWorkspace title="Reviews">{(desk) => <Content desk={desk} />}</WithWorkspace>;
}

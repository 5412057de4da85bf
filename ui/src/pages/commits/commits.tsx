// Commits: how much is committed, how much of it is rework, which files change most, who knows what.
import type { JSX } from "preact";

import { queryText } from "../../api/client";
import type { MeasureTable } from "../../api/measures";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { ByTable, Figures, Note, Part, measurePath } from "../../components/measured";
import { ScopeBar, scopeQuery, useScope } from "../../components/scope";
import { WeekChart } from "../../components/week_chart";
import { type Desk, WithWorkspace } from "../../components/workspace";
import { HotFileList, type HotFiles, type Knowledge, KnowledgeList } from "./lists";

function Content(props: { desk: Desk }): JSX.Element {
  const { desk } = props;
  const scope = useScope();
  const period = scopeQuery(scope, []);
  const path = (question: Record<string, string>): string => measurePath(desk, period, question);
  const place = queryText({ workspace: desk.workspace.slug, repository: period.repository });

  const allPath = path({ measures: "commits,commit-authors,commit-lines,rework" });
  const weekPath = path({ measures: "commits", statistics: "sum", by: "week" });
  const reworkPath = path({ measures: "rework", statistics: "share", by: "week" });
  const placePath = path({ measures: "commits,commit-authors,commit-lines,rework", by: "repository" });

  const all = useLoad<MeasureTable>(allPath);
  const weeks = useLoad<MeasureTable>(weekPath);
  const rework = useLoad<MeasureTable>(reworkPath);
  const places = useLoad<MeasureTable>(placePath);
  const hotPath = `/code/hot${place}`;
  const knowledgePath = `/code/knowledge${place}`;
  const hot = useLoad<HotFiles>(hotPath);
  const knowledge = useLoad<Knowledge>(knowledgePath);
  useFresh(() => {
    for (const one of [all, weeks, rework, places, hot, knowledge]) one.reload();
  }, desk.workspace.complete);

  return (
    <>
      <div>
        <h1>Commits</h1>
        <p class="soft">By author date, in {period.days} days; merge commits and bots do not count.</p>
      </div>
      <ScopeBar desk={desk} scope={scope} />
      <Part loaded={all} height="6.5rem" title="Commits">
        {(answer) => (
          <div class="stack">
            <Figures
              answer={answer}
              title="Key numbers of commits"
              figures={[
                { measure: "commits", statistic: "sum", label: "Commits" },
                { measure: "commit-authors", statistic: "sum", label: "People who committed" },
                { measure: "commit-lines", statistic: "p50", label: "Lines per commit, median" },
                { measure: "rework", statistic: "share", label: "Rework" },
              ]}
            />
            <Note answer={answer} />
          </div>
        )}
      </Part>
      <div class="charts">
        <Part loaded={weeks} height="24rem" title="Commits by week">
          {(answer) => (
            <WeekChart
              title="Commits by week"
              about="The first and the last week may be cut off by the period."
              answer={answer}
              kind="bars"
              series={[{ measure: "commits", statistic: "sum", title: "commits", colour: "accent" }]}
              csv={{ path: weekPath, name: "commits-by-week" }}
            />
          )}
        </Part>
        <Part loaded={rework} height="24rem" title="Rework by week">
          {(answer) => (
            <WeekChart
              title="Rework by week"
              about="Share of changed lines that replace lines younger than 21 days, of changes that landed on main branches."
              answer={answer}
              kind="lines"
              series={[{ measure: "rework", statistic: "share", title: "rework", colour: "accent" }]}
              csv={{ path: reworkPath, name: "rework-by-week" }}
            />
          )}
        </Part>
      </div>
      <Part loaded={places} height="16rem" title="By repository">
        {(answer) => (
          <ByTable
            title="By repository"
            about="n of commits is commits, n of rework is changes that landed on the main branch."
            first="Repository"
            answer={answer}
            csv={{ path: placePath, name: "commits-by-repository" }}
            columns={[
              { measure: "commits", statistic: "sum", title: "Commits" },
              { measure: "commit-authors", statistic: "sum", title: "People" },
              { measure: "commit-lines", statistic: "p50", title: "Lines, median" },
              { measure: "rework", statistic: "share", title: "Rework" },
            ]}
            rowLink={(repository) => desk.address("/commits", { days: period.days, repository })}
          />
        )}
      </Part>
      <Part loaded={hot} height="30rem" title="Files that change most">
        {(list) => <HotFileList list={list} path={hotPath} />}
      </Part>
      <Part loaded={knowledge} height="30rem" title="Knowledge">
        {(list) => <KnowledgeList list={list} path={knowledgePath} />}
      </Part>
    </>
  );
}

export default function CommitsPage(): JSX.Element {
  return <WithWorkspace title="Commits">{(desk) => <Content desk={desk} />}</WithWorkspace>;
}

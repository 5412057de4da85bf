// Delivery: how often changes reach production, how long they take, how often that fails and how soon it is mended.
import type { JSX } from "preact";

import type { MeasureTable } from "../../api/measures";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { ByTable, Figures, Note, Part, measurePath } from "../../components/measured";
import { ScopeBar, scopeQuery, useScope } from "../../components/scope";
import { WeekChart } from "../../components/week_chart";
import { type Desk, WithWorkspace } from "../../components/workspace";

/** Whether any of the cells has a value: nothing known is not the same as nothing done. */
function isKnown(answer: MeasureTable, measure: string): boolean {
  return answer.rows.some((row) => {
    const cell = row.cells.find((one) => one.measure === measure);
    return cell !== undefined && cell.value !== null;
  });
}

function NotKnown(): JSX.Element {
  return (
    <section class="card stack tight" aria-labelledby="not-known">
      <h2 id="not-known">Not known yet</h2>
      <p>
        Bitbucket tells of no deployment to production here. Plumbline learns of deployments where a pipeline names an
        environment of the kind production.
      </p>
      <p>
        Where each merge into the main branch, or each pipeline on it, is a release, an operator says so for a
        repository, a project or a pattern:
      </p>
      <pre class="code" tabIndex={0} aria-label="Command">
        {"plumbline releases set PATTERN merge\nplumbline releases set PATTERN pipelines"}
      </pre>
    </section>
  );
}

function Content(props: { desk: Desk }): JSX.Element {
  const { desk } = props;
  const scope = useScope();
  const period = scopeQuery(scope, []);
  const path = (question: Record<string, string>): string => measurePath(desk, period, question);
  const released = (more: Record<string, string | null> = {}): string =>
    desk.address("/pull-requests", { ...period, by: "released", sort: "-merged", ...more });

  const measures = "deployments,lead-time,change-failure-rate,recovery-time";
  const allPath = path({ measures });
  const weekPath = path({ measures: "deployments", statistics: "sum", by: "week" });
  const leadPath = path({ measures: "lead-time", statistics: "p50,p90", by: "week" });
  const failurePath = path({ measures: "change-failure-rate", statistics: "share", by: "week" });
  const environmentPath = path({ measures: "deployments,change-failure-rate,recovery-time", by: "environment" });
  const placePath = path({ measures, by: "repository" });

  const all = useLoad<MeasureTable>(allPath);
  const weeks = useLoad<MeasureTable>(weekPath);
  const lead = useLoad<MeasureTable>(leadPath);
  const failures = useLoad<MeasureTable>(failurePath);
  const environments = useLoad<MeasureTable>(environmentPath);
  const places = useLoad<MeasureTable>(placePath);
  useFresh(() => {
    for (const one of [all, weeks, lead, failures, environments, places]) one.reload();
  }, desk.workspace.complete);

  const isSilent = all.value !== null && !isKnown(all.value, "deployments") && !isKnown(all.value, "lead-time");
  return (
    <>
      <div>
        <h1>Delivery</h1>
        <p class="soft">What reached production in {period.days} days.</p>
      </div>
      <ScopeBar desk={desk} scope={scope} />
      <Part loaded={all} height="12rem" title="Delivery">
        {(answer) =>
          isSilent ? (
            <NotKnown />
          ) : (
            <div class="stack">
              <Figures
                answer={answer}
                title="Key numbers of delivery"
                figures={[
                  { measure: "deployments", statistic: "sum", label: "Deployments to production", href: released() },
                  { measure: "lead-time", statistic: "p50", label: "Lead time for changes, median", href: released() },
                  { measure: "change-failure-rate", statistic: "share", label: "Change failure rate" },
                  { measure: "recovery-time", statistic: "p50", label: "Recovery time, median" },
                ]}
              />
              <Note answer={answer} />
            </div>
          )
        }
      </Part>
      {!isSilent && (
        <>
          <div class="charts">
            <Part loaded={weeks} height="27rem" title="Deployments by week">
              {(answer) => (
                <WeekChart
                  title="Deployments by week"
                  about="Deployments to production that succeeded. The first and the last week may be cut off by the period."
                  answer={answer}
                  kind="bars"
                  series={[{ measure: "deployments", statistic: "sum", title: "deployments", colour: "accent" }]}
                  csv={{ path: weekPath, name: "deployments-by-week" }}
                />
              )}
            </Part>
            <Part loaded={lead} height="27rem" title="Lead time by week">
              {(answer) => (
                <WeekChart
                  title="Lead time by week"
                  about="From the first commit to the release, of pull requests by the week of their release."
                  answer={answer}
                  kind="lines"
                  series={[
                    { measure: "lead-time", statistic: "p50", title: "p50", colour: "accent" },
                    { measure: "lead-time", statistic: "p90", title: "p90", colour: "pickup" },
                  ]}
                  csv={{ path: leadPath, name: "lead-time-by-week" }}
                  behind={(from, until) =>
                    desk.address("/pull-requests", { repository: period.repository, by: "released", from, until })
                  }
                />
              )}
            </Part>
            <Part loaded={failures} height="27rem" title="Change failure rate by week">
              {(answer) => (
                <WeekChart
                  title="Change failure rate by week"
                  about="Share of deployments to production that failed or were rolled back."
                  answer={answer}
                  kind="lines"
                  series={[
                    { measure: "change-failure-rate", statistic: "share", title: "failure rate", colour: "accent" },
                  ]}
                  csv={{ path: failurePath, name: "change-failure-rate-by-week" }}
                />
              )}
            </Part>
          </div>
          <Part loaded={environments} height="12rem" title="By environment">
            {(answer) => (
              <ByTable
                title="By environment"
                about="All environments that Bitbucket tells of."
                first="Environment"
                answer={answer}
                csv={{ path: environmentPath, name: "delivery-by-environment" }}
                columns={[
                  { measure: "deployments", statistic: "sum", title: "Deployments" },
                  { measure: "change-failure-rate", statistic: "share", title: "Failure rate" },
                  { measure: "recovery-time", statistic: "p50", title: "Recovery, median" },
                ]}
              />
            )}
          </Part>
          <Part loaded={places} height="16rem" title="By repository">
            {(answer) => (
              <ByTable
                title="By repository"
                about="To production; a repository of which no deployment is known has no numbers here."
                first="Repository"
                answer={answer}
                csv={{ path: placePath, name: "delivery-by-repository" }}
                columns={[
                  { measure: "deployments", statistic: "sum", title: "Deployments" },
                  {
                    measure: "lead-time",
                    statistic: "p50",
                    title: "Lead time, median",
                    behind: (repository) => released({ repository }),
                  },
                  { measure: "change-failure-rate", statistic: "share", title: "Failure rate" },
                  { measure: "recovery-time", statistic: "p50", title: "Recovery, median" },
                ]}
                rowLink={(repository) => desk.address("/delivery", { days: period.days, repository })}
              />
            )}
          </Part>
        </>
      )}
    </>
  );
}

export default function DeliveryPage(): JSX.Element {
  return <WithWorkspace title="Delivery">{(desk) => <Content desk={desk} />}</WithWorkspace>;
}

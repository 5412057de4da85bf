// How pull requests flow: where their time goes, how it spreads, how many get through.
import type { JSX } from "preact";

import type { Query } from "../../api/client";
import type { CycleChange, CycleTimes, MeasureTable } from "../../api/measures";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { Part } from "../../components/measured";
import { Empty } from "../../components/parts";
import { ScopeBar, useScope } from "../../components/scope";
import { manyText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import type { PageProps } from "../pages";
import { ByPlace } from "./by_place";
import { ChangeChart } from "./change";
import { PercentileChart, PhaseChart, ThroughputChart } from "./charts";
import { CHOICES, PHASE_MEASURES, queryPath, scopePath } from "./question";
import { DistributionChart, ScatterChart } from "./spread";

function Content(props: { desk: Desk }): JSX.Element {
  const { desk } = props;
  const scope = useScope();
  const workspace = desk.workspace.slug;
  const path = (measures: string[], statistics: string[], by: string): string =>
    queryPath(workspace, scope, measures, statistics, by);
  const behind = (more: Query): string =>
    desk.address("/pull-requests", { repository: scope.repository, team: scope.team, size: scope.size, ...more });
  const durations = ["cycle-time", ...PHASE_MEASURES];
  const phasesPath = path(durations, ["sum"], "week");
  const percentilesPath = path(["cycle-time"], ["p50", "p75", "p90"], "week");
  const repositoriesPath = path(durations, ["p50", "p75", "p90"], "repository");
  const teamsPath = path(durations, ["p50", "p75", "p90"], "team");
  const throughputPath = path(["merged", "opened", "declined"], ["n"], "week");
  const timesPath = scopePath("/cycle-times", workspace, scope);
  const changePath = scopePath("/cycle-time-change", workspace, scope);
  const phases = useLoad<MeasureTable>(phasesPath);
  const percentiles = useLoad<MeasureTable>(percentilesPath);
  const repositories = useLoad<MeasureTable>(repositoriesPath);
  const teams = useLoad<MeasureTable>(teamsPath);
  const throughput = useLoad<MeasureTable>(throughputPath);
  const times = useLoad<CycleTimes>(timesPath);
  const moved = useLoad<CycleChange>(changePath);
  useFresh(() => {
    for (const one of [phases, percentiles, repositories, teams, throughput, times, moved]) one.reload();
  }, desk.workspace.complete);
  const merged = throughput.value?.rows.reduce((sum, row) => sum + (row.cells[0]?.n ?? 0), 0);
  const counted = throughput.value?.rows.reduce((sum, row) => row.cells.reduce((all, cell) => all + cell.n, sum), 0);
  const hasTeams = teams.value?.rows.some((row) => row.key[0] !== "") ?? false;
  return (
    <>
      <div>
        <h1>Flow</h1>
        <p class="soft" role="status">
          {merged === undefined ? "\u00a0" : `${manyText(merged, "merged pull request")} in ${scope.days} days`}
          {scope.time === "working" && ", in working time"}
        </p>
      </div>
      <ScopeBar desk={desk} scope={scope} choices={CHOICES} />
      {merged === 0 && <Empty>Nothing was merged that fits these filters. A longer period may hold more.</Empty>}
      {merged !== 0 && (
        <Part loaded={moved} height="26rem" title="What moved the cycle time">
          {(told) => <ChangeChart told={told} csv={{ path: changePath, name: "cycle-time-change" }} behind={behind} desk={desk} />}
        </Part>
      )}
      <div class="charts">
        {merged !== 0 && (
          <>
            <Part loaded={phases} height="24rem" title="Phases by week">
              {(answer) => <PhaseChart answer={answer} csv={{ path: phasesPath, name: "phases-by-week" }} behind={behind} />}
            </Part>
            <Part loaded={percentiles} height="24rem" title="Cycle time by week">
              {(answer) => (
                <PercentileChart answer={answer} csv={{ path: percentilesPath, name: "cycle-time-by-week" }} behind={behind} />
              )}
            </Part>
          </>
        )}
        {counted !== 0 && (
          <Part loaded={throughput} height="24rem" title="Throughput by week">
            {(answer) => <ThroughputChart answer={answer} csv={{ path: throughputPath, name: "throughput-by-week" }} behind={behind} />}
          </Part>
        )}
        {merged !== 0 && (
          <>
            <Part loaded={times} height="24rem" title="Distribution of the cycle time">
              {(answer) => <DistributionChart times={answer} behind={(more) => behind({ days: scope.days, ...more })} />}
            </Part>
            <Part loaded={times} height="24rem" title="Size against cycle time">
              {(answer) => <ScatterChart times={answer} csv={{ path: timesPath, name: "cycle-times" }} desk={desk} />}
            </Part>
          </>
        )}
      </div>
      {merged !== 0 && (
        <Part loaded={repositories} height="18rem" title="By repository">
          {(answer) => (
            <ByPlace
              answer={answer}
              by="repository"
              scope={scope}
              desk={desk}
              behind={behind}
              csv={{ path: repositoriesPath, name: "cycle-time-by-repository" }}
            />
          )}
        </Part>
      )}
      {merged !== 0 && hasTeams && (
        <Part loaded={teams} height="12rem" title="By team">
          {(answer) => (
            <ByPlace
              answer={answer}
              by="team"
              scope={scope}
              desk={desk}
              behind={behind}
              csv={{ path: teamsPath, name: "cycle-time-by-team" }}
            />
          )}
        </Part>
      )}
    </>
  );
}

export default function FlowPage(_: PageProps): JSX.Element {
  return <WithWorkspace title="Flow">{(desk) => <Content desk={desk} />}</WithWorkspace>;
}

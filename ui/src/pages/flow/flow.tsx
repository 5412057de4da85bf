// How pull requests flow: where their time goes, how it spreads, how many get through.
import type { JSX } from "preact";

import { type Query, queryText } from "../../api/client";
import type { MeasureTable, Report, RepositoryRow } from "../../api/measures";
import { useFresh } from "../../components/live";
import { type Loaded, useLoad } from "../../components/load";
import { Empty, Failure, Skeleton } from "../../components/parts";
import { type Option, Select } from "../../components/select";
import { manyText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import { setQuery, usePlace } from "../../router";
import type { PageProps } from "../pages";
import { ByRepository } from "./by_repository";
import { DistributionChart, PercentileChart, PhaseChart, ThroughputChart } from "./charts";
import { DAYS, type Filters, PHASE_MEASURES, queryPath, readFilters } from "./question";

function withAll(values: Option[], chosen: string): Option[] {
  const isKnown = chosen === "" || values.some((one) => one.value === chosen);
  return [{ value: "", text: "all" }, ...values, ...(isKnown ? [] : [{ value: chosen, text: chosen }])];
}

function FilterBar(props: { filters: Filters; desk: Desk; sizes: Option[] }): JSX.Element {
  const { filters } = props;
  const workspace = props.desk.workspace.slug;
  const repositories = useLoad<{ items: RepositoryRow[] }>(`/repositories${queryText({ workspace })}`);
  const teams = useLoad<MeasureTable>(
    `/query${queryText({ workspace, measures: "merged", statistics: "n", by: "team", days: 730 })}`,
  );
  const repositoryOptions = (repositories.value?.items ?? [])
    .filter((one) => one.selected)
    .map((one) => ({ value: one.full_name, text: one.full_name }));
  const teamOptions = (teams.value?.rows ?? [])
    .filter((row) => row.key[0] !== "")
    .map((row) => ({ value: row.label[0], text: row.label[0] }));
  return (
    <div class="filters" role="search" aria-label="Pull requests that count">
      <Select
        label="Period"
        value={String(filters.days)}
        options={DAYS.map((days) => ({ value: String(days), text: `${days} days` }))}
        onChange={(days) => setQuery({ days })}
      />
      <Select
        label="Repository"
        value={filters.repository}
        options={withAll(repositoryOptions, filters.repository)}
        onChange={(repository) => setQuery({ repository })}
      />
      {(teamOptions.length > 0 || filters.team !== "") && (
        <Select
          label="Team"
          value={filters.team}
          options={withAll(teamOptions, filters.team)}
          onChange={(team) => setQuery({ team })}
        />
      )}
      <Select
        label="Size"
        value={filters.size}
        options={withAll(props.sizes, filters.size)}
        onChange={(size) => setQuery({ size })}
      />
      <Select
        label="Time"
        value={filters.time}
        options={[
          { value: "wall", text: "by the clock" },
          { value: "working", text: "working time" },
        ]}
        onChange={(time) => setQuery({ time: time === "wall" ? null : time })}
      />
    </div>
  );
}

/** A part of the page that stands on one answer: its place is kept while it comes. */
function Part(props: {
  loaded: Loaded<MeasureTable>;
  height: string;
  children: (answer: MeasureTable) => JSX.Element;
}): JSX.Element {
  const { value, error, isLoading, reload } = props.loaded;
  if (error !== null) return <Failure error={error} retry={reload} />;
  if (value === null) return <Skeleton height={props.height} />;
  return <div aria-busy={isLoading}>{props.children(value)}</div>;
}

/** From the report, which knows repository and period; under other filters it would disagree with its neighbours. */
function Distribution(props: { report: Loaded<Report>; filters: Filters }): JSX.Element {
  const { report, filters } = props;
  if (filters.team !== "" || filters.size !== "" || filters.time !== "wall")
    return (
      <Empty>
        The distribution of the cycle time is known by repository and period, by the clock; it is not drawn while a team,
        a size or working time is chosen. The percentiles above follow every filter.
      </Empty>
    );
  if (report.error !== null) return <Failure error={report.error} retry={report.reload} />;
  if (report.value === null) return <Skeleton height="24rem" />;
  return <DistributionChart classes={report.value.cycle_time_distribution} />;
}

function Content(props: { desk: Desk }): JSX.Element {
  const { desk } = props;
  const { query } = usePlace();
  const filters = readFilters(query);
  const workspace = desk.workspace.slug;
  const path = (measures: string[], statistics: string[], by: string): string =>
    queryPath(workspace, filters, measures, statistics, by);
  const behind = (more: Query): string =>
    desk.address("/pull-requests", {
      repository: filters.repository,
      team: filters.team,
      size: filters.size,
      ...more,
    });
  const durations = ["cycle-time", ...PHASE_MEASURES];
  const phasesPath = path(durations, ["sum"], "week");
  const percentilesPath = path(["cycle-time"], ["p50", "p75", "p90"], "week");
  const repositoriesPath = path(durations, ["p50", "p75", "p90"], "repository");
  const throughputPath = path(["merged", "opened", "declined"], ["n"], "week");
  const phases = useLoad<MeasureTable>(phasesPath);
  const percentiles = useLoad<MeasureTable>(percentilesPath);
  const repositories = useLoad<MeasureTable>(repositoriesPath);
  const throughput = useLoad<MeasureTable>(throughputPath);
  const report = useLoad<Report>(
    `/report${queryText({ workspace, days: filters.days, repository: filters.repository })}`,
  );
  useFresh(() => {
    for (const one of [phases, percentiles, repositories, throughput, report]) one.reload();
  }, desk.workspace.complete);
  const merged = throughput.value?.rows.reduce((sum, row) => sum + (row.cells[0]?.n ?? 0), 0);
  const counted = throughput.value?.rows.reduce((sum, row) => row.cells.reduce((all, cell) => all + cell.n, sum), 0);
  const sizes = (report.value?.size_classes ?? []).map((one) => ({ value: one.key, text: one.label }));
  return (
    <>
      <div>
        <h1>Flow</h1>
        <p class="soft" role="status">
          {merged === undefined ? "\u00a0" : `${manyText(merged, "merged pull request")} in ${filters.days} days`}
          {filters.time === "working" && ", in working time"}
        </p>
      </div>
      <FilterBar filters={filters} desk={desk} sizes={sizes} />
      {merged === 0 && <Empty>Nothing was merged that fits these filters. A longer period may hold more.</Empty>}
      <div class="charts">
        {merged !== 0 && (
          <>
            <Part loaded={phases} height="24rem">
              {(answer) => <PhaseChart answer={answer} csv={{ path: phasesPath, name: "phases-by-week" }} behind={behind} />}
            </Part>
            <Part loaded={percentiles} height="24rem">
              {(answer) => (
                <PercentileChart answer={answer} csv={{ path: percentilesPath, name: "cycle-time-by-week" }} behind={behind} />
              )}
            </Part>
          </>
        )}
        {counted !== 0 && (
          <Part loaded={throughput} height="24rem">
            {(answer) => <ThroughputChart answer={answer} csv={{ path: throughputPath, name: "throughput-by-week" }} behind={behind} />}
          </Part>
        )}
        {merged !== 0 && <Distribution report={report} filters={filters} />}
      </div>
      {merged !== 0 && (
        <Part loaded={repositories} height="18rem">
          {(answer) => (
            <ByRepository
              answer={answer}
              filters={filters}
              desk={desk}
              behind={behind}
              csv={{ path: repositoriesPath, name: "cycle-time-by-repository" }}
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

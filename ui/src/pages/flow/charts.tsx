// The charts of the page. Each is drawn from the same answer as its table.
import type { JSX } from "preact";
import { useCallback } from "preact/hooks";

import type { Query } from "../../api/client";
import type { MeasureTable } from "../../api/measures";
import { Chart, type Frame, type Plot } from "../../components/chart";
import type { Csv } from "../../components/csv";
import {
  type WeekRow,
  cellOf,
  cellText,
  clockOf,
  lastOf,
  phasesOf,
  scaleOf,
  ticksOf,
  unitFor,
  weeksOf,
} from "../../components/shape";
import { nextMonday } from "../../components/week_chart";
import { countText, dayText, manyText, valueText } from "../../components/words";
import { PHASE_MEASURES } from "./question";

const TICK_WIDTH = 64; // px that the name of a week takes
const PHASES = ["coding", "pickup", "review", "merge"];
const PHASE_COLOURS = PHASES.map((phase) => `var(--phase-${phase})`);

function bandOf(mondays: string[], frame: Frame): object {
  return {
    type: "band",
    domain: mondays,
    ticks: ticksOf(mondays, frame.width / TICK_WIDTH),
    tickFormat: dayText,
    tickSize: 0,
    label: null,
    padding: 0.25,
  };
}

function sumOf(weeks: WeekRow[], measure: string, statistic: string): number {
  return weeks.reduce((sum, week) => sum + (cellOf(week.cells, measure, statistic)?.n ?? 0), 0);
}

/** The address of the pull requests behind a count, under the filters of the page. */
export type Behind = (more: Query) => string;

/** Where a count of a week leads: @by says by which instant a pull request belongs to it. */
interface WeekBehind {
  address: Behind;
  by: "merged" | "opened" | "declined";
  more?: Query;
}

function weekAddress(behind: WeekBehind, monday: string): string {
  const { address, by, more } = behind;
  const state = by === "opened" ? {} : { state: by };
  return address({ by, from: monday, until: nextMonday(monday), ...state, ...more });
}

/** Those with a cycle time: the others are in no mean and no percentile. */
const WITH_CYCLE_TIME = { longer: 0 };

interface Column {
  title: string;
  text: (week: WeekRow) => string;
  behind?: WeekBehind;
}

function CountOrText(props: { column: Column; week: WeekRow; isFirst: boolean }): JSX.Element {
  const { column, week } = props;
  const text = column.text(week);
  // The first week may be cut off by the period; its list would hold more than its count.
  if (!column.behind || props.isFirst || text === "0") return <>{text}</>;
  return <a href={weekAddress(column.behind, week.monday)}>{text}</a>;
}

/** Charts lead where their tables do. */
function followWeek(weeks: WeekRow[], behind: WeekBehind): (datum: { monday: string }) => string | null {
  return ({ monday }) => (monday === weeks[0]?.monday ? null : weekAddress(behind, monday));
}

/** A table by week: a column for each measure and statistic, and n. */
function WeekTable(props: { weeks: WeekRow[]; columns: Column[] }): JSX.Element {
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Week from</th>
          {props.columns.map((column) => (
            <th key={column.title} scope="col" class="right">
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.weeks.map((week, i) => (
          <tr key={week.monday}>
            <th scope="row" class="nowrap">
              {dayText(week.monday)}
            </th>
            {props.columns.map((column) => (
              <td key={column.title} class="right">
                <CountOrText column={column} week={week} isFirst={i === 0} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function spanCell(week: WeekRow, measure: string, statistic: string): string {
  return cellText(cellOf(week.cells, measure, statistic));
}

function countCell(week: WeekRow, measure: string, statistic: string): string {
  return String(cellOf(week.cells, measure, statistic)?.n ?? 0);
}

export function PhaseChart(props: { answer: MeasureTable; csv: Csv; behind: Behind }): JSX.Element {
  const weeks = weeksOf(props.answer);
  const shares = phasesOf(weeks, PHASE_MEASURES);
  const draw = useCallback(
    (plot: Plot, frame: Frame) => {
      const rows = phasesOf(weeksOf(props.answer), PHASE_MEASURES);
      const longest = rows.reduce((sums, row) => {
        sums.set(row.monday, (sums.get(row.monday) ?? 0) + row.seconds);
        return sums;
      }, new Map<string, number>());
      const most = Math.max(0, ...longest.values());
      const unit = unitFor(most, clockOf(props.answer));
      return plot.plot({
        ...frame,
        marginLeft: 40,
        x: bandOf(weeksOf(props.answer).map((week) => week.monday), frame),
        y: { ...scaleOf(most / unit.seconds), label: unit.name },
        color: { domain: PHASES, range: PHASE_COLOURS },
        marks: [
          plot.barY(rows, {
            x: "monday",
            y: (row: { seconds: number }) => row.seconds / unit.seconds,
            fill: "phase",
            order: PHASES,
            insetTop: 0.5,
            title: (row: { phase: string; seconds: number; n: number; monday: string }) =>
              `Week from ${dayText(row.monday)}\n${row.phase}: ${valueText(row.seconds, "seconds", clockOf(props.answer))} on average, n ${row.n}`,
            tip: { format: { x: false, y: false, fill: false } },
          }),
          plot.ruleY([0]),
        ],
      });
    },
    [props.answer],
  );
  return (
    <Chart
      title="Phases by week, mean"
      about={`Mean time in each phase per merged pull request; the parts add up to the mean cycle time. ${manyText(sumOf(weeks, "cycle-time", "sum"), "merged pull request")}.`}
      legend={PHASES.map((phase) => ({ text: phase, className: `phase-${phase}` }))}
      draw={draw}
      follow={followWeek(weeks, { address: props.behind, by: "merged", more: WITH_CYCLE_TIME })}
      csv={props.csv}
      table={
        <WeekTable
          weeks={weeks}
          columns={[
            ...PHASES.map((phase) => ({
              title: phase,
              text: (week: WeekRow) => {
                const share = shares.find((one) => one.monday === week.monday && one.phase === phase);
                return valueText(share?.seconds ?? null, "seconds", clockOf(props.answer));
              },
            })),
            {
              title: "n",
              text: (week) => countCell(week, "cycle-time", "sum"),
              behind: { address: props.behind, by: "merged", more: WITH_CYCLE_TIME },
            },
          ]}
        />
      }
    />
  );
}

const PERCENTILES = ["p50", "p75", "p90"];

export function PercentileChart(props: { answer: MeasureTable; csv: Csv; behind: Behind }): JSX.Element {
  const weeks = weeksOf(props.answer);
  const draw = useCallback(
    (plot: Plot, frame: Frame) => {
      const clock = clockOf(props.answer);
      const rows = weeksOf(props.answer).flatMap(({ monday, cells }) =>
        PERCENTILES.flatMap((statistic) => {
          const cell = cellOf(cells, "cycle-time", statistic);
          return cell ? [{ monday, statistic, seconds: cell.value, n: cell.n }] : [];
        }),
      );
      const most = Math.max(0, ...rows.map((row) => row.seconds ?? 0));
      const unit = unitFor(most, clock);
      const y = (row: { seconds: number | null }): number | null =>
        row.seconds === null ? null : row.seconds / unit.seconds;
      return plot.plot({
        ...frame,
        marginLeft: 40,
        marginRight: 34,
        x: { ...bandOf(weeksOf(props.answer).map((week) => week.monday), frame), type: "point", padding: 0.5 },
        y: { ...scaleOf(most / unit.seconds), label: unit.name },
        color: { domain: PERCENTILES, range: PERCENTILES.map((one) => `var(--${one})`) },
        marks: [
          plot.ruleY([0]),
          plot.lineY(rows, { x: "monday", y, z: "statistic", stroke: "statistic", strokeWidth: 2 }),
          plot.dot(rows, {
            x: "monday",
            y,
            fill: "statistic",
            r: frame.width / rows.length < 5 ? 1.5 : 3, // three to a week
            title: (row: { statistic: string; seconds: number | null; n: number; monday: string }) =>
              `Week from ${dayText(row.monday)}\n${row.statistic}: ${valueText(row.seconds, "seconds", clock)}, n ${row.n}`,
            tip: { format: { x: false, y: false, fill: false } },
          }),
          plot.text(lastOf(rows.filter((row) => row.seconds !== null), "statistic"), {
            x: "monday",
            y,
            text: "statistic",
            dx: 6,
            textAnchor: "start",
          }),
        ],
      });
    },
    [props.answer],
  );
  return (
    <Chart
      title="Cycle time by week"
      about="From the first commit to the merge: half took the p50 or less, one in ten more than the p90."
      legend={PERCENTILES.map((one) => ({ text: one, className: `line-${one}` }))}
      draw={draw}
      follow={followWeek(weeks, { address: props.behind, by: "merged", more: WITH_CYCLE_TIME })}
      csv={props.csv}
      table={
        <WeekTable
          weeks={weeks}
          columns={[
            ...PERCENTILES.map((one) => ({ title: one, text: (week: WeekRow) => spanCell(week, "cycle-time", one) })),
            {
              title: "n",
              text: (week) => countCell(week, "cycle-time", "p50"),
              behind: { address: props.behind, by: "merged", more: WITH_CYCLE_TIME },
            },
          ]}
        />
      }
    />
  );
}

const FLOWS = ["opened", "merged", "declined"] as const;

export function ThroughputChart(props: { answer: MeasureTable; csv: Csv; behind: Behind }): JSX.Element {
  const weeks = weeksOf(props.answer);
  const draw = useCallback(
    (plot: Plot, frame: Frame) => {
      const rows = weeksOf(props.answer).map(({ monday, cells }) => ({
        monday,
        merged: cellOf(cells, "merged", "n")?.n ?? 0,
        opened: cellOf(cells, "opened", "n")?.n ?? 0,
        declined: cellOf(cells, "declined", "n")?.n ?? 0,
      }));
      return plot.plot({
        ...frame,
        marginLeft: 40,
        x: bandOf(rows.map((row) => row.monday), frame),
        y: {
          ...scaleOf(Math.max(0, ...rows.map((row) => Math.max(row.merged, row.opened))), true),
          label: "pull requests",
        },
        marks: [
          plot.barY(rows, {
            x: "monday",
            y: "merged",
            fill: "var(--accent)",
            title: (row: { monday: string; merged: number; opened: number; declined: number }) =>
              `Week from ${dayText(row.monday)}\n${row.merged} merged, ${row.opened} opened, ${row.declined} declined`,
            tip: { format: { x: false, y: false } },
          }),
          plot.tickY(rows, { x: "monday", y: "opened", stroke: "var(--phase-pickup)", strokeWidth: 3 }),
          plot.ruleY([0]),
        ],
      });
    },
    [props.answer],
  );
  return (
    <Chart
      title="Throughput by week"
      about={`${manyText(sumOf(weeks, "merged", "n"), "pull request")} merged, ${countText(sumOf(weeks, "opened", "n"))} opened, ${countText(sumOf(weeks, "declined", "n"))} declined. The first and the last week may be cut off by the period.`}
      legend={[
        { text: "merged", className: "is-accent" },
        { text: "opened", className: "phase-pickup" },
      ]}
      draw={draw}
      follow={followWeek(weeks, { address: props.behind, by: "merged" })}
      csv={props.csv}
      table={
        <WeekTable
          weeks={weeks}
          columns={FLOWS.map((flow) => ({
            title: flow,
            text: (week: WeekRow) => countCell(week, flow, "n"),
            behind: { address: props.behind, by: flow },
          }))}
        />
      }
    />
  );
}

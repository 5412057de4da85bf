// How the cycle time spreads: in classes, and each pull request by its size.
import type { JSX } from "preact";
import { useCallback } from "preact/hooks";

import type { CyclePoint, CycleTimes } from "../../api/measures";
import { Chart, type Frame, type Plot } from "../../components/chart";
import { scaleOf } from "../../components/shape";
import { countText, dateText, manyText, valueText } from "../../components/words";
import type { Desk } from "../../components/workspace";
import type { Behind } from "./charts";

const ROWS = 100; // of the table: the longest ones
const HOUR = 3600;
const LEAST = 60; // seconds; what took less is drawn here, for a logarithm has no 0

type Class = CycleTimes["classes"][number];

/** "2d", "4h": as somebody would type it into the filter. */
function spanParameter(seconds: number): string {
  if (seconds > 0 && seconds % 86400 === 0) return `${seconds / 86400}d`;
  return seconds % HOUR === 0 ? `${seconds / HOUR}h` : `${seconds}s`;
}

/** Those without a cycle time are in no class; said, so that the counts can be added up. */
function withoutText(times: CycleTimes): string {
  return times.absent > 0 ? ` ${manyText(times.absent, "more")} without known commits: not counted.` : "";
}

function clockText(times: CycleTimes): string {
  return times.clock === "working" ? "in working time" : "by the clock";
}

export function DistributionChart(props: { times: CycleTimes; behind: Behind }): JSX.Element {
  const { times } = props;
  const { classes } = times;
  const addressOf = (one: Class): string =>
    props.behind({
      state: "merged",
      longer: spanParameter(one.from),
      shorter: one.below === null ? null : spanParameter(one.below),
      time: times.clock === "working" ? "working" : null,
    });
  const draw = useCallback(
    (plot: Plot, frame: Frame) =>
      plot.plot({
        ...frame,
        marginLeft: 72,
        x: { ...scaleOf(Math.max(0, ...classes.map((one) => one.merged)), true), label: "pull requests" },
        y: { type: "band", domain: classes.map((one) => one.label), label: null, tickSize: 0, padding: 0.25 },
        marks: [
          plot.barX(classes, {
            x: "merged",
            y: "label",
            fill: "var(--accent)",
            title: (one: Class) => `${one.label}: ${manyText(one.merged, "pull request")}`,
            tip: { format: { x: false, y: false } },
          }),
          plot.text(classes, {
            x: "merged",
            y: "label",
            text: (one: Class) => (one.merged > 0 ? String(one.merged) : ""),
            textAnchor: "start",
            dx: 4,
          }),
          plot.ruleX([0]),
        ],
      }),
    [classes],
  );
  return (
    <Chart
      title="Distribution of the cycle time"
      about={`${manyText(times.n, "merged pull request")} by how long they took ${clockText(times)}.${withoutText(times)}`}
      draw={draw}
      follow={(one: Class) => (one.merged > 0 ? addressOf(one) : null)}
      csv={{
        name: "cycle-time-distribution",
        rows: [
          ["cycle_time", "from_seconds", "below_seconds", "merged"],
          ...classes.map((one) => [one.label, one.from, one.below ?? "", one.merged]),
        ],
      }}
      table={
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Cycle time</th>
              <th scope="col" class="right">
                Merged
              </th>
            </tr>
          </thead>
          <tbody>
            {classes.map((one) => (
              <tr key={one.label}>
                <th scope="row">{one.label}</th>
                <td class="right">{one.merged > 0 ? <a href={addressOf(one)}>{one.merged}</a> : 0}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
}

/** The powers of ten around all values: the ends of a logarithmic scale. */
function endsOf(values: number[]): [number, number] {
  const least = Math.floor(Math.log10(Math.min(...values, 1000)));
  const most = Math.ceil(Math.log10(Math.max(...values, 10 ** least)) + 1e-9);
  return [10 ** least, 10 ** Math.max(most, least + 1)];
}

function powersOf([least, most]: [number, number]): number[] {
  const powers: number[] = [];
  for (let power = Math.round(Math.log10(least)); power <= Math.round(Math.log10(most)); power++)
    powers.push(Number((10 ** power).toPrecision(1)));
  return powers;
}

function nameOf(point: CyclePoint): string {
  return `${point.repository.name} #${point.number}`;
}

export function ScatterChart(props: { times: CycleTimes; csv: { path: string; name: string }; desk: Desk }): JSX.Element {
  const { times, desk } = props;
  const drawn = times.items.filter((point) => point.lines !== null);
  const unknown = times.items.length - drawn.length;
  const addressOf = (point: CyclePoint): string =>
    desk.address(`/pull-requests/${point.repository.key}/${point.number}`);
  const draw = useCallback(
    (plot: Plot, frame: Frame) => {
      const points = times.items.filter((point) => point.lines !== null);
      const linesEnds = endsOf(points.map((point) => Math.max(1, point.lines ?? 1)));
      const hoursEnds = endsOf(points.map((point) => Math.max(LEAST, point.seconds) / HOUR));
      return plot.plot({
        ...frame,
        marginLeft: 48,
        marginRight: 12,
        x: {
          type: "log",
          domain: linesEnds,
          ticks: powersOf(linesEnds),
          tickFormat: (lines: number) => countText(lines),
          label: "lines changed",
          grid: true,
        },
        y: {
          type: "log",
          domain: hoursEnds,
          ticks: powersOf(hoursEnds),
          tickFormat: (hours: number) => (hours < 1 ? String(hours) : countText(hours)),
          label: "hours",
          grid: true,
        },
        marks: [
          plot.dot(points, {
            x: (point: CyclePoint) => Math.max(1, point.lines ?? 1),
            y: (point: CyclePoint) => Math.max(LEAST, point.seconds) / HOUR,
            r: points.length > 500 ? 2.5 : 3.5,
            fill: "var(--accent)",
            fillOpacity: 0.45,
            stroke: "var(--accent)",
            strokeWidth: 0.5,
            title: (point: CyclePoint) =>
              `${nameOf(point)}\n${valueText(point.seconds, "seconds", times.clock)}, ${manyText(point.lines ?? 0, "line")}\nmerged ${dateText(point.merged)}`,
            tip: { format: { x: false, y: false } },
          }),
        ],
      });
    },
    [times],
  );
  const longest = [...drawn].sort((a, b) => b.seconds - a.seconds).slice(0, ROWS);
  const newest = times.items.length < times.n ? `The newest ${countText(times.items.length)} of ${countText(times.n)}` : `All ${countText(times.n)}`;
  return (
    <Chart
      title="Size against cycle time"
      about={`${newest}, each a point, on logarithmic scales; ${clockText(times)}.${unknown > 0 ? ` ${countText(unknown)} of unknown size: not drawn.` : ""}${withoutText(times)}`}
      draw={draw}
      follow={addressOf}
      csv={props.csv}
      table={
        <table class="table">
          <caption>{drawn.length > ROWS ? `The ${ROWS} that took longest; the CSV has all.` : "The longest first."}</caption>
          <thead>
            <tr>
              <th scope="col">Pull request</th>
              <th scope="col" class="right">
                Lines
              </th>
              <th scope="col" class="right">
                Cycle time
              </th>
            </tr>
          </thead>
          <tbody>
            {longest.map((point) => (
              <tr key={nameOf(point)}>
                <th scope="row">
                  <a href={addressOf(point)}>{nameOf(point)}</a>
                </th>
                <td class="right">{countText(point.lines ?? 0)}</td>
                <td class="right nowrap">{valueText(point.seconds, "seconds", times.clock)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
}

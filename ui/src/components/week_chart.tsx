// One measure by week, drawn and as a table whose counts lead to what is behind them.
import type { JSX } from "preact";
import { useCallback } from "preact/hooks";

import type { MeasureTable } from "../api/measures";
import { Chart, type Frame, type LegendEntry, type Plot } from "./chart";
import { cellOf, cellText, clockOf, lastOf, scaleOf, ticksOf, unitFor, weeksOf } from "./shape";
import { dayText, shareText, valueText } from "./words";

const TICK_WIDTH = 64; // px that the name of a week takes
const DAY = 86400000;

interface Point {
  monday: string;
  series: string;
  value: number | null; // in the chart's unit
  text: string;
  n: number;
}

/** What a line of the chart is: a statistic, of the one measure or of one of several. */
export interface Series {
  measure: string;
  statistic: string;
  title: string;
  colour: "accent" | "merge" | "pickup";
}

const COLOURS: Record<Series["colour"], string> = {
  accent: "var(--accent)",
  merge: "var(--phase-merge)",
  pickup: "var(--phase-pickup)",
};
const SWATCHES: Record<Series["colour"], string> = {
  accent: "is-accent",
  merge: "phase-merge",
  pickup: "phase-pickup",
};

/** The Monday after, as a date. */
export function nextMonday(monday: string): string {
  return new Date(Date.parse(`${monday}T00:00:00Z`) + 7 * DAY).toISOString().slice(0, 10);
}

export function WeekChart(props: {
  title: string;
  about: string;
  answer: MeasureTable;
  series: Series[];
  kind: "bars" | "lines";
  csv: { path: string; name: string };
  /** What is behind the count of a week; the first week may be cut off, so it has no link. */
  behind?: (from: string, until: string) => string;
}): JSX.Element {
  const { answer, series, kind } = props;
  const weeks = weeksOf(answer);
  const draw = useCallback(
    (plot: Plot, frame: Frame) => {
      const clock = clockOf(answer);
      const cells = answer.rows.flatMap((row) => row.cells);
      const isSpan = cells.some((cell) => cell.unit === "seconds");
      const isShare = cells.some((cell) => cell.unit === "share");
      const unit = unitFor(Math.max(0, ...cells.map((cell) => cell.value ?? 0)), clock);
      const points: Point[] = weeksOf(answer).flatMap(({ monday, cells: ofWeek }) =>
        series.map((one) => {
          const cell = cellOf(ofWeek, one.measure, one.statistic);
          const value = cell?.value ?? null;
          return {
            monday,
            series: one.title,
            value: value === null ? null : isSpan ? value / unit.seconds : value,
            text: valueText(value, cell?.unit ?? "count", clock),
            n: cell?.n ?? 0,
          };
        }),
      );
      const mondays = answer.rows.map((row) => row.key[0]);
      const title = (point: Point): string =>
        `Week from ${dayText(point.monday)}\n${point.series}: ${point.text}, n ${point.n}`;
      const tip = { format: { x: false, y: false, fill: false } };
      return plot.plot({
        ...frame,
        marginLeft: 44,
        ...(series.length > 1 && kind === "lines" ? { marginRight: 34 } : {}),
        x: {
          type: kind === "bars" ? "band" : "point",
          domain: mondays,
          ticks: ticksOf(mondays, frame.width / TICK_WIDTH),
          tickFormat: dayText,
          tickSize: 0,
          label: null,
          padding: kind === "bars" ? 0.25 : 0.5,
        },
        y: {
          ...scaleOf(Math.max(0, ...points.map((point) => point.value ?? 0))),
          label: isSpan ? unit.name : isShare ? "share" : (series[0]?.title ?? null),
          ...(isShare ? { tickFormat: shareText } : {}),
        },
        color: { domain: series.map((one) => one.title), range: series.map((one) => COLOURS[one.colour]) },
        marks:
          kind === "bars"
            ? [plot.barY(points, { x: "monday", y: "value", fill: "series", title, tip }), plot.ruleY([0])]
            : [
                plot.ruleY([0]),
                plot.lineY(points, { x: "monday", y: "value", z: "series", stroke: "series", strokeWidth: 2 }),
                plot.dot(points, {
                  x: "monday",
                  y: "value",
                  fill: "series",
                  r: frame.width / points.length < 5 ? 1.5 : 3,
                  title,
                  tip,
                }),
                ...(series.length > 1
                  ? [
                      plot.text(lastOf(points.filter((point) => point.value !== null), "series"), {
                        x: "monday",
                        y: "value",
                        text: "series",
                        dx: 6,
                        textAnchor: "start",
                      }),
                    ]
                  : []),
              ],
      });
    },
    [answer],
  );
  const legend: LegendEntry[] = series.map((one) => ({ text: one.title, className: SWATCHES[one.colour] }));
  return (
    <Chart
      title={props.title}
      about={props.about}
      {...(series.length > 1 ? { legend } : {})}
      draw={draw}
      {...(props.behind
        ? {
            follow: (point: Point) =>
              point.n > 0 && point.monday !== weeks[0]?.monday
                ? (props.behind?.(point.monday, nextMonday(point.monday)) ?? null)
                : null,
          }
        : {})}
      csv={props.csv}
      table={
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Week from</th>
              {series.map((one) => (
                <th key={one.title} scope="col" class="right">
                  {one.title}
                </th>
              ))}
              <th scope="col" class="right">
                n
              </th>
            </tr>
          </thead>
          <tbody>
            {weeks.map((week, i) => {
              const [first] = series;
              const n = first ? (cellOf(week.cells, first.measure, first.statistic)?.n ?? 0) : 0;
              return (
                <tr key={week.monday}>
                  <th scope="row" class="nowrap">
                    {dayText(week.monday)}
                  </th>
                  {series.map((one) => (
                    <td key={one.title} class="right">
                      {cellText(cellOf(week.cells, one.measure, one.statistic))}
                    </td>
                  ))}
                  <td class="right">
                    {props.behind && i > 0 && n > 0 ? (
                      <a href={props.behind(week.monday, nextMonday(week.monday))}>{n}</a>
                    ) : (
                      n
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      }
    />
  );
}

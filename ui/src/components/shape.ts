// Answers of the query, brought into the shapes that charts and tables take.
import type { Cell, MeasureTable } from "../api/measures";
import { valueText } from "./words";

export function cellOf(cells: Cell[], measure: string, statistic: string): Cell | undefined {
  return cells.find((cell) => cell.measure === measure && cell.statistic === statistic);
}

export function cellText(cell: Cell | undefined): string {
  return cell ? valueText(cell.value, cell.unit, cell.clock) : "–";
}

export type Clock = Cell["clock"];

/** What an answer's durations are measured by. */
export function clockOf(table: MeasureTable): Clock {
  return table.rows[0]?.cells.some((cell) => cell.clock === "working") ? "working" : "wall";
}

export interface WeekRow {
  monday: string;
  cells: Cell[];
}

export function weeksOf(table: MeasureTable): WeekRow[] {
  return table.rows.map((row) => ({ monday: row.key[0], cells: row.cells }));
}

export interface PhaseShare {
  monday: string;
  phase: string; // "coding"
  seconds: number; // per merged pull request; the phases of a week add up to its mean cycle time
  n: number;
}

/** Sums over the week's merged pull requests, divided by their number. */
export function phasesOf(weeks: WeekRow[], measures: string[]): PhaseShare[] {
  return weeks.flatMap(({ monday, cells }) => {
    const whole = cellOf(cells, "cycle-time", "sum");
    if (!whole || whole.n === 0) return [];
    return measures.map((measure) => ({
      monday,
      phase: measure.replace(/-time$/, ""),
      seconds: (cellOf(cells, measure, "sum")?.value ?? 0) / whole.n,
      n: whole.n,
    }));
  });
}

export interface Unit {
  seconds: number;
  name: string; // for an axis
}

/** Hours while they are few, and in working time, whose days are no days of 24 hours; else days. */
export function unitFor(longest: number, clock: Clock): Unit {
  return clock === "working" || longest < 4 * 86400 ? { seconds: 3600, name: "hours" } : { seconds: 86400, name: "days" };
}

/** At most @most of the weeks, evenly, for the ticks of an axis. */
export function ticksOf(mondays: string[], most: number): string[] {
  const step = Math.max(1, Math.ceil(mondays.length / Math.max(1, most)));
  return mondays.filter((_, i) => i % step === 0);
}

/** From 0 to @most, and to 1 where that is 0: a scale of nothing but zeros has no length, and its bars have any. */
export function scaleOf(most: number, isWhole = false): object {
  const ticks = isWhole ? Math.max(1, Math.min(5, most)) : 5; // no ticks between whole numbers
  return { domain: [0, most > 0 ? most : 1], nice: true, grid: true, ticks };
}

/** The last point of each series, for its name beside it: colour alone tells nobody which line is which. */
export function lastOf<T, K extends keyof T>(points: T[], series: K): T[] {
  return [...new Map(points.map((point) => [point[series], point])).values()];
}

// What the page asks: the filters of its address, as questions to the one query.
import { queryText } from "../../api/client";

export interface Filters {
  days: number;
  repository: string;
  team: string;
  size: string;
  time: "wall" | "working";
}

export const DAYS = [30, 90, 180, 365];
const DAYS_AT_FIRST = 90;

export function readFilters(query: URLSearchParams): Filters {
  const days = Number(query.get("days") ?? DAYS_AT_FIRST);
  return {
    days: DAYS.includes(days) ? days : DAYS_AT_FIRST,
    repository: query.get("repository") ?? "",
    team: query.get("team") ?? "",
    size: query.get("size") ?? "",
    time: query.get("time") === "working" ? "working" : "wall",
  };
}

export const PHASE_MEASURES = ["coding-time", "pickup-time", "review-time", "merge-time"];

/** The address of an answer; also that of its CSV. */
export function queryPath(workspace: string, filters: Filters, measures: string[], statistics: string[], by: string): string {
  return `/query${queryText({
    workspace,
    measures: measures.join(","),
    statistics: statistics.join(","),
    by,
    days: filters.days,
    repository: filters.repository,
    team: filters.team,
    size: filters.size,
    time: filters.time === "working" ? "working" : null,
  })}`;
}

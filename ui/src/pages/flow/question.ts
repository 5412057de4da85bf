// What the page asks: the filters of its address, as questions to the API.
import { queryText } from "../../api/client";
import { type Choice, type Scope, scopeQuery } from "../../components/scope";

export const CHOICES: Choice[] = ["team", "size", "time"];

export const PHASE_MEASURES = ["coding-time", "pickup-time", "review-time", "merge-time"];

/** The address of an answer; also that of its CSV. */
export function queryPath(workspace: string, scope: Scope, measures: string[], statistics: string[], by: string): string {
  return `/query${queryText({
    workspace,
    measures: measures.join(","),
    statistics: statistics.join(","),
    by,
    ...scopeQuery(scope, CHOICES),
  })}`;
}

export function scopePath(path: string, workspace: string, scope: Scope): string {
  return `${path}${queryText({ workspace, ...scopeQuery(scope, CHOICES) })}`;
}

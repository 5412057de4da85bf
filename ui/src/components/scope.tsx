// Which pull requests count: the filters that pages about numbers share. They live in the address, and the menu
// takes them along from one of these pages to the next.
import type { JSX } from "preact";

import { type Query, queryText } from "../api/client";
import type { MeasureTable, RepositoryRow } from "../api/measures";
import { setQuery, usePlace } from "../router";
import { useLoad } from "./load";
import { type Option, Select } from "./select";
import type { Desk } from "./workspace";

export interface Scope {
  days: number;
  repository: string | null;
  team: string | null;
  size: string | null;
  time: "wall" | "working";
}

/** What a page can choose beside the period and the repository. */
export type Choice = "team" | "size" | "time";

export const DAYS = [7, 30, 90, 180, 365];
const DAYS_AT_FIRST = 90;
const SIZES = ["XS", "S", "M", "L", "XL", "unknown"];

export function useScope(daysAtFirst = DAYS_AT_FIRST): Scope {
  const { query } = usePlace();
  const days = Number(query.get("days") ?? daysAtFirst);
  return {
    days: DAYS.includes(days) ? days : daysAtFirst,
    repository: query.get("repository") || null,
    team: query.get("team") || null,
    size: query.get("size") || null,
    time: query.get("time") === "working" ? "working" : "wall",
  };
}

/** As parameters of the API and of our own addresses; @choices: those that the page has. */
export function scopeQuery(scope: Scope, choices: Choice[]): Query {
  return {
    days: scope.days,
    repository: scope.repository,
    team: choices.includes("team") ? scope.team : null,
    size: choices.includes("size") ? scope.size : null,
    time: choices.includes("time") && scope.time === "working" ? "working" : null,
  };
}

function withAll(values: string[], chosen: string | null): Option[] {
  const known = chosen === null || values.includes(chosen) ? values : [...values, chosen];
  return [{ value: "", text: "all" }, ...known.map((value) => ({ value, text: value }))];
}

function TeamSelect(props: { desk: Desk; team: string | null }): JSX.Element | null {
  const teams = useLoad<MeasureTable>(
    `/query${queryText({ workspace: props.desk.workspace.slug, measures: "merged", statistics: "n", by: "team", days: 730 })}`,
  );
  const names = (teams.value?.rows ?? []).filter((row) => row.key[0] !== "").map((row) => row.label[0]);
  if (names.length === 0 && props.team === null) return null;
  return (
    <Select
      label="Team"
      value={props.team ?? ""}
      options={withAll(names, props.team)}
      onChange={(team) => setQuery({ team })}
    />
  );
}

export function ScopeBar(props: { desk: Desk; scope: Scope; choices?: Choice[]; daysAtFirst?: number }): JSX.Element {
  const { scope, choices = [], daysAtFirst = DAYS_AT_FIRST } = props;
  const repositories = useLoad<{ items: RepositoryRow[] }>(
    `/repositories${queryText({ workspace: props.desk.workspace.slug })}`,
  );
  const names = (repositories.value?.items ?? []).filter((one) => one.selected).map((one) => one.full_name);
  return (
    <div class="filters" role="search" aria-label="What counts">
      <Select
        label="Period"
        value={String(scope.days)}
        options={DAYS.map((n) => ({ value: String(n), text: `${n} days` }))}
        onChange={(days) => setQuery({ days: days === String(daysAtFirst) ? null : days })}
      />
      <Select
        label="Repository"
        value={scope.repository ?? ""}
        options={withAll(names, scope.repository)}
        onChange={(repository) => setQuery({ repository })}
      />
      {choices.includes("team") && <TeamSelect desk={props.desk} team={scope.team} />}
      {choices.includes("size") && (
        <Select
          label="Size"
          value={scope.size ?? ""}
          options={withAll(SIZES, scope.size)}
          onChange={(size) => setQuery({ size })}
        />
      )}
      {choices.includes("time") && (
        <Select
          label="Time"
          value={scope.time}
          options={[
            { value: "wall", text: "by the clock" },
            { value: "working", text: "working time" },
          ]}
          onChange={(time) => setQuery({ time: time === "wall" ? null : time })}
        />
      )}
    </div>
  );
}

/** The parameters that the menu takes along. A period that is a page's own first choice is in no address. */
const SHARED = ["workspace", "days", "repository", "team", "size", "time"];

export function sharedQuery(query: URLSearchParams): string {
  const kept: Query = {};
  for (const name of SHARED) kept[name] = query.get(name);
  return queryText(kept);
}

// What the log is asked for. Each filter is a parameter of the address, and of the API under the same name.
import type { JSX } from "preact";

import { queryText } from "../../api/client";
import type { Query } from "../../api/client";
import type { RepositoryRow } from "../../api/measures";
import { AddressChoice, AddressText } from "../../components/address_fields";
import { useLoad } from "../../components/load";
import { VERDICTS } from "../../components/verdict";
import type { Desk } from "../../components/workspace";
import { go, setQuery, usePlace } from "../../router";

const ALL = { value: "", text: "all" };

const VERDICT_OPTIONS = [ALL, ...Object.entries(VERDICTS).map(([value, { text }]) => ({ value, text }))];

const MARK_OPTIONS = [
  { value: "", text: "anything" },
  { value: "approvals", text: "too few approvals" },
  { value: "required-approvers", text: "a required approver missing" },
  { value: "builds", text: "a build not passed" },
  { value: "late-change", text: "changed after approval" },
  { value: "open-tasks", text: "open tasks" },
  { value: "self-merged", text: "merged by its author" },
];

const DAYS_OPTIONS = [
  { value: "", text: "90 days" },
  { value: "7", text: "7 days" },
  { value: "30", text: "30 days" },
  { value: "365", text: "a year" },
  { value: "all", text: "ever" },
];

const ROWS_OPTIONS = [
  { value: "", text: "every row of the log" },
  { value: "latest", text: "the last row of each merge" },
  { value: "merge", text: "merges as first recorded" },
  { value: "amendment", text: "what was learned later" },
];

const PASSED_ON = ["repository", "number", "verdict", "mark", "policy", "author", "rows", "from", "until"];
const DAYS_INITIAL = "90";

/** The API's question for what the address says. */
export function auditQuestion(query: URLSearchParams, workspace: string): Query {
  const question: Query = { workspace };
  for (const name of PASSED_ON) question[name] = query.get(name);
  if (typeof question.number === "string") question.number = question.number.replace(/^#/, "");
  const days = query.get("days") ?? DAYS_INITIAL;
  if (days !== "all" && !query.has("from")) question.days = days;
  return question;
}

export function Filters(props: { desk: Desk; byPerson: boolean }): JSX.Element {
  const { path, query } = usePlace();
  const workspace = props.desk.workspace.slug;
  const repositories = useLoad<{ items: RepositoryRow[] }>(`/repositories${queryText({ workspace })}`);
  const names = (repositories.value?.items ?? []).map((one) => ({ value: one.full_name, text: one.full_name }));
  const isSet = [...PASSED_ON, "days"].some((name) => query.has(name));
  const isDated = query.has("from") || query.has("until");
  return (
    <section class="card stack tight" aria-label="Filters">
      <div class="filter-grid">
        {!isDated && <AddressChoice label="Merged in the last" name="days" options={DAYS_OPTIONS} />}
        <AddressChoice label="Verdict" name="verdict" options={VERDICT_OPTIONS} />
        <AddressChoice label="Lacking" name="mark" options={MARK_OPTIONS} />
        <AddressChoice label="Repository" name="repository" options={[ALL, ...names]} />
        <AddressText label="Number" name="number" hint="#123" />
      </div>
      <details open={["rows", "policy", "author", "from", "until"].some((name) => query.has(name))}>
        <summary>More filters</summary>
        <div class="filter-grid more">
          <AddressText label="Merged since" name="from" type="date" />
          <AddressText label="Merged before" name="until" type="date" />
          <AddressChoice label="Rows" name="rows" options={ROWS_OPTIONS} />
          <AddressText label="Policy" name="policy" hint="its number" />
          {(props.byPerson || query.has("author")) && (
            <AddressText label="Author" name="author" hint="name or e-mail address" />
          )}
        </div>
      </details>
      {isSet && (
        <div class="row tight">
          {isDated && (
            <button type="button" class="button small-button" onClick={() => setQuery({ from: null, until: null })}>
              Clear the dates
            </button>
          )}
          <button type="button" class="button small-button" onClick={() => go(path)}>
            Clear all filters
          </button>
        </div>
      )}
    </section>
  );
}

// The merge audit log: what was merged, by whose approval, and whether the policy in force was kept.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import type { AuditPage, AuditRow } from "../../api/audit";
import { type Query, get, queryText } from "../../api/client";
import { ExportButtons, type ExportFormat } from "../../components/export";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { Empty, Failure, Skeleton } from "../../components/parts";
import { VerdictTag } from "../../components/verdict";
import { countText, dateTimeText, dateText, manyText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import { usePlace } from "../../router";
import { Filters, auditQuestion } from "./filters";
import { Verify } from "./verify";

const FORMATS: ExportFormat[] = [
  { label: "CSV", type: "text/csv", ending: "csv" },
  { label: "JSON lines", type: "application/jsonl", ending: "jsonl" },
];

/** "412 merges in the last 90 days: 31 past the policy, 380 kept it, …" */
function Totals(props: { page: AuditPage; question: Query }): JSX.Element {
  const { totals } = props.page;
  const { days, from, until } = props.question;
  const when =
    days !== undefined
      ? ` in the last ${days} days`
      : [from ? ` since ${dateText(String(from))}` : "", until ? ` before ${dateText(String(until))}` : ""].join("");
  const said = [
    { n: totals.verdicts.failed, text: "past the policy", className: "audit-failed" },
    { n: totals.verdicts.passed, text: "kept it", className: "" },
    { n: totals.verdicts.unknown, text: "not known", className: "" },
    { n: totals.verdicts["no-policy"], text: "under no policy", className: "" },
  ].filter((part) => part.n > 0);
  return (
    <p class="headline" role="status">
      {manyText(totals.merges, "merge")}
      {when}
      {said.length > 0 && ": "}
      {said.map((part, i) => (
        <span key={part.text} class={part.className}>
          {i > 0 && ", "}
          {countText(part.n)} {part.text}
        </span>
      ))}
      .
    </p>
  );
}

/** Who approved such that it counted. */
function approversText(row: AuditRow): string {
  const counted = (row.merge?.approvals ?? []).filter((approval) => approval.fate === "counted");
  return counted.length === 0 ? "nobody" : counted.map((approval) => approval.by?.name ?? "somebody").join(", ");
}

function Row(props: { row: AuditRow; desk: Desk }): JSX.Element {
  const { row, desk } = props;
  const { merge } = row;
  const address = desk.address(`/audit/${row.row}`);
  if (merge === null)
    return (
      <tr>
        <th scope="row" class="pull-cell">
          <a href={address}>Row {row.row} cannot be read</a>
          <span class="small block">What stood there was altered.</span>
        </th>
        <td colSpan={4} />
      </tr>
    );
  return (
    <tr>
      <th scope="row" class="pull-cell">
        <a href={address}>{merge.title ?? `#${merge.number}`}</a>
        <span class="soft small block">
          {merge.repository.name} #{merge.number} into {merge.branch} · by {merge.author?.name ?? "somebody"}
        </span>
        <span class="soft small narrow-only">
          approved by {approversText(row)}
          {merge.merged !== null && ` · merged ${dateTimeText(merge.merged)}`}
        </span>
      </th>
      <td>
        <VerdictTag verdict={merge.verdict.result} />
        {merge.verdict.reason !== null && <span class="small block">{merge.verdict.reason}</span>}
        {merge.changed_after_approval && <span class="small block">changed after approval</span>}
      </td>
      <td class="wide-only">{approversText(row)}</td>
      <td class="nowrap wide-only">{merge.merged === null ? "–" : dateTimeText(merge.merged)}</td>
      <td class="right wide-only">
        {row.row}
        {row.refers_to !== null && <span class="soft small block">on row {row.refers_to}</span>}
      </td>
    </tr>
  );
}

function Table(props: { rows: AuditRow[]; desk: Desk }): JSX.Element {
  return (
    <div class="table-wrap">
      <table class="table pulls">
        <thead>
          <tr>
            <th scope="col">Merge</th>
            <th scope="col">Verdict</th>
            <th scope="col" class="wide-only">
              Approved by
            </th>
            <th scope="col" class="wide-only">
              Merged
            </th>
            <th scope="col" class="right wide-only">
              Row
            </th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <Row key={row.row} row={row} desk={props.desk} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Log(props: { question: Query; page: AuditPage; isLoading: boolean; desk: Desk }): JSX.Element {
  const { page, question } = props;
  const [more, setMore] = useState<{ of: AuditPage; items: AuditRow[]; next: string | null } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isLoading, setLoading] = useState(false);
  const current = useRef(page);
  current.current = page;
  useEffect(() => setError(null), [page]);
  const appended = more?.of === page ? more : { of: page, items: [], next: page.next_cursor };
  const load = (): void => {
    setLoading(true);
    setError(null);
    get<AuditPage>(`/audit${queryText({ ...question, cursor: appended.next })}`)
      .then((next) => {
        if (current.current === page)
          setMore({ of: page, items: [...appended.items, ...next.items], next: next.next_cursor });
      })
      .catch((fault: unknown) => setError(fault))
      .finally(() => setLoading(false));
  };
  const rows = [...page.items, ...appended.items];
  return (
    <section class="card stack tight" aria-label="Rows of the log" aria-busy={props.isLoading}>
      <div class="row between">
        <p>
          <strong class="number">{manyText(page.totals.rows, "row")}</strong>
          {page.totals.rows > rows.length && `, ${countText(rows.length)} shown`}
          <span class="soft"> · the newest first; a file has them in the log's order</span>
        </p>
        {rows.length > 0 && (
          <ExportButtons
            name="merge-audit"
            formats={FORMATS}
            path={(cursor) => `/audit/export${queryText({ ...question, cursor })}`}
          />
        )}
      </div>
      {rows.length === 0 ? (
        <Empty>No row of the log fits these filters.</Empty>
      ) : (
        <Table rows={rows} desk={props.desk} />
      )}
      {error !== null && <Failure error={error} retry={load} />}
      {appended.next !== null && (
        <button type="button" class="button" onClick={load} disabled={isLoading}>
          {isLoading ? "Loading…" : `Show more of ${countText(page.totals.rows)}`}
        </button>
      )}
    </section>
  );
}

function Content(props: { desk: Desk }): JSX.Element {
  const { desk } = props;
  const { query } = usePlace();
  const question = auditQuestion(query, desk.workspace.slug);
  const first = useLoad<AuditPage>(`/audit${queryText(question)}`);
  useFresh(first.reload, desk.workspace.complete);
  const page = first.value;
  return (
    <>
      <h1>Merge audit</h1>
      {page !== null && <Totals page={page} question={question} />}
      {page === null && first.error === null && <Skeleton height="2rem" />}
      <Filters desk={desk} byPerson={page?.by_person ?? false} />
      {first.error !== null && <Failure error={first.error} retry={first.reload} />}
      {page === null && first.error === null && <Skeleton height="30rem" />}
      {page !== null && <Verify desk={desk} rows={page.head_row} />}
      {page !== null && page.head_row === 0 && (
        <Empty>No merge is in the log yet. Each is recorded with the round of reading in which Plumbline sees it.</Empty>
      )}
      {page !== null && page.head_row > 0 && (
        <Log question={question} page={page} isLoading={first.isLoading} desk={desk} />
      )}
    </>
  );
}

export default function AuditPageOf(): JSX.Element {
  return <WithWorkspace title="Merge audit">{(desk) => <Content desk={desk} />}</WithWorkspace>;
}

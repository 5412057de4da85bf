// What administrators did, and everybody with a right to change something: who, when, to what, from where.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { type Query, get, queryText } from "../../api/client";
import { AddressChoice, AddressText } from "../../components/address_fields";
import { ExportButtons, type ExportFormat } from "../../components/export";
import { useLoad } from "../../components/load";
import { Empty, Failure, Skeleton } from "../../components/parts";
import { dateTimeText } from "../../components/words";
import { go, usePlace } from "../../router";

interface Act {
  seq: number;
  at: string;
  actor: string;
  act: string;
  subject: string;
  detail: string;
  peer: string;
}

interface ActPage {
  items: Act[];
  next_cursor?: string;
  kinds?: string[];
  actors?: string[];
}

const FORMATS: ExportFormat[] = [
  { label: "CSV", type: "text/csv", ending: "csv" },
  { label: "JSON lines", type: "application/jsonl", ending: "jsonl" },
];

const NAMES = ["act", "actor", "from", "until"];

function questionOf(query: URLSearchParams): Query {
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name)]));
}

function Filters(props: { kinds: string[]; actors: string[] }): JSX.Element {
  const { path, query } = usePlace();
  const options = (words: string[], any: string): { value: string; text: string }[] => [
    { value: "", text: any },
    ...words.map((word) => ({ value: word, text: word })),
  ];
  return (
    <section class="card stack tight" aria-label="Filters">
      <div class="filter-grid">
        <AddressChoice label="Who" name="actor" options={options(props.actors, "anybody")} />
        <AddressChoice label="Act" name="act" options={options(props.kinds, "any")} />
        <AddressText label="Since" name="from" type="date" />
        <AddressText label="Before" name="until" type="date" />
      </div>
      {NAMES.some((name) => query.has(name)) && (
        <div>
          <button type="button" class="button small-button" onClick={() => go(path)}>
            Clear all filters
          </button>
        </div>
      )}
    </section>
  );
}

function Table(props: { acts: Act[] }): JSX.Element {
  return (
    <div class="table-wrap">
      <table class="table pulls">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Act</th>
            <th scope="col" class="wide-only">
              Who
            </th>
            <th scope="col" class="wide-only">
              From
            </th>
          </tr>
        </thead>
        <tbody>
          {props.acts.map((act) => (
            <tr key={act.seq}>
              <td class="nowrap">
                <time dateTime={act.at}>{dateTimeText(act.at)}</time>
              </td>
              <th scope="row" class="break">
                <span class="tag">{act.act}</span> {act.subject}
                {act.detail !== "" && <span class="soft small block">{act.detail}</span>}
                <span class="soft small narrow-only">
                  by {act.actor}
                  {act.peer !== "" && `, from ${act.peer}`}
                </span>
              </th>
              <td class="wide-only">{act.actor}</td>
              <td class="wide-only nowrap">{act.peer}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function List(props: { first: ActPage; question: Query }): JSX.Element {
  const { first, question } = props;
  const [more, setMore] = useState<{ of: ActPage; items: Act[]; next: string | undefined } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isLoading, setLoading] = useState(false);
  const current = useRef(first);
  current.current = first;
  useEffect(() => setError(null), [first]);
  const appended = more?.of === first ? more : { of: first, items: [], next: first.next_cursor };
  const load = (): void => {
    setLoading(true);
    setError(null);
    get<ActPage>(`/acts${queryText({ ...question, cursor: appended.next })}`)
      .then((page) => {
        if (current.current === first)
          setMore({ of: first, items: [...appended.items, ...page.items], next: page.next_cursor });
      })
      .catch((fault: unknown) => setError(fault))
      .finally(() => setLoading(false));
  };
  const acts = [...first.items, ...appended.items];
  if (acts.length === 0) return <Empty>No act fits these filters.</Empty>;
  return (
    <section class="card stack tight" aria-label="Acts">
      <div class="row between">
        <p class="soft">The newest first. Days of the filters are those of UTC.</p>
        <ExportButtons
          name="acts"
          formats={FORMATS}
          path={(cursor) => `/acts${queryText({ ...question, cursor })}`}
        />
      </div>
      <Table acts={acts} />
      {error !== null && <Failure error={error} retry={load} />}
      {appended.next !== undefined && (
        <button type="button" class="button" onClick={load} disabled={isLoading}>
          {isLoading ? "Loading…" : "Show more"}
        </button>
      )}
    </section>
  );
}

export default function LogPage(): JSX.Element {
  const { query } = usePlace();
  const question = questionOf(query);
  const loaded = useLoad<ActPage>(`/acts${queryText(question)}`);
  const page = loaded.value;
  return (
    <>
      <div>
        <h1>Log</h1>
        <p class="soft">What was done in Plumbline by people, through these pages or the API. It is only ever added to.</p>
      </div>
      {page !== null && <Filters kinds={page.kinds ?? []} actors={page.actors ?? []} />}
      {loaded.error !== null && <Failure error={loaded.error} retry={loaded.reload} />}
      {page === null && loaded.error === null && <Skeleton height="30rem" />}
      {page !== null && <List first={page} question={question} />}
    </>
  );
}

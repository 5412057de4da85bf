// How the reading of each repository is doing: at a glance, with what is the matter and the way out.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { queryText } from "../../api/client";
import type { ReadingProblem, RepositoriesHealth, RepositoryHealth, SetAside } from "../../api/connections";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { Empty, Failure, Skeleton } from "../../components/parts";
import { countText, dateTimeText, manyText } from "../../components/words";

const STANDINGS: Record<RepositoryHealth["standing"], string> = {
  vanished: "not found",
  forbidden: "not allowed",
  unconnected: "not connected",
  refused: "credential refused",
  waiting: "being set up",
  failing: "has trouble",
  reading: "first reading",
  read: "up to date",
};
const RANKS = { bad: 0, warn: 1, good: 2 };
const SHOWN_FIRST = 25;

function worstFirst(items: RepositoryHealth[]): RepositoryHealth[] {
  return [...items].sort((a, b) => RANKS[a.health] - RANKS[b.health] || a.repository.localeCompare(b.repository));
}

/** "6 repositories: 4 up to date, 1 has trouble, 1 not found". */
function summaryOf(items: RepositoryHealth[]): string {
  const counts = new Map<RepositoryHealth["standing"], number>();
  for (const item of items) counts.set(item.standing, (counts.get(item.standing) ?? 0) + 1);
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([name, n]) => `${countText(n)} ${STANDINGS[name]}`);
  return `${manyText(items.length, "repository", "repositories")}: ${parts.join(", ")}.`;
}

function Note(props: { problem: ReadingProblem }): JSX.Element {
  const { problem } = props;
  return (
    <li>
      {problem.is_note && <span class="tag">note</span>} {problem.sentence}
      {problem.last !== null && (
        <span class="soft small block">
          {problem.times > 1 ? `${manyText(problem.times, "time")}, last ` : ""}
          {dateTimeText(problem.last)}
        </span>
      )}
    </li>
  );
}

/** The sentence stands for the first fault; what Bitbucket answered in each part comes below it. */
function Matter(props: { item: RepositoryHealth }): JSX.Element {
  const { item } = props;
  const shown = item.standing === "failing" ? item.problems.find((problem) => !problem.is_note) : undefined;
  const others = item.problems.filter((problem) => problem !== shown);
  return (
    <div class="stack tight matter">
      {item.sentence !== null && <p>{item.sentence}</p>}
      {item.since !== null && <p class="soft small">Since {dateTimeText(item.since)}</p>}
      {others.length > 0 && (
        <details class="small">
          <summary>
            What Bitbucket answered<span class="visually-hidden"> for {item.repository}</span>
          </summary>
          <ul class="dash-list">
            {others.map((problem) => (
              <Note key={`${problem.stage} ${problem.code}`} problem={problem} />
            ))}
          </ul>
        </details>
      )}
      {item.set_aside > 0 && (
        <p class="soft small">{manyText(item.set_aside, "record")} of it could not be read and are listed below.</p>
      )}
    </div>
  );
}

function hasMatter(item: RepositoryHealth): boolean {
  return item.sentence !== null || item.problems.length > 0 || item.set_aside > 0;
}

function Rows(props: { item: RepositoryHealth; withConnection: boolean }): JSX.Element {
  const { item } = props;
  return (
    <>
      <tr class={hasMatter(item) ? "with-matter" : undefined}>
        <th scope="row">
          {item.url === null ? item.repository : <a href={item.url}>{item.repository}</a>}
          {props.withConnection && item.connection !== null && <span class="soft small block">by {item.connection}</span>}
        </th>
        <td>
          <span class={`tag ${item.health}`}>{STANDINGS[item.standing]}</span>
        </td>
        <td class="right">{countText(item.pull_requests)}</td>
        <td class="right">{item.last_read === null ? <span class="soft">–</span> : dateTimeText(item.last_read)}</td>
      </tr>
      {hasMatter(item) && (
        <tr>
          <td colSpan={4}>
            <Matter item={item} />
          </td>
        </tr>
      )}
    </>
  );
}

function Aside(props: { records: SetAside[]; count: number }): JSX.Element {
  return (
    <details>
      <summary>{manyText(props.count, "record")} set aside</summary>
      <p class="soft small">
        Bitbucket sent these in a shape that Plumbline could not read; everything around them was read. They are tried
        again when they change.
      </p>
      <ul class="plain-list fault-list">
        {props.records.map((record) => (
          <li key={`${record.repository} ${record.kind} ${record.key} ${record.reason}`}>
            <strong>{record.repository ?? "The workspace"}</strong> {record.kind} {record.key}
            <span class="soft small block">{record.reason}</span>
          </li>
        ))}
      </ul>
      {props.count > props.records.length && (
        <p class="soft small">The first {countText(props.records.length)} are shown.</p>
      )}
    </details>
  );
}

export function HealthOfRepositories(props: { workspace: string; isReading: boolean }): JSX.Element | null {
  const { workspace } = props;
  const health = useLoad<RepositoriesHealth>(`/repositories/health${queryText({ workspace })}`);
  const [isWhole, setWhole] = useState(false);
  useFresh(health.reload, !props.isReading);
  const found = health.value;
  const heading = `health-${workspace}`;
  if (found === null && health.error === null) return <Skeleton height="16rem" />;
  const items = worstFirst(found?.items ?? []);
  const attention = items.filter((item) => item.health !== "good").length;
  const shown = isWhole ? items : items.slice(0, Math.max(SHOWN_FIRST, attention));
  const withConnection = new Set(items.map((item) => item.connection)).size > 1;
  return (
    <section class="card stack" id="health" aria-labelledby={heading}>
      <h2 id={heading}>How each repository of {workspace} is doing</h2>
      {health.error !== null && <Failure error={health.error} retry={health.reload} />}
      {found !== null && items.length === 0 && <Empty>No repository is selected, so nothing is read.</Empty>}
      {found !== null && found.problems.length > 0 && (
        <ul class="dash-list" aria-label={`Of ${workspace} as a whole`}>
          {found.problems.map((problem) => (
            <Note key={`${problem.stage} ${problem.code}`} problem={problem} />
          ))}
        </ul>
      )}
      {items.length > 0 && <p>{summaryOf(items)}</p>}
      {items.length > 0 && (
        <div class="table-wrap" tabIndex={0} role="region" aria-label={`Repositories of ${workspace} and their state`}>
          <table class="table compact">
            <caption class="visually-hidden">Selected repositories, those that need attention first</caption>
            <thead>
              <tr>
                <th scope="col">Repository</th>
                <th scope="col">State</th>
                <th scope="col" class="right">
                  Pull requests
                </th>
                <th scope="col" class="right">
                  Read as of
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((item) => (
                <Rows key={item.repository} item={item} withConnection={withConnection} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {items.length > shown.length && (
        <button type="button" class="button" onClick={() => setWhole(true)}>
          Show the other {countText(items.length - shown.length)}, all up to date
        </button>
      )}
      {found !== null && found.set_aside_count > 0 && <Aside records={found.set_aside} count={found.set_aside_count} />}
    </section>
  );
}

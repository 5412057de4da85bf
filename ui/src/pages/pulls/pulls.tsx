// Pull requests: a list whose filters stand in the address, so that every number can lead to what is behind it.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { type Query, get } from "../../api/client";
import type { PullList, PullRow } from "../../api/pulls";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { Empty, Failure, Skeleton } from "../../components/parts";
import { AtBitbucket, PullStateTag, lifeText, pullAddress, waitingText } from "../../components/pull_words";
import { agoText, countText, dateTimeText, manyText, secondsText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import { usePlace } from "../../router";
import { Filters } from "./filters";
import { listPath, questionOf } from "./question";

function Row(props: { pull: PullRow; now: string; desk: Desk }): JSX.Element {
  const { pull, now, desk } = props;
  const waiting = waitingText(pull, now);
  const cycle = pull.durations["cycle-time"];
  return (
    <tr>
      <th scope="row" class="pull-cell">
        <a href={pullAddress(desk, pull.repository.key, pull.number)}>{pull.title}</a>
        <span class="soft small block">
          {pull.repository.name} #{pull.number} · {pull.author.name}
          {pull.author.is_bot && " (bot)"} ·{" "}
          <time dateTime={pull.opened} title={dateTimeText(pull.opened)}>
            opened {agoText(pull.opened, now)} ago
          </time>
        </span>
        {waiting !== null && <span class="small block">{waiting}</span>}
        <span class="soft small narrow-only">
          {pull.lines === null ? "size not known" : manyText(pull.lines, "line")} ·{" "}
          {manyText(pull.review_comments, "comment")} · {manyText(pull.rounds, "round")}
        </span>
      </th>
      <td>
        <PullStateTag pull={pull} />
      </td>
      <td class="right nowrap wide-only">{lifeText(pull, now)}</td>
      <td class="right nowrap wide-only">{cycle === null || cycle === undefined ? "–" : secondsText(cycle)}</td>
      <td class="right wide-only">{pull.lines === null ? "–" : countText(pull.lines)}</td>
      <td class="right wide-only">{countText(pull.review_comments)}</td>
      <td class="right wide-only">{countText(pull.rounds)}</td>
      <td class="wide-only">
        <AtBitbucket url={pull.url} label={pull.title} />
      </td>
    </tr>
  );
}

function Table(props: { pulls: PullRow[]; now: string; desk: Desk }): JSX.Element {
  return (
    <div class="table-wrap">
      <table class="table pulls">
        <thead>
          <tr>
            <th scope="col">Pull request</th>
            <th scope="col">State</th>
            <th scope="col" class="right wide-only">
              Open for
            </th>
            <th scope="col" class="right wide-only">
              Cycle time
            </th>
            <th scope="col" class="right wide-only">
              Lines
            </th>
            <th scope="col" class="right wide-only">
              Comments
            </th>
            <th scope="col" class="right wide-only">
              Rounds
            </th>
            <th scope="col" class="wide-only">
              <span class="visually-hidden">At Bitbucket</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.pulls.map((pull) => (
            <Row key={`${pull.repository.id} ${pull.number}`} pull={pull} now={props.now} desk={props.desk} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The first page is loaded anew when something was read; further ones are appended to it on demand. */
function List(props: { question: Query; desk: Desk }): JSX.Element {
  const path = listPath(props.question);
  const first = useLoad<PullList>(path);
  const [more, setMore] = useState<{ of: PullList; items: PullRow[]; next: string | null } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isLoading, setLoading] = useState(false);
  const current = useRef(path);
  current.current = path;
  useFresh(first.reload, props.desk.workspace.complete);
  useEffect(() => setError(null), [path]);

  if (first.value === null)
    return first.error !== null ? (
      <Failure error={first.error} retry={first.reload} />
    ) : (
      <Skeleton height="40rem" />
    );
  const list = first.value;
  const appended = more?.of === list ? more : { of: list, items: [], next: list.next };
  const load = (): void => {
    setLoading(true);
    setError(null);
    get<PullList>(listPath(props.question, { cursor: appended.next }))
      .then((page) => {
        if (current.current === path)
          setMore({ of: list, items: [...appended.items, ...page.items], next: page.next });
      })
      .catch((fault: unknown) => setError(fault))
      .finally(() => setLoading(false));
  };
  const pulls = [...list.items, ...appended.items];
  return (
    <section class="card stack tight" aria-label="Pull requests" aria-busy={first.isLoading}>
      {first.error !== null && <Failure error={first.error} retry={first.reload} />}
      <div class="row between">
        <p role="status">
          <strong class="number">{manyText(list.n, "pull request")}</strong>
          {list.n > pulls.length && `, ${countText(pulls.length)} shown`}
          {list.excluded > 0 && (
            <span class="soft"> · {countText(list.excluded)} more by bots or people who are left out</span>
          )}
        </p>
        {list.n > 0 && (
          <a class="button" href={`/api/v1${listPath(props.question, { format: "csv" })}`} download="pull-requests.csv">
            CSV<span class="visually-hidden"> of these pull requests</span>
          </a>
        )}
      </div>
      {pulls.length === 0 ? (
        <Empty>No pull request fits these filters.</Empty>
      ) : (
        <Table pulls={pulls} now={list.now} desk={props.desk} />
      )}
      {error !== null && <Failure error={error} retry={load} />}
      {appended.next !== null && (
        <button type="button" class="button" onClick={load} disabled={isLoading}>
          {isLoading ? "Loading…" : `Show more of ${countText(list.n)}`}
        </button>
      )}
    </section>
  );
}

function Content(props: { desk: Desk }): JSX.Element {
  const { query } = usePlace();
  return (
    <>
      <h1>Pull requests</h1>
      <Filters desk={props.desk} />
      <List question={questionOf(query, props.desk.workspace.slug)} desk={props.desk} />
    </>
  );
}

export default function PullsPage(): JSX.Element {
  return <WithWorkspace title="Pull requests">{(desk) => <Content desk={desk} />}</WithWorkspace>;
}

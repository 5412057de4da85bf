// Changes that wait for somebody's decision, and those that were decided.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { get, queryText } from "../../api/client";
import type { Proposal, Proposals } from "../../api/policies";
import { atLeast } from "../../api/session";
import { useLive } from "../../components/live";
import { useLoad } from "../../components/load";
import { Empty, Failure, Notice, Skeleton } from "../../components/parts";
import { dateText, manyText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import type { PageProps } from "../pages";
import { KINDS, OpenProposal, headOf } from "./open";
import { SecondPerson } from "./second_person";

function Decided(props: { desk: Desk; turn: number }): JSX.Element {
  const [items, setItems] = useState<Proposal[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const workspace = props.desk.workspace.slug;
  const read = (before: Proposal[], from: string | null): void => {
    get<Proposals>(`/proposals${queryText({ workspace, state: "decided", cursor: from })}`)
      .then((answer) => {
        setItems([...before, ...answer.items]);
        setCursor(answer.next_cursor ?? null);
        setError(null);
      })
      .catch((fault: unknown) => setError(fault));
  };
  useEffect(() => read([], null), [workspace, props.turn]);
  return (
    <section class="card stack tight" aria-labelledby="decided">
      <h2 id="decided">Decided</h2>
      {error !== null && <Failure error={error} retry={() => read([], null)} />}
      {items === null && error === null && <Skeleton height="6rem" />}
      {items?.length === 0 && <p class="soft">Nothing has been decided yet.</p>}
      {items !== null && items.length > 0 && (
        <div class="table-wrap">
          <table class="table">
            <caption class="visually-hidden">Decided proposals, the newest first</caption>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Decision</th>
                <th scope="col">Proposed</th>
                <th scope="col">Decided</th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <tr key={one.proposal}>
                  <th scope="row">
                    {headOf(one.what)}
                    <div class="soft small">
                      {KINDS[one.kind]} {one.note !== null && <q>{one.note}</q>}
                    </div>
                  </th>
                  <td>
                    <span class={one.state === "approved" ? "tag good" : "tag bad"}>{one.state}</span>
                  </td>
                  <td>
                    {one.proposed_by}
                    <div class="soft small nowrap">{dateText(one.proposed)}</div>
                  </td>
                  <td>
                    {one.decided_by}
                    <div class="soft small nowrap">{one.decided !== null && dateText(one.decided)}</div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {items !== null && cursor !== null && (
        <div>
          <button type="button" class="button" onClick={() => read(items, cursor)}>
            Show older ones
          </button>
        </div>
      )}
    </section>
  );
}

function Content(props: { desk: Desk; page: PageProps }): JSX.Element {
  const { desk } = props;
  const { account } = props.page;
  const isAdmin = atLeast(account, "admin");
  const waiting = useLoad<Proposals>(
    `/proposals${queryText({ workspace: desk.workspace.slug, state: "waiting" })}`,
  );
  const [said, setSaid] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const reload = (): void => {
    waiting.reload();
    setTurn((before) => before + 1);
  };
  useLive((type) => {
    if (type === "proposals" || type === "gap") reload();
  });
  const answer = waiting.value;
  const done = (text: string): void => {
    setSaid(text);
    reload();
  };
  return (
    <>
      <div>
        <h1>Proposals</h1>
        <p class="soft">
          {answer === null ? "\u00a0" : `${manyText(answer.waiting, "change waits", "changes wait")} for a decision.`}
        </p>
      </div>
      {!isAdmin && <p class="soft">Administrators decide; your role is {account.role}.</p>}
      {said !== null && <Notice kind="good">{said}</Notice>}
      {waiting.error !== null && <Failure error={waiting.error} retry={waiting.reload} />}
      {answer === null && waiting.error === null && <Skeleton height="38rem" />}
      {answer !== null && (
        <section class="stack tight" aria-labelledby="waiting">
          <h2 id="waiting">Waiting</h2>
          {answer.items.length === 0 && (
            <Empty>
              Nothing waits. Editors propose policies under Policies, and which repositories are read under Bitbucket.
            </Empty>
          )}
          <ul class="plain-list proposals">
            {answer.items.map((proposal) => (
              <OpenProposal
                key={proposal.proposal}
                proposal={proposal}
                desk={desk}
                isAdmin={isAdmin}
                secondPerson={answer.second_person}
                decided={done}
              />
            ))}
          </ul>
        </section>
      )}
      {answer !== null && (
        <SecondPerson desk={desk} isOn={answer.second_person} isAdmin={isAdmin} changed={done} />
      )}
      {answer !== null && <Decided desk={desk} turn={turn} />}
    </>
  );
}

export default function ProposalsPage(props: PageProps): JSX.Element {
  return <WithWorkspace title="Proposals">{(desk) => <Content desk={desk} page={props} />}</WithWorkspace>;
}

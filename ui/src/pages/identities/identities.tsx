// Who is who: what no rule can decide first, then everybody.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { queryText } from "../../api/client";
import type { Doubt } from "../../api/people";
import { type Account, atLeast } from "../../api/session";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { Failure, Skeleton } from "../../components/parts";
import { type Desk, WithWorkspace } from "../../components/workspace";
import type { PageProps } from "../pages";
import { Doubts } from "./doubts";
import { People } from "./people";

function Content(props: { desk: Desk; account: Account }): JSX.Element {
  const workspace = props.desk.workspace.slug;
  const canDecide = atLeast(props.account, "admin");
  const doubts = useLoad<{ doubts: Doubt[] }>(`/doubts${queryText({ workspace })}`);
  const [turn, setTurn] = useState(0);
  const [said, setSaid] = useState<string | null>(null);
  useFresh(doubts.reload, true);
  const decided = (words: string): void => {
    setSaid(words);
    setTurn((n) => n + 1);
    doubts.reload();
  };
  return (
    <>
      <div class="stack tight">
        <h1>Identities</h1>
        <p class="soft">
          Bitbucket knows accounts, git knows addresses. Which of them are one person decides who reviewed whom, and
          whether an approval was the author’s own. A merge changes nothing that was read, and can be undone.
          {!canDecide && ` Administrators decide it; your role is ${props.account.role}.`}
        </p>
      </div>
      {doubts.error !== null && <Failure error={doubts.error} retry={doubts.reload} />}
      {doubts.value === null && doubts.error === null && <Skeleton height="40rem" />}
      {doubts.value !== null && (
        <Doubts workspace={workspace} doubts={doubts.value.doubts} canDecide={canDecide} decided={decided} />
      )}
      {/* After the doubts, whose number nobody knows before: they would push it down. */}
      {(doubts.value !== null || doubts.error !== null) && (
        <People workspace={workspace} canDecide={canDecide} turn={turn} decided={decided} />
      )}
      <div class="said" data-silent={said === null}>
        <span role="status">{said}</span>
      </div>
    </>
  );
}

export default function IdentitiesPage(props: PageProps): JSX.Element {
  return <WithWorkspace title="Identities">{(desk) => <Content desk={desk} account={props.account} />}</WithWorkspace>;
}

// What is silenced: by whom, why, since when; and ending it.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { queryText } from "../../api/client";
import { type Mute, type RuleList, endMute } from "../../api/insights";
import { type Account, atLeast } from "../../api/session";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { Empty, Failure, Skeleton } from "../../components/parts";
import { dateText, dateTimeText, manyText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import type { PageProps } from "../pages";

function scopeText(mute: Mute): string {
  const place = mute.repository?.name ?? null;
  const parts = [
    mute.number === null ? place : `${place ?? ""} #${mute.number}`.trim(),
    mute.person === null ? null : (mute.person.name ?? "somebody"),
    mute.subject,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "the whole workspace" : parts.join(" · ");
}

function Row(props: { mute: Mute; title: string; desk: Desk; end: (() => void) | null }): JSX.Element {
  const { mute } = props;
  return (
    <li class="person">
      <div class="row between">
        <span>
          <a href={props.desk.address("/insights", { rule: mute.rule, state: "dismissed" })}>{props.title}</a>{" "}
          <span class="soft">{scopeText(mute)}</span>
        </span>
        {props.end !== null && (
          <button type="button" class="button small-button" onClick={props.end}>
            End it
            <span class="visually-hidden">
              {" "}
              for {props.title}, {scopeText(mute)}
            </span>
          </button>
        )}
      </div>
      <p class="person-names">
        <q>{mute.reason}</q>
      </p>
      <p class="soft small person-names">
        {mute.actor ?? "somebody"}, since {dateText(mute.created)},{" "}
        {mute.until === null ? "until somebody ends it" : `until ${dateTimeText(mute.until)}`}
      </p>
    </li>
  );
}

function Content(props: { desk: Desk; account: Account }): JSX.Element {
  const { desk } = props;
  const workspace = desk.workspace.slug;
  const canEnd = atLeast(props.account, "editor");
  const list = useLoad<{ mutes: Mute[] }>(`/mutes${queryText({ workspace })}`);
  const rules = useLoad<RuleList>(`/rules${queryText({ workspace })}`);
  const [error, setError] = useState<unknown>(null);
  const [said, setSaid] = useState<string | null>(null);
  useFresh(list.reload, true);
  const titleOf = (mute: Mute): string => rules.value?.rules.find((rule) => rule.id === mute.rule)?.title ?? mute.rule;
  const end = (mute: Mute): void => {
    endMute(workspace, mute.id)
      .then(() => {
        setError(null);
        setSaid(`The mute of “${titleOf(mute)}” is ended; its findings are open again.`);
        list.reload();
      })
      .catch((fault: unknown) => setError(fault));
  };
  const mutes = list.value?.mutes ?? [];
  return (
    <>
      <div class="stack tight">
        <nav aria-label="Way here" class="small">
          <a href={desk.address("/insights")}>Insights</a>
        </nav>
        <h1>Mutes in force</h1>
        <p class="soft">
          {list.value === null ? "\u00a0" : manyText(mutes.length, "mute")}. What a mute covers is found and kept, but
          told to nobody.
          {!canEnd && ` Editors and administrators end mutes; your role is ${props.account.role}.`}
        </p>
      </div>
      {error !== null && <Failure error={error} />}
      {list.error !== null && <Failure error={list.error} retry={list.reload} />}
      {list.value === null && list.error === null && <Skeleton height="12rem" />}
      {list.value !== null && mutes.length === 0 && <Empty>Nothing is muted.</Empty>}
      {mutes.length > 0 && (
        <section class="card" aria-label="Mutes">
          <ul class="plain-list">
            {mutes.map((mute) => (
              <Row key={mute.id} mute={mute} title={titleOf(mute)} desk={desk} end={canEnd ? () => end(mute) : null} />
            ))}
          </ul>
        </section>
      )}
      <div class="said" data-silent={said === null}>
        <span role="status">{said}</span>
      </div>
    </>
  );
}

export default function MutesPage(props: PageProps): JSX.Element {
  return <WithWorkspace title="Mutes in force">{(desk) => <Content desk={desk} account={props.account} />}</WithWorkspace>;
}

// One finding: what happened, why it matters, the evidence, the next step, and what was done about it.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { queryText } from "../../api/client";
import type { Evidence, FindingEvent, FindingWithHistory } from "../../api/insights";
import type { Account } from "../../api/session";
import {
  OutLink,
  SeverityTag,
  StateTag,
  bitbucketLink,
  headingText,
  nearestText,
  subjectText,
} from "../../components/findings";
import { useKeys } from "../../components/keys";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { Failure, Skeleton } from "../../components/parts";
import { pullAddress } from "../../components/pull_words";
import { dateTimeText, manyText, secondsText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import type { PageProps } from "../pages";
import { ActionButtons, type Acting, KEYS, useActing } from "./actions";

function Part(props: { id: string; title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="card stack tight" aria-labelledby={props.id}>
      <h2 id={props.id}>{props.title}</h2>
      {props.children}
    </section>
  );
}

function placeOf(piece: Evidence): string {
  const repository = piece.repository?.name ?? "";
  return piece.number === null ? repository : `${repository} #${piece.number}`;
}

function EvidenceRow(props: { piece: Evidence; desk: Desk }): JSX.Element {
  const { piece, desk } = props;
  const place = placeOf(piece);
  return (
    <tr>
      <td>{piece.text}</td>
      <td>{piece.person?.name ?? "–"}</td>
      <td class="number nowrap">{piece.at === null ? "–" : dateTimeText(piece.at)}</td>
      <td>
        {piece.repository !== null && piece.number !== null ? (
          <a href={pullAddress(desk, String(piece.repository.id), piece.number)}>{place}</a>
        ) : (
          place || (piece.url === null && "–")
        )}{" "}
        {piece.url !== null && <OutLink href={piece.url} label={piece.text ?? place} />}
      </td>
    </tr>
  );
}

function EvidenceTable(props: { evidence: Evidence[]; inAll: number; desk: Desk }): JSX.Element {
  const { evidence, inAll } = props;
  return (
    <div class="table-wrap" role="region" aria-label="Pieces of evidence" tabIndex={0}>
      <table class="table">
        {inAll > evidence.length && (
          <caption class="soft small">
            The first {evidence.length} of {manyText(inAll, "piece")}.
          </caption>
        )}
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Person</th>
            <th scope="col">When</th>
            <th scope="col">Where</th>
          </tr>
        </thead>
        <tbody>
          {evidence.map((piece, i) => (
            <EvidenceRow key={i} piece={piece} desk={props.desk} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function History(props: { events: FindingEvent[] }): JSX.Element {
  return (
    <ol class="history">
      {[...props.events].reverse().map((event, i) => (
        <li key={i}>
          <time class="soft small number" dateTime={event.at}>
            {dateTimeText(event.at)}
          </time>
          <span>
            <strong>{event.kind}</strong> by {event.actor ?? "Plumbline"}
          </span>
          {event.note !== null && event.note !== "" && <q>{event.note}</q>}
        </li>
      ))}
    </ol>
  );
}

function factsOf(finding: FindingWithHistory): [string, string][] {
  const rows: [string, string | null][] = [
    ["About", subjectText(finding)],
    ["Since", finding.since === null ? null : dateTimeText(finding.since)],
    ["Ended", finding.ended === null ? null : dateTimeText(finding.ended)],
    ["Held for", finding.took === null ? null : secondsText(finding.took)],
    ["Snoozed until", finding.snoozed_until === null ? null : dateTimeText(finding.snoozed_until)],
    ["Assigned to", finding.assigned_to?.name ?? null],
    ["Came back", finding.reopened === 0 ? null : manyText(finding.reopened, "time")],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== null);
}

function Head(props: { finding: FindingWithHistory; desk: Desk; account: Account; acting: Acting }): JSX.Element {
  const { finding, desk, acting } = props;
  const link = bitbucketLink(finding);
  return (
    <div class="stack tight">
      <nav aria-label="Way here" class="small">
        <a href={desk.address("/insights")}>Insights</a> ›{" "}
        <a href={desk.address("/insights", { rule: finding.rule })}>{finding.title}</a>
      </nav>
      <h1>{headingText(finding)}</h1>
      <p class="row tight">
        <SeverityTag severity={finding.severity} />
        {finding.state === "open" ? <span class="tag">open</span> : <StateTag finding={finding} />}
        <span class="soft">{finding.family}</span>
        {link !== null && <OutLink href={link} label={headingText(finding)} />}
      </p>
      <ActionButtons finding={finding} account={props.account} acting={acting} />
      {acting.error !== null && <Failure error={acting.error} />}
    </div>
  );
}

function Body(props: { finding: FindingWithHistory; desk: Desk }): JSX.Element {
  const { finding, desk } = props;
  const nearest = nearestText(finding);
  return (
    <div class="main-aside">
      <div class="stack">
        <Part id="what" title="What">
          <p class="pre">{finding.what}</p>
        </Part>
        <Part id="next" title="Next step">
          <p class="pre">{finding.next ?? "Nobody in particular is nearest to it."}</p>
          {nearest !== null && <p class="soft">Nearest to it: {nearest}</p>}
        </Part>
        <Part id="evidence" title="Evidence">
          <EvidenceTable evidence={finding.evidence} inAll={finding.evidence_in_all} desk={desk} />
        </Part>
      </div>
      <div class="stack">
        <Part id="why" title="Why it matters">
          <p>{finding.why}</p>
          <a href={desk.address("/settings/rules", { rule: finding.rule })}>How the rule is set</a>
        </Part>
        <Part id="facts" title="Facts">
          <dl class="facts">
            {factsOf(finding).map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}-is`}>{value}</dd>])}
          </dl>
        </Part>
        <Part id="history" title="History">
          <History events={finding.history} />
        </Part>
      </div>
    </div>
  );
}

function Content(props: { desk: Desk; account: Account; id: string }): JSX.Element {
  const workspace = props.desk.workspace.slug;
  const loaded = useLoad<FindingWithHistory>(`/findings/${encodeURIComponent(props.id)}${queryText({ workspace })}`);
  const [acted, setActed] = useState<FindingWithHistory | null>(null);
  useEffect(() => setActed(null), [loaded.value]);
  useFresh(loaded.reload, true);
  const acting = useActing(workspace, props.account, setActed);
  const finding = acted ?? loaded.value;
  useKeys((key) => {
    const action = KEYS[key];
    if (!action || finding === null) return false;
    acting.begin(action, finding);
    return true;
  });
  useEffect(() => {
    if (finding !== null) document.title = `${headingText(finding)} · Plumbline`;
  }, [finding?.id]);
  return (
    <>
      {finding === null && <h1 class={loaded.error === null ? "visually-hidden" : ""}>Finding</h1>}
      {loaded.error !== null && <Failure error={loaded.error} retry={loaded.reload} />}
      {finding === null && loaded.error === null && <Skeleton height="34rem" />}
      {finding !== null && <Head finding={finding} desk={props.desk} account={props.account} acting={acting} />}
      {finding !== null && <Body finding={finding} desk={props.desk} />}
      <div class="said" data-silent={acting.said === null}>
        <span role="status">{acting.said}</span>
      </div>
      {acting.dialog}
    </>
  );
}

export default function FindingPage(props: PageProps): JSX.Element {
  const id = props.parts[0] ?? "";
  return (
    <WithWorkspace title="Finding">
      {(desk) => <Content key={id} desk={desk} account={props.account} id={id} />}
    </WithWorkspace>
  );
}

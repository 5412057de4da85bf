// A proposal that waits: what it would change, and the decision.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { change, queryText } from "../../api/client";
import type { Proposal } from "../../api/policies";
import { Failure, Field } from "../../components/parts";
import { dateTimeText } from "../../components/words";
import type { Desk } from "../../components/workspace";
import { Change } from "./change";

export const KINDS: Record<Proposal["kind"], string> = {
  policy: "policy",
  selection: "repositories",
  connection: "connection",
  setting: "second person",
};

/** "policy for …" begins a sentence. */
export function headOf(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function Decide(props: {
  proposal: Proposal;
  desk: Desk;
  secondPerson: boolean;
  decided: (text: string) => void;
}): JSX.Element {
  const { proposal } = props;
  const [note, setNote] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const mustWait = proposal.is_own && props.secondPerson;
  const isOutdated = proposal.change?.do === "select" && proposal.change.is_outdated;
  const decide = (decision: "approve" | "refuse"): void => {
    setBusy(true);
    change("POST", `/proposals/${proposal.proposal}/decision${queryText({ workspace: props.desk.workspace.slug })}`, {
      decision,
      note: note.trim() === "" ? null : note.trim(),
    })
      .then(() =>
        props.decided(
          `Proposal ${proposal.proposal} is ${decision === "approve" ? "approved and carried out" : "refused"}: ${proposal.what}.`,
        ),
      )
      .catch((fault: unknown) => {
        setError(fault);
        setBusy(false);
      });
  };
  return (
    <div class="stack tight">
      {mustWait && <p class="soft">You proposed it; another administrator decides. You may take it back.</p>}
      {error !== null && <Failure error={error} />}
      <div class="row proposal-decision">
        <Field
          label="Note"
          value={note}
          maxLength={500}
          placeholder="Why; whoever proposed it reads it"
          onInput={(event) => setNote(event.currentTarget.value)}
        />
        {!mustWait && (
          <button type="button" class="button primary" disabled={isBusy || isOutdated} onClick={() => decide("approve")}>
            Approve<span class="visually-hidden"> proposal {proposal.proposal}</span>
          </button>
        )}
        <button type="button" class="button" disabled={isBusy} onClick={() => decide("refuse")}>
          {mustWait ? "Take back" : "Refuse"}
          <span class="visually-hidden"> proposal {proposal.proposal}</span>
        </button>
      </div>
    </div>
  );
}

export function OpenProposal(props: {
  proposal: Proposal;
  desk: Desk;
  isAdmin: boolean;
  secondPerson: boolean;
  decided: (text: string) => void;
}): JSX.Element {
  const { proposal, desk } = props;
  return (
    <li class="card stack">
      <div class="stack tight">
        <div class="row between proposal-head">
          <h3>{headOf(proposal.what)}</h3>
          <span class="tag">{KINDS[proposal.kind]}</span>
        </div>
        <p class="soft small">
          Proposal {proposal.proposal}, by {proposal.proposed_by}
          {proposal.is_own && " (you)"}, {dateTimeText(proposal.proposed)}
        </p>
      </div>
      {proposal.change !== null && <Change change={proposal.change} desk={desk} />}
      {props.isAdmin && (
        <Decide proposal={proposal} desk={desk} secondPerson={props.secondPerson} decided={props.decided} />
      )}
    </li>
  );
}

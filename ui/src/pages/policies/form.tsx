// The form of a policy, which is tried while it is written.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import { change, queryText } from "../../api/client";
import type { PolicyVersions, Waiting } from "../../api/policies";
import { type Account, atLeast } from "../../api/session";
import { Failure, Notice } from "../../components/parts";
import type { Desk } from "../../components/workspace";
import { type Draft, bodyOf, faultsOf } from "./draft";
import { PolicyFields } from "./fields";
import { Trial } from "./simulation";

export function PolicyForm(props: {
  desk: Desk;
  account: Account;
  initial: Draft;
  isNew: boolean;
  secondPerson: boolean;
  saved: (answer: PolicyVersions) => void;
  cancel: () => void;
}): JSX.Element {
  const { desk, isNew } = props;
  const workspace = desk.workspace.slug;
  const [draft, setDraft] = useState(props.initial);
  const [isTold, setTold] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isAdmin = atLeast(props.account, "admin");
  const isProposal = !isAdmin || props.secondPerson;
  const faults = faultsOf(draft);
  const isComplete = Object.keys(faults).length === 0;
  const set = (changes: Partial<Draft>): void => {
    setDraft((before) => ({ ...before, ...changes }));
    setWaiting(null);
  };
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setTold(true);
    if (!isComplete || isBusy) return;
    const query = queryText({ workspace });
    const body = bodyOf(draft);
    setBusy(true);
    (isAdmin
      ? change<PolicyVersions | Waiting>("POST", `/policies${query}`, body)
      : change<Waiting>("POST", `/proposals${query}`, { do: "set-policy", policy: body })
    )
      .then((answer) => {
        setError(null);
        if ("proposal" in answer) setWaiting(answer);
        else props.saved(answer);
      })
      .catch((fault: unknown) => setError(fault))
      .finally(() => setBusy(false));
  };
  return (
    <div class="policy-columns">
      <form class="card stack" onSubmit={submit} noValidate aria-label={isNew ? "New policy" : "New version"}>
        <PolicyFields workspace={workspace} draft={draft} set={set} isTold={isTold} isNew={isNew} />
        {error !== null && <Failure error={error} />}
        {waiting !== null && (
          <Notice kind="good">
            Proposal {waiting.proposal} waits for {isAdmin ? "another administrator" : "an administrator"}.{" "}
            <a href={desk.address("/settings/proposals")}>See the proposals</a>
          </Notice>
        )}
        <div class="row">
          <button class="button primary" disabled={isBusy || waiting !== null}>
            {isProposal ? "Propose" : "Save"}
          </button>
          <button type="button" class="button" onClick={props.cancel}>
            {waiting === null ? "Cancel" : "Close"}
          </button>
          {isProposal && (
            <span class="soft small">
              {isAdmin ? "Here changes wait for a second person." : "An administrator decides on it."}
            </span>
          )}
        </div>
      </form>
      <Trial desk={desk} body={isComplete ? bodyOf(draft) : null} title="Tried on the past" />
    </div>
  );
}

// A policy within the wizard: the fields that it has under Settings; several may be added in a row.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import { change, queryText } from "../../../api/client";
import type { Approvers, PolicyVersions, Waiting } from "../../../api/policies";
import { useLoad } from "../../../components/load";
import { Failure } from "../../../components/parts";
import { manyText } from "../../../components/words";
import { type Draft, EMPTY, bodyOf, faultsOf } from "../../policies/draft";
import { PolicyFields } from "../../policies/fields";

/** People are known once their pull requests were read; teams once somebody made them. */
function isNobody(known: Approvers | null): boolean {
  return known !== null && known.people.length === 0 && known.teams.length === 0;
}

export function PolicyForm(props: { workspace: string; added: (words: string) => void }): JSX.Element {
  const query = queryText({ workspace: props.workspace });
  const known = useLoad<Approvers>(`/policies/approvers${query}`);
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [isTold, setTold] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setTold(true);
    if (Object.keys(faultsOf(draft)).length > 0 || isBusy) return;
    const body = bodyOf(draft);
    setBusy(true);
    setError(null);
    change<PolicyVersions | Waiting>("POST", `/policies${query}`, body)
      .then((answer) => {
        setDraft(EMPTY);
        setTold(false);
        props.added(
          "proposal" in answer
            ? `It waits for a second person: ${answer.summary}.`
            : `Added: ${manyText(body.least_approvals, "approval")} for ${body.subject ?? `all of ${props.workspace}`}.`,
        );
      })
      .catch((fault: unknown) => setError(fault))
      .finally(() => setBusy(false));
  };
  return (
    <form class="stack sub-form" onSubmit={submit} noValidate aria-label="A policy">
      <PolicyFields
        workspace={props.workspace}
        draft={draft}
        set={(changes) => setDraft((before) => ({ ...before, ...changes }))}
        isTold={isTold}
        isNew
      />
      {isNobody(known.value) && (
        <p class="soft small">
          Whose approval it must be can be said once people are known, which is after the first reading: under Settings, in this
          policy.
        </p>
      )}
      {known.error !== null && <Failure error={known.error} retry={known.reload} />}
      {error !== null && <Failure error={error} />}
      <div class="row">
        <button class="button primary" disabled={isBusy}>
          Add this policy
        </button>
      </div>
    </form>
  );
}

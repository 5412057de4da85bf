// The fifth step: who must approve before something is merged. Each answer is a policy; none is needed.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { queryText } from "../../../api/client";
import type { ConnectionDetails } from "../../../api/connections";
import type { Policies } from "../../../api/policies";
import { useLoad } from "../../../components/load";
import { Failure, Notice, Skeleton } from "../../../components/parts";
import { PolicyForm } from "./policy_form";
import { Head, setupAddress } from "./steps";

function InForce(props: { policies: Policies }): JSX.Element | null {
  const items = props.policies.items.filter((item) => item.state === "in-force" || item.state === "coming");
  if (items.length === 0) return null;
  return (
    <>
      <h3>What is asked for so far</h3>
      <ul class="dash-list" aria-label="Policies">
        {items.map((item) => (
          <li key={item.policy}>
            <strong>{item.where}:</strong> {item.asks}
          </li>
        ))}
      </ul>
    </>
  );
}

export function ApproversStep(props: { connection: ConnectionDetails; next: () => void }): JSX.Element {
  const { connection } = props;
  const query = queryText({ workspace: connection.workspace });
  const policies = useLoad<Policies>(`/policies${query}`);
  const [said, setSaid] = useState<string | null>(null);
  const hasSome = (policies.value?.items ?? []).some((item) => item.state === "in-force" || item.state === "coming");
  return (
    <section class="card stack">
      <Head title="Who must approve a merge?" />
      <p>
        A policy says how many approvals a merge into the main branch needs, and whose. Merges are held against it: those that
        fall short become findings, and the log of merges keeps each verdict. The most specific policy counts: repository before
        project before workspace.
      </p>
      {policies.error !== null && <Failure error={policies.error} retry={policies.reload} />}
      {policies.error === null && policies.value === null && <Skeleton height="16rem" />}
      {policies.value !== null && <InForce policies={policies.value} />}
      {said !== null && <Notice kind="good">{said}</Notice>}
      {policies.value !== null && (
        <PolicyForm
          workspace={connection.workspace}
          added={(words) => {
            setSaid(words);
            policies.reload();
          }}
        />
      )}
      {!hasSome && (
        <p class="soft">
          It may be skipped. Then no merge is judged: too few or the wrong approvals are not found, and the log of merges has no
          verdicts. A policy can be set at any time under <a href="/settings/policies">Settings, Policies</a>, also for the past.
        </p>
      )}
      <div class="row">
        <button type="button" class={hasSome ? "button primary" : "button"} onClick={props.next}>
          {hasSome ? "Continue" : "Skip"}
        </button>
        <a class="button" href={setupAddress("repositories", connection.id)}>
          Back
        </a>
      </div>
    </section>
  );
}

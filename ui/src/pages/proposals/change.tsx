// What a proposal would change, in words; of a policy, what it would have made of the merges of the last days.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { PolicyContent, ProposedChange } from "../../api/policies";
import { Failure, Notice, Skeleton } from "../../components/parts";
import { countText, dateText, manyText } from "../../components/words";
import type { Desk } from "../../components/workspace";
import { bodyOfPolicy, reachText } from "../policies/draft";
import { Outcome, Refused, useSimulation } from "../policies/simulation";

const DAYS = "90";

function Trial(props: { policy: PolicyContent; desk: Desk }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const { value, error } = useSimulation(props.desk.workspace.slug, bodyOfPolicy(props.policy), DAYS);
  if (error !== null) return <Failure error={error} />;
  return (
    <div class="stack tight proposal-trial">
      {value === null ? <Skeleton height="8rem" /> : <Outcome simulation={value} />}
      {value !== null && value.failing.length > 0 && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>Which they are</summary>
          {isOpen && <Refused simulation={value} desk={props.desk} />}
        </details>
      )}
    </div>
  );
}

function Names(props: { title: string; names: string[]; count: number }): JSX.Element | null {
  const { names, count } = props;
  if (count === 0) return null;
  return (
    <div>
      <dt>{props.title}</dt>
      <dd>
        {names.join(", ")}
        {count > names.length && ` and ${countText(count - names.length)} more`}
      </dd>
    </div>
  );
}

function Selection(props: { change: Extract<ProposedChange, { do: "select" }> }): JSX.Element {
  const { change } = props;
  return (
    <>
      {change.is_outdated && (
        <Notice kind="warn">
          The selection was changed since this was proposed. It can only be refused; whoever wants it proposes it anew.
        </Notice>
      )}
      {change.more + change.less === 0 && <p>The same repositories would be read as now.</p>}
      <dl class="proposal-facts">
        <Names
          title={`${manyText(change.more, "repository", "repositories")} more would be read`}
          names={change.more_names}
          count={change.more}
        />
        <Names
          title={`${manyText(change.less, "repository", "repositories")} would no longer be read; what was read stays`}
          names={change.less_names}
          count={change.less}
        />
      </dl>
    </>
  );
}

export function Change(props: { change: ProposedChange; desk: Desk }): JSX.Element | null {
  const { change, desk } = props;
  if (change.do === "select") return <Selection change={change} />;
  if (change.do === "remove-connection")
    return <p>Nothing more would be read with the connection {change.connection}; what was read stays.</p>;
  if (change.do === "end-policy")
    return (
      <p>
        {change.policy === null
          ? `Policy ${change.policy_id} is not known any more.`
          : `The policy for ${reachText(change.policy)} (${change.policy.asks}) would end ${change.at === null ? "with the approval" : `on ${dateText(change.at)}`}.`}
      </p>
    );
  if (change.do === "set-policy")
    return (
      <>
        <dl class="facts">
          <dt>For</dt>
          <dd>{reachText(change.policy)}</dd>
          <dt>Asks for</dt>
          <dd>{change.policy.asks}</dd>
          <dt>Instead of</dt>
          <dd>{change.instead_of ?? "nothing of its own"}</dd>
          <dt>From</dt>
          <dd>{change.policy.from === null ? "the approval on" : dateText(change.policy.from)}</dd>
        </dl>
        <Trial policy={change.policy} desk={desk} />
      </>
    );
  return null;
}

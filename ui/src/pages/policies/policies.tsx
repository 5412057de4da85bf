// The approval policies of a workspace: where each holds and what it asks for, in words.
import type { JSX } from "preact";

import { queryText } from "../../api/client";
import type { Policies, PolicyVersion } from "../../api/policies";
import { atLeast } from "../../api/session";
import { useLoad } from "../../components/load";
import { Empty, Failure, Skeleton } from "../../components/parts";
import { dateText, manyText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import type { PageProps } from "../pages";
import { reachText, reachTitle } from "./draft";

/** "in force since 1 Mar 2026", "begins on …", with what decides until then. */
export function StandingTag(props: { policy: PolicyVersion }): JSX.Element {
  const { policy } = props;
  if (policy.state === "in-force") return <span class="tag good">in force</span>;
  if (policy.state === "coming") return <span class="tag warn">begins later</span>;
  return <span class="tag">{policy.state}</span>;
}

function periodText(policy: PolicyVersion): string {
  const from = policy.from === null ? "" : dateText(policy.from);
  if (policy.ended !== null) return `From ${from} to ${dateText(policy.ended)}`;
  if (policy.state !== "coming") return `Since ${from}`;
  const until = policy.in_force != null ? `; until then version ${policy.in_force} decides` : "";
  return `From ${from} on${until}`;
}

function Entry(props: { policy: PolicyVersion; desk: Desk }): JSX.Element {
  const { policy } = props;
  return (
    <li class="card stack tight">
      <div class="row between">
        <h3>
          <a href={props.desk.address(`/settings/policies/${policy.policy}`)}>{reachTitle(policy)}</a>
        </h3>
        <StandingTag policy={policy} />
      </div>
      <p>{policy.asks}</p>
      <p class="soft small">
        {periodText(policy)}
        {policy.version > 1 && `, version ${policy.version}`}
        {policy.written_by !== null && `, by ${policy.written_by}`}
      </p>
    </li>
  );
}

/** The most specific first, as they decide. */
const RANK = { repository: 0, project: 1, workspace: 2 };
function inOrder(items: PolicyVersion[]): PolicyVersion[] {
  return [...items].sort((a, b) => RANK[a.scope] - RANK[b.scope] || reachText(a).localeCompare(reachText(b)));
}

function List(props: { answer: Policies; desk: Desk }): JSX.Element {
  const items = inOrder(props.answer.items);
  const ended = items.filter((one) => one.state === "ended");
  const standing = items.filter((one) => one.state !== "ended");
  return (
    <>
      {standing.length === 0 && (
        <Empty>
          <div class="stack narrow">
            <h2>No policy is in force</h2>
            <p>
              A policy says by how many people, and by whom, a merge must have been approved. Plumbline does not stop a
              merge: it judges each by the policy that held then, and says so in insights and in the merge audit.
            </p>
          </div>
        </Empty>
      )}
      {standing.length > 0 && (
        <section class="stack tight" aria-labelledby="standing">
          <h2 id="standing">{manyText(standing.length, "policy", "policies")}, the most specific first</h2>
          <ul class="plain-list">
            {standing.map((policy) => (
              <Entry key={policy.policy} policy={policy} desk={props.desk} />
            ))}
          </ul>
        </section>
      )}
      {ended.length > 0 && (
        <details class="stack tight">
          <summary>{manyText(ended.length, "policy that has ended", "policies that have ended")}</summary>
          <ul class="plain-list">
            {ended.map((policy) => (
              <Entry key={policy.policy} policy={policy} desk={props.desk} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Content(props: { desk: Desk; page: PageProps }): JSX.Element {
  const { desk } = props;
  const { account } = props.page;
  const policies = useLoad<Policies>(`/policies${queryText({ workspace: desk.workspace.slug })}`);
  const isEditor = atLeast(account, "editor");
  const proposes = !atLeast(account, "admin") || policies.value?.second_person === true;
  return (
    <>
      <div class="row between page-head">
        <div>
          <h1>Policies</h1>
          <p class="soft">Who must have approved what is merged; one policy decides on each merge.</p>
        </div>
        {isEditor && (
          <a class="button primary" href={desk.address("/settings/policies/new")}>
            {proposes ? "Propose a policy" : "New policy"}
          </a>
        )}
      </div>
      {!isEditor && (
        <p class="soft">Editors propose policies and administrators set them; your role is {account.role}.</p>
      )}
      {policies.error !== null && <Failure error={policies.error} retry={policies.reload} />}
      {policies.value === null && policies.error === null && <Skeleton height="16rem" />}
      {policies.value !== null && <List answer={policies.value} desk={desk} />}
    </>
  );
}

export default function PoliciesPage(props: PageProps): JSX.Element {
  return <WithWorkspace title="Policies">{(desk) => <Content desk={desk} page={props} />}</WithWorkspace>;
}

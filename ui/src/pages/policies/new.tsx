// A policy for branches that have none yet.
import type { JSX } from "preact";

import { queryText } from "../../api/client";
import type { Policies } from "../../api/policies";
import { useLoad } from "../../components/load";
import { Failure, Skeleton } from "../../components/parts";
import { type Desk, WithWorkspace } from "../../components/workspace";
import { go } from "../../router";
import type { PageProps } from "../pages";
import { EMPTY } from "./draft";
import { PolicyForm } from "./form";

function Content(props: { desk: Desk; page: PageProps }): JSX.Element {
  const { desk } = props;
  const policies = useLoad<Policies>(`/policies${queryText({ workspace: desk.workspace.slug })}`);
  return (
    <>
      <div>
        <p>
          <a href={desk.address("/settings/policies")}>Policies</a>
        </p>
        <h1>New policy</h1>
      </div>
      {policies.error !== null && <Failure error={policies.error} retry={policies.reload} />}
      {policies.value === null && policies.error === null && <Skeleton height="24rem" />}
      {policies.value !== null && (
        <PolicyForm
          desk={desk}
          account={props.page.account}
          initial={EMPTY}
          isNew
          secondPerson={policies.value.second_person}
          saved={(answer) => go(desk.address(`/settings/policies/${answer.policy}`))}
          cancel={() => go(desk.address("/settings/policies"))}
        />
      )}
    </>
  );
}

export default function NewPolicyPage(props: PageProps): JSX.Element {
  return <WithWorkspace title="New policy">{(desk) => <Content desk={desk} page={props} />}</WithWorkspace>;
}

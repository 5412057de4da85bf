// What Bitbucket said of a credential, in words.
import type { JSX } from "preact";

import type { CredentialCheck } from "../../api/connections";
import { Notice } from "../../components/parts";

function Scopes(props: { title: string; names: string[]; kind: "good" | "warn" | "bad" }): JSX.Element | null {
  if (props.names.length === 0) return null;
  return (
    <div class="scope-line">
      <dt>{props.title}</dt>
      <dd class="row tight">
        {props.names.map((name) => (
          <code key={name} class={`tag ${props.kind}`}>
            {name}
          </code>
        ))}
      </dd>
    </div>
  );
}

export function CheckResult(props: { check: CredentialCheck }): JSX.Element {
  const { check } = props;
  const [first, ...others] = check.sentences.filter((sentence) => !sentence.startsWith("Its scopes:"));
  const unneeded = new Set(check.scopes_unneeded);
  return (
    <Notice kind={!check.works ? "bad" : check.scopes_missing.length > 0 ? "warn" : "good"}>
      <div class="stack tight">
        <strong>{first}</strong>
        {others.length > 0 && (
          <ul class="dash-list">
            {others.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
        <dl class="scope-lists">
          <Scopes title="Missing" names={check.scopes_missing} kind="bad" />
          <Scopes title="Present" names={(check.scopes_present ?? []).filter((name) => !unneeded.has(name))} kind="good" />
          <Scopes title="Not needed" names={check.scopes_unneeded} kind="warn" />
        </dl>
      </div>
    </Notice>
  );
}

// The first step: which kind of credential.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import { go } from "../../../router";
import { type Kind, kindOf, KINDS } from "../kinds";
import { address, Head } from "./steps";

export function ChooseKind(props: { kind: Kind | null }): JSX.Element {
  const [chosen, setChosen] = useState(props.kind?.id ?? "workspace-token");
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    go(address("create", kindOf(chosen)));
  };
  return (
    <form class="card stack" onSubmit={submit}>
      <Head title="How shall Plumbline sign in to Bitbucket?" />
      {(["Access token (recommended)", "Other"] as const).map((group) => (
        <fieldset class="kinds" key={group}>
          <legend>{group}</legend>
          {KINDS.filter((kind) => kind.group === group).map((kind) => (
            <label key={kind.id} class="kind" data-legacy={kind.legacy !== null}>
              <input
                type="radio"
                name="kind"
                value={kind.id}
                checked={chosen === kind.id}
                disabled={kind.legacy !== null}
                onChange={() => setChosen(kind.id)}
              />
              <span>
                <strong>{kind.title}</strong> {kind.legacy !== null && <span class="tag">legacy</span>}
                <span class="soft block">{kind.legacy ?? kind.summary}</span>
              </span>
            </label>
          ))}
        </fieldset>
      ))}
      <div class="row">
        <button class="button primary">Continue</button>
        <a class="button" href="/integrations/bitbucket">
          Cancel
        </a>
      </div>
    </form>
  );
}

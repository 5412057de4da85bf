// The third step: name, credential, expiry date, and what Bitbucket says of it.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import { change } from "../../../api/client";
import type { Connected, CredentialCheck } from "../../../api/connections";
import { Failure, Field } from "../../../components/parts";
import { CheckResult } from "../check";
import { expiryRange, type Kind } from "../kinds";
import { address, Head } from "./steps";

/** What was typed; the secret is not among it, and is gone when the step is left. */
export interface Typed {
  name: string;
  place: string;
  account: string;
  expires: string;
}

function bodyOf(kind: Kind, typed: Typed, secret: string): Record<string, unknown> {
  const place = typed.place.trim();
  return {
    kind: kind.id,
    name: typed.name.trim() || place,
    secret: secret.trim(),
    expires: typed.expires || null,
    set_up_first: true,
    ...(kind.account ? { account: typed.account.trim() } : {}),
    ...(kind.needsRepository ? { repository: place } : { workspace: place }),
  };
}

/** Of "https://bitbucket.org/acme/shop/…" what is asked for; other texts as they are. */
function placeOf(text: string, needsRepository: boolean): string {
  const path = /^https?:\/\/[^/]+\/(.*)$/.exec(text.trim())?.[1];
  if (path === undefined) return text;
  return path
    .split("/")
    .slice(0, needsRepository ? 2 : 1)
    .join("/");
}

export function Enter(props: {
  kind: Kind;
  typed: Typed;
  type: (change: Partial<Typed>) => void;
  connected: (answer: Connected) => void;
}): JSX.Element {
  const { kind, typed, type } = props;
  const [secret, setSecret] = useState("");
  const [check, setCheck] = useState<CredentialCheck | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState<"check" | "connect" | null>(null);
  const alter = (next: Partial<Typed>): void => {
    setCheck(null);
    type(next);
  };
  const ask = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const body = bodyOf(kind, typed, secret);
    const isConnecting = check?.works === true;
    setError(null);
    setBusy(isConnecting ? "connect" : "check");
    (isConnecting
      ? change<Connected>("POST", "/connections", body).then(props.connected)
      : change<CredentialCheck>("POST", "/connections/check", body).then(setCheck)
    )
      .catch((fault: unknown) => setError(fault))
      .finally(() => setBusy(null));
  };
  return (
    <form class="card stack" onSubmit={ask} autocomplete="off">
      <Head title="Enter and check it" />
      <Field
        label={kind.needsRepository ? "Repository" : "Workspace"}
        hint={
          kind.needsRepository
            ? "workspace/repository, as in its address; the address itself will do."
            : "Its short name, as in bitbucket.org/WORKSPACE; the address itself will do."
        }
        value={typed.place}
        onInput={(event) => alter({ place: placeOf(event.currentTarget.value, kind.needsRepository) })}
        pattern={kind.needsRepository ? "[^\\/\\s]+\\/[^\\/\\s]+" : undefined}
        required
      />
      <Field
        label="Name of the connection"
        hint="How it is called here. Empty: as the workspace or repository."
        value={typed.name}
        onInput={(event) => type({ name: event.currentTarget.value })}
      />
      {kind.account && (
        <Field
          label={kind.account.label}
          hint={kind.account.hint}
          inputMode={kind.account.type}
          value={typed.account}
          onInput={(event) => alter({ account: event.currentTarget.value })}
          required
        />
      )}
      <Field
        label={kind.secret}
        hint="Kept sealed on this server; shown nowhere again, and sent to Bitbucket alone."
        type="password"
        autocomplete="off"
        value={secret}
        onInput={(event) => {
          setCheck(null);
          setSecret(event.currentTarget.value);
        }}
        required
      />
      <Field
        label="Expiry date"
        hint="At most 365 days ahead. Bitbucket does not tell it; you are warned from 30 days before."
        type="date"
        {...expiryRange()}
        value={typed.expires}
        onInput={(event) => alter({ expires: event.currentTarget.value })}
        required={kind.needsExpiry}
      />
      {error !== null && <Failure error={error} />}
      {check !== null && <CheckResult check={check} />}
      <div class="row">
        <button class="button primary" disabled={busy !== null}>
          {busy === "check" && "Asking Bitbucket…"}
          {busy === "connect" && "Connecting…"}
          {busy === null && (check?.works ? "Connect" : check === null ? "Check" : "Check again")}
        </button>
        <a class="button" href={address("create", kind)}>
          Back
        </a>
      </div>
    </form>
  );
}

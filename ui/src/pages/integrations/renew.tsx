// Another credential in the place of a connection's.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import { change } from "../../api/client";
import type { ConnectionDetails, CredentialCheck } from "../../api/connections";
import { Failure, Field } from "../../components/parts";
import { CheckResult } from "./check";
import { expiryRange, kindOf } from "./kinds";

export function Renew(props: { connection: ConnectionDetails; done: () => void; close: () => void }): JSX.Element {
  const { connection } = props;
  const [error, setError] = useState<unknown>(null);
  const [check, setCheck] = useState<CredentialCheck | null>(null);
  const [isBusy, setBusy] = useState(false);
  const kind = kindOf(connection.kind);
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    setBusy(true);
    setError(null);
    change<CredentialCheck>("PUT", `/connections/${connection.id}/credential`, {
      secret: String(values.get("secret")).trim(),
      expires: values.get("expires") || null,
      ...(kind?.account ? { account: String(values.get("account")).trim() } : {}),
    })
      .then((answer) => {
        form.reset();
        setCheck(answer);
        props.done();
      })
      .catch((fault: unknown) => setError(fault))
      .finally(() => setBusy(false));
  };
  return (
    <form class="stack sub-form" onSubmit={submit} aria-label={`Renew ${connection.name}`}>
      <p>
        The new {kind?.title.toLowerCase() ?? "credential"} takes the place of the old one. Everything that was read, selected
        and decided stays.
      </p>
      {error !== null && <Failure error={error} />}
      {check !== null && <CheckResult check={check} />}
      {kind?.account && (
        <Field
          label={kind.account.label}
          name="account"
          inputMode={kind.account.type}
          value={connection.account ?? ""}
          autocomplete="off"
          required
        />
      )}
      <div class="form-pair">
        <Field label={`New ${kind?.secret.toLowerCase() ?? "token"}`} name="secret" type="password" autocomplete="off" required />
        <Field
          label="Expiry date"
          name="expires"
          type="date"
          {...expiryRange()}
          required={kind?.needsExpiry ?? false}
          hint="Bitbucket does not tell it; you are warned from 30 days before."
        />
      </div>
      <div class="row">
        <button class="button primary" disabled={isBusy}>
          {isBusy ? "Asking Bitbucket…" : "Check and renew"}
        </button>
        <button type="button" class="button" onClick={props.close}>
          Close
        </button>
      </div>
    </form>
  );
}

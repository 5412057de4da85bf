// The proof that nothing in the log was altered, and what to keep elsewhere so that the proof holds.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import type { Verification } from "../../api/audit";
import { ApiError, change, queryText } from "../../api/client";
import { Failure, Field, Notice } from "../../components/parts";
import { countText, manyText, secondsText } from "../../components/words";
import type { Desk } from "../../components/workspace";

function Head(props: { told: Verification }): JSX.Element {
  const text = `${props.told.head_row}:${props.told.head_hash}`;
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard
      .writeText(text)
      .then(() => setCopied(true))
      .catch(() => setCopied(false)); // not allowed: it can be selected by hand
  };
  return (
    <>
      <p>
        Its end. Keep it where nobody who can write the data file can reach it; only with it a log that was written anew
        as a whole is found out.
      </p>
      <div class="row tight">
        <code class="token">{text}</code>
        {"clipboard" in navigator && (
          <button type="button" class="button small-button" onClick={copy}>
            {isCopied ? "Copied" : "Copy"}
          </button>
        )}
      </div>
    </>
  );
}

function Result(props: { told: Verification }): JSX.Element {
  const { told } = props;
  if (!told.intact)
    return (
      <Notice kind="bad">
        <div class="stack tight">
          <strong>
            The log was altered: {manyText(told.faults_in_all, "fault")} in {manyText(told.rows, "row")}. A backup has it
            as it was.
          </strong>
          <ul class="dash-list">
            {told.faults.map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
          {told.faults_in_all > told.faults.length && (
            <p>… and {countText(told.faults_in_all - told.faults.length)} more.</p>
          )}
        </div>
      </Notice>
    );
  if (told.rows === 0) return <Notice kind="good">The log is empty, as it was left.</Notice>;
  return (
    <Notice kind="good">
      <div class="stack tight">
        <p>
          <strong>The log is intact.</strong> All {manyText(told.rows, "row")} follow from one another by their hashes
          {told.expected_row !== null && `, and row ${told.expected_row} is the one that you kept`}; checked in{" "}
          {told.seconds < 1 ? "less than a second" : secondsText(told.seconds)}.
        </p>
        <Head told={told} />
      </div>
    </Notice>
  );
}

export function Verify(props: { desk: Desk; rows: number }): JSX.Element {
  const [told, setTold] = useState<Verification | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const path = `/audit/verification${queryText({ workspace: props.desk.workspace.slug })}`;
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const expect = String(new FormData(event.currentTarget).get("expect")).trim();
    setBusy(true);
    setError(null);
    setTold(null);
    change<Verification>("POST", path, expect === "" ? {} : { expect })
      .then(setTold)
      .catch((fault: unknown) => setError(fault))
      .finally(() => setBusy(false));
  };
  const isFault = error instanceof ApiError && error.status === 422;
  return (
    <details class="card verify">
      <summary>
        <h2>Is the log as it was written?</h2>
      </summary>
      <div class="stack tight verify-body">
        <p class="soft">
          Each row carries the hash of the one before it. Verifying walks through all of them and names every row that was
          altered, removed, inserted or moved.
        </p>
        <form class="row tight verify-form" onSubmit={submit}>
          <Field
            label="An end that you kept, if you have one"
            name="expect"
            placeholder="ROW:HASH"
            autoComplete="off"
            spellcheck={false}
            fault={isFault ? (error as ApiError).message : null}
          />
          <button class="button" disabled={isBusy}>
            {isBusy ? "Verifying…" : "Verify"}
          </button>
        </form>
        <div class="stack tight" role="status">
          {isBusy && <p class="soft">Reading {manyText(props.rows, "row")}…</p>}
          {told !== null && <Result told={told} />}
        </div>
        {error !== null && !isFault && <Failure error={error} />}
      </div>
    </details>
  );
}

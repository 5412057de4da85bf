// Adding a connection: which kind, how it is made in Bitbucket, entering and checking it, watching the first reading.
import type { JSX, TargetedEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { change } from "../../api/client";
import type { Connected, CredentialCheck } from "../../api/connections";
import { Failure, Field, Notice } from "../../components/parts";
import { Syncing } from "../../components/syncing";
import { manyText } from "../../components/words";
import { go, usePlace } from "../../router";
import { useRuns } from "./bitbucket";
import { CheckResult } from "./check";
import { expiryRange, type Kind, kindOf, KINDS } from "./kinds";

const STEPS = [
  { id: "kind", title: "Kind" },
  { id: "create", title: "Make it in Bitbucket" },
  { id: "token", title: "Enter and check" },
  { id: "reading", title: "First reading" },
] as const;
type Step = (typeof STEPS)[number]["id"];

/** What was typed; the secret is not among it, and is gone when the step is left. */
interface Typed {
  name: string;
  place: string;
  account: string;
  expires: string;
}

function address(step: Step, kind: Kind | null): string {
  return `/integrations/bitbucket/add?step=${step}${kind ? `&kind=${kind.id}` : ""}`;
}

function Trail(props: { step: Step }): JSX.Element {
  const at = STEPS.findIndex((step) => step.id === props.step);
  return (
    <ol class="trail" aria-label="Steps">
      {STEPS.map((step, i) => (
        <li key={step.id} aria-current={i === at ? "step" : undefined} data-done={i < at}>
          {step.title}
        </li>
      ))}
    </ol>
  );
}

function Head(props: { title: string }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [props.title]);
  return (
    <h2 ref={heading} tabIndex={-1}>
      {props.title}
    </h2>
  );
}

function ChooseKind(props: { kind: Kind | null }): JSX.Element {
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

function HowToMake(props: { kind: Kind }): JSX.Element {
  const { kind } = props;
  return (
    <section class="card stack">
      <Head title={`Make the ${kind.title.replace(/^[A-Z](?=[a-z])/, (c) => c.toLowerCase())}`} />
      <ol class="how-to">
        {kind.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p id="exactly">Tick exactly these. Plumbline only reads; nothing is written to Bitbucket.</p>
      <div class="table-wrap">
        <table class="table compact" aria-labelledby="exactly">
          <thead>
            <tr>
              <th scope="col">Tick</th>
              <th scope="col">For</th>
            </tr>
          </thead>
          <tbody>
            {kind.scopes.map((scope) => (
              <tr key={scope.name}>
                <th scope="row">
                  {scope.label} <code class="soft block small">{scope.name}</code>
                </th>
                <td>
                  {scope.why} {!scope.isNeeded && <span class="soft block small">without it the rest is read all the same</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="row">
        <a class="button primary" href={address("token", kind)}>
          I have it
        </a>
        <a class="button" href={address("kind", kind)}>
          Back
        </a>
      </div>
    </section>
  );
}

function bodyOf(kind: Kind, typed: Typed, secret: string): Record<string, unknown> {
  const place = typed.place.trim();
  return {
    kind: kind.id,
    name: typed.name.trim() || place,
    secret: secret.trim(),
    expires: typed.expires || null,
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

function Enter(props: {
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

function FirstReading(props: { connected: Connected }): JSX.Element {
  const { connected } = props;
  const run = useRuns()[String(connected.id)] ?? null;
  return (
    <section class="card stack">
      <Head title={`${connected.name} is connected`} />
      <p>
        {manyText(connected.repositories_seen, "repository", "repositories")} seen,{" "}
        {manyText(connected.repositories_selected, "is", "are")} read. The newest pull requests come first: insights appear
        before the reading ends, and you may leave this page.
      </p>
      {run === null || run.state === "waiting" ? (
        <Notice kind="warn">It waits for its turn; another connection is being read.</Notice>
      ) : run.state === "done" ? (
        <Notice kind="good">Everything is read: {run.sentence}.</Notice>
      ) : (
        <Syncing run={run.state === "reading" ? run : null} runs={[run]} />
      )}
      <div class="row">
        <a class="button primary" href="/">
          See the first insights
        </a>
        <a class="button" href="/integrations/bitbucket">
          Choose repositories
        </a>
      </div>
    </section>
  );
}

export default function AddPage(): JSX.Element {
  const { query } = usePlace();
  const kind = kindOf(query.get("kind"));
  const [typed, setTyped] = useState<Typed>({ name: "", place: "", account: "", expires: "" });
  const [connected, setConnected] = useState<Connected | null>(null);
  const asked = STEPS.find((step) => step.id === query.get("step"))?.id ?? "kind";
  // A step that lacks what the ones before it gave begins again.
  const step: Step = kind === null || kind.legacy !== null ? "kind" : asked === "reading" && !connected ? "token" : asked;
  return (
    <>
      <h1>Add a connection</h1>
      <Trail step={step} />
      {step === "kind" && <ChooseKind kind={kind} />}
      {step === "create" && kind && <HowToMake kind={kind} />}
      {step === "token" && kind && (
        <Enter
          kind={kind}
          typed={typed}
          type={(next) => setTyped((before) => ({ ...before, ...next }))}
          connected={(answer) => {
            setConnected(answer);
            go(address("reading", kind), { replace: true });
          }}
        />
      )}
      {step === "reading" && connected && <FirstReading connected={connected} />}
    </>
  );
}

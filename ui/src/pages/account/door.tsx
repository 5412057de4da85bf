// Before anybody is signed in: the first administrator, signing in, taking an invitation.
import type { ComponentChildren, JSX, TargetedEvent } from "preact";
import { useEffect, useState } from "preact/hooks";

import { change } from "../../api/client";
import { signIn } from "../../api/session";
import { Failure, Field, Notice, Skeleton } from "../../components/parts";

function Door(props: { title: string; lead: ComponentChildren; children: ComponentChildren }): JSX.Element {
  return (
    <main class="door">
      <div class="door-card">
        <img src="/favicon.svg" alt="" width="40" height="40" />
        <h1>{props.title}</h1>
        <p class="soft">{props.lead}</p>
        {props.children}
      </div>
    </main>
  );
}

/** Runs @send on submit, one at a time, and tells what the server says against it. */
function useSubmit(send: (values: Record<string, string>) => Promise<void>): {
  error: unknown;
  isBusy: boolean;
  onSubmit: (event: TargetedEvent<HTMLFormElement>) => void;
} {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const onSubmit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (isBusy) return;
    const values: Record<string, string> = {};
    for (const [name, value] of new FormData(event.currentTarget)) values[name] = String(value);
    setBusy(true);
    send(values)
      .catch((fault: unknown) => setError(fault))
      .finally(() => setBusy(false));
  };
  return { error, isBusy, onSubmit };
}

const PASSWORD_HINT = "At least 12 characters. A sentence is easy to remember and hard to guess.";

export function SignIn(props: { hasEnded: boolean; done: () => void }): JSX.Element {
  const { error, isBusy, onSubmit } = useSubmit(async ({ email = "", password = "" }) => {
    await signIn(email.trim(), password);
    props.done();
  });
  return (
    <Door
      title="Sign in"
      lead={
        props.hasEnded
          ? "Your session has ended. Sign in to go on where you were."
          : "To see what is out of true in your pull requests."
      }
    >
      <form class="stack" onSubmit={onSubmit}>
        {error !== null && <Failure error={error} />}
        <Field label="E-mail address" name="email" type="email" autocomplete="username" required autofocus />
        <Field label="Password" name="password" type="password" autocomplete="current-password" required />
        <button class="button primary" disabled={isBusy}>
          Sign in
        </button>
      </form>
    </Door>
  );
}

export function Setup(props: { done: () => void }): JSX.Element {
  const { error, isBusy, onSubmit } = useSubmit(async ({ code = "", name = "", email = "", password = "" }) => {
    await change("POST", "/setup", { code: code.trim(), name: name.trim(), email: email.trim(), password });
    props.done();
  });
  return (
    <Door
      title="Set up Plumbline"
      lead="You become its first administrator. The server printed a set-up code when it started, so that nobody else can."
    >
      <form class="stack" onSubmit={onSubmit}>
        {error !== null && <Failure error={error} />}
        <Field label="Set-up code" name="code" autocomplete="off" spellcheck={false} required autofocus />
        <Field label="Your name" name="name" autocomplete="name" required />
        <Field label="E-mail address" name="email" type="email" autocomplete="username" required />
        <Field
          label="Password"
          name="password"
          type="password"
          autocomplete="new-password"
          minLength={12}
          hint={PASSWORD_HINT}
          required
        />
        <button class="button primary" disabled={isBusy}>
          Create the administrator
        </button>
      </form>
    </Door>
  );
}

interface Invitation {
  email: string;
  role: string;
  invited_by: string;
}

export function Join(props: { secret: string; done: () => void }): JSX.Element {
  const { secret } = props;
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  useEffect(() => {
    change<Invitation>("POST", "/join/look", { secret }).then(setInvitation, setRefusal);
  }, [secret]);
  const { error, isBusy, onSubmit } = useSubmit(async ({ name = "", password = "" }) => {
    await change("POST", "/join", { secret, name: name.trim(), password });
    props.done();
  });
  if (refusal !== null)
    return (
      <Door title="Join" lead="This link does not work.">
        <Failure error={refusal} />
      </Door>
    );
  if (invitation === null)
    return (
      <Door title="Join" lead="One moment.">
        <Skeleton height="12rem" />
      </Door>
    );
  const { email, role, invited_by } = invitation;
  return (
    <Door title="Join Plumbline" lead={`${invited_by} invites you as ${role}.`}>
      <form class="stack" onSubmit={onSubmit}>
        {error !== null && <Failure error={error} />}
        <Notice kind="good">Your account: {email}</Notice>
        <input type="hidden" name="email" value={email} autocomplete="username" />
        <Field label="Your name" name="name" autocomplete="name" required autofocus />
        <Field
          label="Password"
          name="password"
          type="password"
          autocomplete="new-password"
          minLength={12}
          hint={PASSWORD_HINT}
          required
        />
        <button class="button primary" disabled={isBusy}>
          Create my account
        </button>
      </form>
    </Door>
  );
}

// One's own account: password, API tokens.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import { change } from "../../api/client";
import { type Role, atLeast } from "../../api/session";
import { useLoad } from "../../components/load";
import { Empty, Failure, Field, Notice, Skeleton } from "../../components/parts";
import { dateText } from "../../components/words";
import { Select } from "../../components/select";
import { type Theme, chooseTheme, chosenTheme } from "../../theme";
import type { PageProps } from "../pages";

interface Token {
  id: number;
  name: string;
  role: Role;
  created: string;
  expires: string;
  last_used: string | null;
}

function Password(): JSX.Element {
  const [error, setError] = useState<unknown>(null);
  const [isDone, setDone] = useState(false);
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    change("PUT", "/password", { current: values.get("current"), password: values.get("password") })
      .then(() => {
        form.reset();
        setError(null);
        setDone(true);
      })
      .catch((fault: unknown) => setError(fault));
  };
  return (
    <section class="card stack" aria-labelledby="password">
      <h2 id="password">Password</h2>
      {error !== null && <Failure error={error} />}
      {isDone && <Notice kind="good">The password is changed; all other sessions of yours have ended.</Notice>}
      <form class="stack" onSubmit={submit}>
        <Field label="Current password" name="current" type="password" autocomplete="current-password" required />
        <Field
          label="New password"
          name="password"
          type="password"
          autocomplete="new-password"
          minLength={12}
          hint="At least 12 characters."
          required
        />
        <div>
          <button class="button primary">Change the password</button>
        </div>
      </form>
    </section>
  );
}

function TokenForm(props: { roles: Role[]; made: (secret: string) => void }): JSX.Element {
  const [error, setError] = useState<unknown>(null);
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    change<{ token: string }>("POST", "/tokens", {
      name: String(values.get("name")).trim(),
      role: values.get("role"),
      days: Number(values.get("days")),
    })
      .then((answer) => {
        form.reset();
        setError(null);
        props.made(answer.token);
      })
      .catch((fault: unknown) => setError(fault));
  };
  return (
    <form class="row" onSubmit={submit}>
      {error !== null && <Failure error={error} />}
      <Field label="Name of the token" name="name" required />
      <div class="field">
        <label for="token-role">Role</label>
        <select id="token-role" name="role">
          {props.roles.map((role) => (
            <option key={role}>{role}</option>
          ))}
        </select>
      </div>
      <Field label="Days until it expires" name="days" type="number" min={1} max={365} value={90} required />
      <button class="button">Make a token</button>
    </form>
  );
}

function Tokens(props: { roles: Role[] }): JSX.Element {
  const tokens = useLoad<{ items: Token[] }>("/tokens");
  const [secret, setSecret] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const end = (token: Token): void => {
    change("DELETE", `/tokens/${token.id}`)
      .then(tokens.reload)
      .catch((fault: unknown) => setError(fault));
  };
  return (
    <section class="card stack" aria-labelledby="tokens">
      <h2 id="tokens">API tokens</h2>
      <p class="soft">
        A token asks the API in your name: send it as <code>Authorization: Bearer</code>. It never has a role that you
        have not.
      </p>
      {secret !== null && (
        <Notice kind="good">
          Copy it now, it is not shown again: <code class="token">{secret}</code>
        </Notice>
      )}
      {error !== null && <Failure error={error} />}
      {tokens.error !== null && <Failure error={tokens.error} retry={tokens.reload} />}
      {tokens.value === null && tokens.error === null && <Skeleton height="4rem" />}
      {tokens.value?.items.length === 0 && <Empty>You have no tokens.</Empty>}
      {tokens.value !== null && tokens.value.items.length > 0 && (
        <div class="table-wrap">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Role</th>
                <th scope="col">Expires</th>
                <th scope="col">Last used</th>
                <th scope="col">
                  <span class="visually-hidden">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.value.items.map((token) => (
                <tr key={token.id}>
                  <th scope="row">{token.name}</th>
                  <td>{token.role}</td>
                  <td>{dateText(token.expires)}</td>
                  <td>{token.last_used === null ? "never" : dateText(token.last_used)}</td>
                  <td class="right">
                    <button type="button" class="button danger" onClick={() => end(token)}>
                      End<span class="visually-hidden"> {token.name}</span>
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <TokenForm
        roles={props.roles}
        made={(made) => {
          setSecret(made);
          tokens.reload();
        }}
      />
    </section>
  );
}

const THEMES: { value: Theme; text: string }[] = [
  { value: "system", text: "as the system has it" },
  { value: "light", text: "light" },
  { value: "dark", text: "dark" },
];

function Looks(): JSX.Element {
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (value: string): void => {
    chooseTheme(value as Theme);
    setTheme(value as Theme);
  };
  return (
    <section class="card stack tight" aria-labelledby="looks">
      <h2 id="looks">Looks</h2>
      <p class="soft small">Kept in this browser.</p>
      <div class="row">
        <Select label="Colours" value={theme} options={THEMES} onChange={choose} />
      </div>
    </section>
  );
}

export default function AccountPage(props: PageProps): JSX.Element {
  const roles = (["viewer", "editor", "admin"] as Role[]).filter((role) => atLeast(props.account, role));
  return (
    <>
      <div>
        <h1>Your account</h1>
        <p class="soft">
          {props.account.email}, {props.account.role}
        </p>
      </div>
      <Password />
      <Tokens roles={roles} />
      <Looks />
    </>
  );
}

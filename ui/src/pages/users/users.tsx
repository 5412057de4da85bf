// Who may use Plumbline: accounts and invitations.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import { change } from "../../api/client";
import type { Role } from "../../api/session";
import { useLoad } from "../../components/load";
import { Empty, Failure, Field, Notice, Skeleton } from "../../components/parts";
import { dateText } from "../../components/words";
import type { PageProps } from "../pages";

interface User {
  id: number;
  email: string;
  name: string;
  role: Role;
  disabled: boolean;
  created: string;
}

interface Invitation {
  id: string;
  email: string;
  role: Role;
  invited_by: string;
  expires: string;
}

const ROLES: Role[] = ["viewer", "editor", "admin"];

const MEANING: Record<Role, string> = {
  viewer: "reads everything",
  editor: "also triages insights, edits teams, proposes repositories",
  admin: "also connects Bitbucket, selects repositories, sets policies, invites",
};

function RoleSelect(props: { label: string; value: Role; onChange: (role: Role) => void }): JSX.Element {
  return (
    <select
      class="role-select"
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value as Role)}
    >
      {ROLES.map((role) => (
        <option key={role}>{role}</option>
      ))}
    </select>
  );
}

function UserRow(props: { user: User; isSelf: boolean; put: (user: User, body: object) => void }): JSX.Element {
  const { user, put } = props;
  return (
    <tr>
      <th scope="row">
        {user.name} {props.isSelf && <span class="tag">you</span>} {user.disabled && <span class="tag bad">shut out</span>}
        <div class="soft">{user.email}</div>
      </th>
      <td>
        <RoleSelect label={`Role of ${user.name}`} value={user.role} onChange={(role) => put(user, { role })} />
      </td>
      <td>{dateText(user.created)}</td>
      <td class="right">
        {!props.isSelf && (
          <button
            type="button"
            class={user.disabled ? "button" : "button danger"}
            onClick={() => put(user, { disabled: !user.disabled })}
          >
            {user.disabled ? "Let in again" : "Shut out"}
            <span class="visually-hidden"> {user.name}</span>
          </button>
        )}
      </td>
    </tr>
  );
}

function Invite(props: { made: () => void }): JSX.Element {
  const [error, setError] = useState<unknown>(null);
  const [link, setLink] = useState<{ email: string; link: string } | null>(null);
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    change<{ email: string; link: string }>("POST", "/invitations", {
      email: String(values.get("email")).trim(),
      role: values.get("role"),
    })
      .then((answer) => {
        form.reset();
        setError(null);
        setLink(answer);
        props.made();
      })
      .catch((fault: unknown) => setError(fault));
  };
  return (
    <section class="card stack" aria-labelledby="invite">
      <h2 id="invite">Invite somebody</h2>
      {error !== null && <Failure error={error} />}
      {link !== null && (
        <Notice kind="good">
          Send this link to {link.email}; it works once, for seven days, and is not shown again:{" "}
          <code class="token">{link.link}</code>
        </Notice>
      )}
      <form class="row" onSubmit={submit}>
        <Field label="E-mail address" name="email" type="email" required />
        <div class="field">
          <label for="invite-role">Role</label>
          <select id="invite-role" name="role">
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {role}: {MEANING[role]}
              </option>
            ))}
          </select>
        </div>
        <button class="button primary">Make a link</button>
      </form>
    </section>
  );
}

export default function UsersPage(props: PageProps): JSX.Element {
  const users = useLoad<{ items: User[] }>("/users");
  const invitations = useLoad<{ items: Invitation[] }>("/invitations");
  const [error, setError] = useState<unknown>(null);
  const put = (user: User, body: object): void => {
    change("PATCH", `/users/${user.id}`, body)
      .then(() => setError(null))
      .catch((fault: unknown) => setError(fault))
      .finally(users.reload);
  };
  const takeBack = (invitation: Invitation): void => {
    change("DELETE", `/invitations/${invitation.id}`)
      .then(invitations.reload)
      .catch((fault: unknown) => setError(fault));
  };
  return (
    <>
      <h1>Users</h1>
      {error !== null && <Failure error={error} />}
      {users.error !== null && <Failure error={users.error} retry={users.reload} />}
      {users.value === null && users.error === null && <Skeleton height="8rem" />}
      {users.value !== null && (
        <section class="card table-wrap" aria-label="Accounts">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Account</th>
                <th scope="col">Role</th>
                <th scope="col">Since</th>
                <th scope="col">
                  <span class="visually-hidden">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {users.value.items.map((user) => (
                <UserRow key={user.id} user={user} isSelf={user.email === props.account.email} put={put} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Invite made={invitations.reload} />
      <section class="card stack" aria-labelledby="invitations">
        <h2 id="invitations">Open invitations</h2>
        {invitations.error !== null && <Failure error={invitations.error} retry={invitations.reload} />}
        {invitations.value?.items.length === 0 && <Empty>Nobody is invited at the moment.</Empty>}
        {invitations.value !== null && invitations.value.items.length > 0 && (
          <ul class="plain-list">
            {invitations.value.items.map((invitation) => (
              <li key={invitation.id} class="row between">
                <span>
                  {invitation.email}, {invitation.role}, until {dateText(invitation.expires)}, by{" "}
                  {invitation.invited_by}
                </span>
                <button type="button" class="button" onClick={() => takeBack(invitation)}>
                  Take back<span class="visually-hidden"> the invitation of {invitation.email}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

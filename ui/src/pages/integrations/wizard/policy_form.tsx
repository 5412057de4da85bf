// A policy in few words: where, how many approvals, and whose. Settings has all that a policy can say.
import type { JSX, TargetedEvent } from "preact";
import { useId, useState } from "preact/hooks";

import { change, queryText } from "../../../api/client";
import type { Approvers, PolicyScope, Waiting } from "../../../api/policies";
import { useLoad } from "../../../components/load";
import { Failure, Field } from "../../../components/parts";
import { manyText } from "../../../components/words";
import type { RepositoryRow } from "../rules";

interface Approver {
  kind: "person" | "team";
  id: number;
  name: string;
}

/** "workspace", "project PAY", "repository acme/shop": one text for one choice of the list. */
function subjectOf(text: string): { scope: PolicyScope; subject: string | null } {
  const [scope = "workspace", ...rest] = text.split(" ");
  return { scope: scope as PolicyScope, subject: rest.join(" ") || null };
}

function Where(props: {
  workspace: string;
  repositories: RepositoryRow[];
  value: string;
  choose: (value: string) => void;
}): JSX.Element {
  const id = useId();
  const projects = [...new Map(props.repositories.filter((row) => row.project).map((row) => [row.project, row])).values()];
  return (
    <div class="field">
      <label for={id}>Holds for</label>
      <select id={id} value={props.value} onChange={(event) => props.choose(event.currentTarget.value)}>
        <option value="workspace">All of {props.workspace}</option>
        <optgroup label="Projects">
          {projects.map((row) => (
            <option key={row.project} value={`project ${row.project}`}>
              {row.project_name ?? row.project}
            </option>
          ))}
        </optgroup>
        <optgroup label="Repositories">
          {props.repositories.map((row) => (
            <option key={row.full_name} value={`repository ${row.full_name}`}>
              {row.full_name}
            </option>
          ))}
        </optgroup>
      </select>
    </div>
  );
}

function Chosen(props: { items: Approver[]; remove: (one: Approver) => void }): JSX.Element {
  return (
    <ul class="row tight plain-row" aria-label="Approvers">
      {props.items.map((one) => (
        <li key={`${one.kind} ${one.id}`} class="tag">
          {one.kind === "team" ? `one of ${one.name}` : one.name}
          <button
            type="button"
            class="tag-button"
            aria-label={`Take ${one.name} away`}
            onClick={() => props.remove(one)}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}

/** People are known once their pull requests were read; teams once somebody made them. */
function Whose(props: { workspace: string; items: Approver[]; set: (items: Approver[]) => void }): JSX.Element {
  const [search, setSearch] = useState("");
  const known = useLoad<Approvers>(
    `/policies/approvers${queryText({ workspace: props.workspace, search: search.trim() || null })}`,
  );
  const { items } = props;
  const offered: Approver[] = [
    ...(known.value?.teams ?? []).map((team): Approver => ({ kind: "team", id: team.id, name: team.name })),
    ...(known.value?.people ?? []).map((person): Approver => ({ kind: "person", id: person.id, name: person.name })),
  ].filter((one) => !items.some((other) => other.kind === one.kind && other.id === one.id));
  const isNobody = known.value !== null && search.trim() === "" && offered.length === 0 && items.length === 0;
  if (known.error !== null) return <Failure error={known.error} retry={known.reload} />;
  if (isNobody)
    return (
      <p class="soft small">
        Whose approval it must be can be said once people are known, which is after the first reading: under Settings, in this
        policy.
      </p>
    );
  return (
    <div class="stack tight">
      {items.length > 0 && <Chosen items={items} remove={(one) => props.set(items.filter((other) => other !== one))} />}
      <Field
        label="Approvers (optional)"
        type="search"
        value={search}
        placeholder="Name of a person or team"
        onInput={(event) => setSearch(event.currentTarget.value)}
        hint="Each of them must have approved; of a team, one member."
      />
      <ul class="row tight plain-row" aria-label="Known people and teams">
        {offered.slice(0, 8).map((one) => (
          <li key={`${one.kind} ${one.id}`}>
            <button
              type="button"
              class="button small-button"
              onClick={() => {
                props.set([...items, one]);
                setSearch("");
              }}
            >
              + {one.name}
              {one.kind === "team" && " (team)"}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function PolicyForm(props: {
  workspace: string;
  repositories: RepositoryRow[];
  added: (words: string) => void;
}): JSX.Element {
  const [where, setWhere] = useState("workspace");
  const [least, setLeast] = useState(1);
  const [approvers, setApprovers] = useState<Approver[]>([]);
  const [voids, setVoids] = useState(false);
  const [builds, setBuilds] = useState(false);
  const [from, setFrom] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const { scope, subject } = subjectOf(where);
    change<Waiting | { policy: number }>("POST", `/policies${queryText({ workspace: props.workspace })}`, {
      scope,
      subject,
      least_approvals: least,
      required: approvers.map((one) => ({ kind: one.kind, id: one.id })),
      void_on_push: voids,
      builds_must_pass: builds,
      from: from || null,
    })
      .then((answer) => {
        setApprovers([]);
        props.added(
          "proposal" in answer
            ? `It waits for a second person: ${answer.summary}.`
            : `Added: ${manyText(least, "approval")} for ${subject ?? `all of ${props.workspace}`}.`,
        );
      })
      .catch((fault: unknown) => setError(fault))
      .finally(() => setBusy(false));
  };
  return (
    <form class="stack sub-form" onSubmit={submit} aria-label="A policy">
      <div class="form-pair">
        <Where workspace={props.workspace} repositories={props.repositories} value={where} choose={setWhere} />
        <Field
          label="Least approvals"
          type="number"
          min={0}
          max={100}
          value={least}
          onInput={(event) => setLeast(event.currentTarget.valueAsNumber || 0)}
          hint="By others than the author."
          required
        />
        <Field
          label="In force from"
          type="date"
          value={from}
          onInput={(event) => setFrom(event.currentTarget.value)}
          hint="Empty: from now on. An earlier day judges past merges, too."
        />
      </div>
      <Whose workspace={props.workspace} items={approvers} set={setApprovers} />
      <div>
        <label class="choice">
          <input type="checkbox" checked={voids} onChange={(event) => setVoids(event.currentTarget.checked)} />
          <span>New commits void the approvals before them</span>
        </label>
        <label class="choice">
          <input type="checkbox" checked={builds} onChange={(event) => setBuilds(event.currentTarget.checked)} />
          <span>Builds must pass</span>
        </label>
      </div>
      {error !== null && <Failure error={error} />}
      <div class="row">
        <button class="button primary" disabled={isBusy}>
          Add this policy
        </button>
      </div>
    </form>
  );
}

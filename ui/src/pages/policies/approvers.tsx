// Whom a policy requires: people and teams, found by name.
import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";

import { queryText } from "../../api/client";
import type { Approvers as Found, RequiredApprover } from "../../api/policies";
import { useLoad } from "../../components/load";
import { Failure } from "../../components/parts";
import { manyText } from "../../components/words";

const MOST = 32;
const PAUSE = 200; // ms of no typing before the server is asked

function Named(props: {
  one: RequiredApprover;
  change: (least: number) => void;
  remove: () => void;
}): JSX.Element {
  const { one } = props;
  const id = useId();
  return (
    <li class="approver">
      <span class="approver-name">
        <span class="tag">{one.kind}</span> {one.name}
      </span>
      {one.kind === "team" && (
        <span class="approver-least">
          <label for={id}>
            members<span class="visually-hidden"> of {one.name} who must approve</span>
          </label>
          <input
            id={id}
            type="number"
            min={1}
            max={100}
            value={one.least}
            onInput={(event) => {
              const least = Math.round(Number(event.currentTarget.value));
              if (least >= 1 && least <= 100) props.change(least);
            }}
          />
        </span>
      )}
      <button type="button" class="tag-button" aria-label={`Take ${one.name} away`} onClick={props.remove}>
        ×
      </button>
    </li>
  );
}

type Candidate = Omit<RequiredApprover, "least"> & { about: string };

function candidatesOf(found: Found | null): Candidate[] {
  if (found === null) return [];
  return [
    ...found.teams.map((one) => ({ kind: "team" as const, id: one.id, name: one.name, about: manyText(one.members, "member") })),
    ...found.people.map((one) => ({ kind: "person" as const, id: one.id, name: one.name, about: one.nickname ?? "" })),
  ];
}

export function Approvers(props: {
  workspace: string;
  required: RequiredApprover[];
  set: (required: RequiredApprover[]) => void;
}): JSX.Element {
  const { required, set } = props;
  const id = useId();
  const [text, setText] = useState("");
  const [search, setSearch] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSearch(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const path = search === "" ? null : `/policies/approvers${queryText({ workspace: props.workspace, search })}`;
  const found = useLoad<Found>(path);
  const isNamed = (one: Candidate): boolean => required.some((other) => other.kind === one.kind && other.id === one.id);
  const candidates = search === "" ? [] : candidatesOf(found.value).filter((one) => !isNamed(one));
  const add = (one: Candidate): void => {
    set([...required, { kind: one.kind, id: one.id, name: one.name, least: 1 }]);
    setText("");
    setSearch("");
    document.getElementById(id)?.focus();
  };
  const replace = (index: number, least: number): void =>
    set(required.map((one, i) => (i === index ? { ...one, least } : one)));
  return (
    <div class="stack tight">
      {required.length > 0 && (
        <ul class="plain-list" aria-label="Required approvers">
          {required.map((one, i) => (
            <Named
              key={`${one.kind} ${one.id}`}
              one={one}
              change={(least) => replace(i, least)}
              remove={() => set(required.filter((_, k) => k !== i))}
            />
          ))}
        </ul>
      )}
      {required.length < MOST && (
        <div class="field">
          <label for={id}>Add a person or team</label>
          <input
            id={id}
            type="search"
            autocomplete="off"
            value={text}
            aria-describedby={`${id}-said`}
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault(); // it would send the form
              if (candidates[0] && search === text.trim()) add(candidates[0]);
            }}
          />
          <span class="hint" id={`${id}-said`} role="status">
            {search === ""
              ? "Type a part of the name; Enter takes the first."
              : found.isLoading
                ? "Looking"
                : candidates.length === 0
                  ? "Nobody of this name."
                  : manyText(candidates.length, "match", "matches")}
          </span>
        </div>
      )}
      {found.error !== null && <Failure error={found.error} />}
      {candidates.length > 0 && (
        <ul class="row tight plain-row" aria-label="Matches">
          {candidates.map((one) => (
            <li key={`${one.kind} ${one.id}`}>
              <button type="button" class="button small-button" onClick={() => add(one)}>
                <span class="visually-hidden">Add the {one.kind} </span>
                {one.name} <span class="soft">{one.about}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

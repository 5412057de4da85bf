// Choosing somebody by typing a part of a name: a combobox as the ARIA practices have it.
import type { JSX, TargetedEvent } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import { type Person, findPeople, handleOf } from "../api/people";
import { manyText } from "./words";

export interface Picked {
  id: number;
  name: string;
}

interface Choice extends Picked {
  handle: string;
}

const SHOWN = 8;
const PAUSE = 150; // milliseconds of no typing before the server is asked

interface Found {
  text: string;
  choices: Choice[];
  inAll: number;
  failed: boolean;
}

function choiceOf(person: Person): Choice {
  return { id: person.id, name: person.name, handle: handleOf(person) };
}

/** What the server finds for @text; @near are offered as long as nothing is typed. */
function useFound(workspace: string, text: string, isOpen: boolean, near: Picked[]): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  const asksNobody = text === "" && near.length > 0;
  useEffect(() => {
    if (!isOpen || asksNobody) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      findPeople(workspace, { q: text, show: "people", limit: SHOWN }, abort.signal)
        .then((page) =>
          setFound({ text, choices: page.items.map(choiceOf), inAll: page.in_all, failed: false }),
        )
        .catch(() => {
          if (!abort.signal.aborted) setFound({ text, choices: [], inAll: 0, failed: true });
        });
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [workspace, text, isOpen, asksNobody]);
  if (asksNobody)
    return { text, choices: near.map((one) => ({ ...one, handle: "" })), inAll: near.length, failed: false };
  return found?.text === text ? found : null;
}

function wordsOf(found: Found | null, text: string, isNear: boolean): string {
  if (found === null) return "";
  if (found.failed) return "People could not be searched for; is the server reachable?";
  if (isNear) return "Those nearest to it; type a name to find anybody else.";
  if (found.inAll === 0) return `Nobody has “${text}” in a name or address.`;
  return found.inAll > found.choices.length
    ? `The first ${found.choices.length} of ${manyText(found.inAll, "person", "people")}; type more of the name.`
    : manyText(found.inAll, "person", "people");
}

/** Which option a key leads to; null: none of ours. */
function moved(key: string, at: number, last: number): number | null {
  if (key === "ArrowDown") return at >= last ? 0 : at + 1;
  if (key === "ArrowUp") return at <= 0 ? last : at - 1;
  return null;
}

export function PersonPicker(props: {
  workspace: string;
  label: string;
  hint?: string;
  value: Picked | null;
  pick: (person: Picked | null) => void;
  near?: Picked[];
  autofocus?: boolean;
}): JSX.Element {
  const { value, pick } = props;
  const id = useId();
  const near = props.near ?? [];
  const [typed, setTyped] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const list = useRef<HTMLUListElement>(null);
  const text = value !== null ? value.name : typed;
  const found = useFound(props.workspace, typed.trim(), isOpen, near);
  const choices = isOpen ? (found?.choices ?? []) : [];
  const isNear = typed.trim() === "" && near.length > 0;
  useEffect(() => list.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at]);
  const choose = (choice: Choice): void => {
    setOpen(false);
    setAt(-1);
    setTyped("");
    pick({ id: choice.id, name: choice.name });
  };
  const open = (): void => {
    setOpen(true);
    setAt(-1);
  };
  const type = (now: string): void => {
    if (value !== null) pick(null);
    setTyped(now);
    open();
  };
  const onKey = (event: TargetedEvent<HTMLInputElement, KeyboardEvent>): void => {
    const next = moved(event.key, at, choices.length - 1);
    const chosen = choices[at];
    if (next !== null) {
      if (!isOpen) open();
      else if (choices.length > 0) setAt(next);
    } else if (event.key === "Enter" && isOpen && chosen !== undefined) choose(chosen);
    else if (event.key === "Escape" && isOpen) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="field picker">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        autofocus={props.autofocus ?? false}
        value={text}
        placeholder="a part of a name or address"
        aria-expanded={choices.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={at >= 0 && at < choices.length ? `${id}-${at}` : undefined}
        aria-describedby={`${id}-found${props.hint ? ` ${id}-hint` : ""}`}
        onInput={(event) => type(event.currentTarget.value)}
        onClick={() => !isOpen && open()}
        onKeyDown={onKey}
        onBlur={() => setOpen(false)}
      />
      {props.hint && (
        <span class="hint" id={`${id}-hint`}>
          {props.hint}
        </span>
      )}
      <ul ref={list} id={`${id}-list`} class="picker-list" role="listbox" aria-label={props.label} hidden={choices.length === 0}>
        {choices.map((choice, i) => (
          <li
            key={choice.id}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === at}
            onMouseDown={(event) => event.preventDefault() /* the field keeps the focus */}
            onClick={() => choose(choice)}
          >
            {choice.name} {choice.handle !== "" && <span class="soft small">{choice.handle}</span>}
          </li>
        ))}
      </ul>
      <span class="hint" id={`${id}-found`} role="status">
        {isOpen ? wordsOf(found, typed.trim(), isNear) : ""}
      </span>
    </div>
  );
}

// Filters that somebody keeps by name, in this browser.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { go, usePlace } from "../../router";

const KEY = "plumbline.saved-filters";
const MOST = 50;

interface Saved {
  name: string;
  query: string;
}

function read(): Saved[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    if (!Array.isArray(kept)) return [];
    return kept.filter(
      (one): one is Saved => typeof one === "object" && one !== null && typeof one.name === "string" && typeof one.query === "string",
    );
  } catch {
    return []; // storage is switched off, or holds something else
  }
}

/** FALSE where the browser keeps nothing. */
function write(saved: Saved[]): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(saved));
    return true;
  } catch {
    return false;
  }
}

export function SavedFilters(): JSX.Element {
  const { path, query } = usePlace();
  const [saved, setSaved] = useState(read);
  const [name, setName] = useState("");
  const [message, setMessage] = useState("");
  const here = query.toString();

  const change = (next: Saved[], said: string): void => {
    setMessage(write(next) ? said : "This browser keeps nothing for this page.");
    setSaved(next);
  };
  const save = (event: Event): void => {
    event.preventDefault();
    const chosen = name.trim();
    if (chosen === "") return;
    const others = saved.filter((one) => one.name !== chosen).slice(0, MOST - 1);
    change(
      [...others, { name: chosen, query: here }].sort((a, b) => a.name.localeCompare(b.name)),
      `Saved as ${chosen}.`,
    );
    setName("");
  };
  return (
    <div class="stack tight">
      {saved.length > 0 && (
        <ul class="row tight saved-filters" aria-label="Saved filters">
          {saved.map((one) => (
            <li key={one.name} class="saved-filter">
              <a href={`${path}?${one.query}`} aria-current={one.query === here ? "true" : undefined}>
                {one.name}
              </a>
              <button
                type="button"
                aria-label={`Forget the saved filter ${one.name}`}
                onClick={() => change(saved.filter((other) => other !== one), `${one.name} is forgotten.`)}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <form class="row tight" onSubmit={save}>
        <div class="field inline">
          <label for="save-name">Save these filters as</label>
          <input
            id="save-name"
            value={name}
            maxLength={60}
            onInput={(event) => setName(event.currentTarget.value)}
            autoComplete="off"
          />
        </div>
        <button type="submit" class="button" disabled={name.trim() === ""}>
          Save
        </button>
        {here !== "" && (
          <button type="button" class="button quiet" onClick={() => go(path)}>
            Clear all filters
          </button>
        )}
        <span role="status" class="soft small">
          {message}
        </span>
      </form>
    </div>
  );
}

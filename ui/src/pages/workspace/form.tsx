// What the cards of the workspace's settings share: one form for a few settings, saved together.
import type { ComponentChildren, JSX, TargetedEvent } from "preact";
import { useEffect, useState } from "preact/hooks";

import { ApiError, change, queryText } from "../../api/client";
import { Failure } from "../../components/parts";

export interface Setting {
  key: string;
  value: string;
  default: string;
  is_set: boolean;
  meaning: string;
}

export interface SettingList {
  workspace: string;
  settings: Setting[];
}

export type Values = Record<string, string>;

export interface Editing {
  values: Values;
  set: (key: string, value: string) => void;
  /** The server's words about this setting; null: nothing was refused. */
  faultOf: (key: string) => string | null;
  isAdmin: boolean;
}

/** What became of a setting that is not as it holds by itself. */
export function initialText(setting: Setting): string {
  if (!setting.is_set) return "This is what holds by itself.";
  return setting.default === "" ? "By itself there is none." : `By itself ${setting.default} holds.`;
}

export function SettingsForm(props: {
  id: string;
  title: string;
  effect: string;
  keys: string[];
  list: SettingList;
  isAdmin: boolean;
  saved: (list: SettingList) => void;
  children: (editing: Editing) => ComponentChildren;
}): JSX.Element {
  const mine = props.list.settings.filter((setting) => props.keys.includes(setting.key));
  const stored: Values = Object.fromEntries(mine.map((setting) => [setting.key, setting.value]));
  const [values, setValues] = useState<Values>(stored);
  const [error, setError] = useState<unknown>(null);
  const [state, setState] = useState<"idle" | "busy" | "saved">("idle");
  const storedText = JSON.stringify(stored);
  useEffect(() => setValues(stored), [storedText]);
  const changed = mine.filter((setting) => values[setting.key] !== setting.value);
  const put = (body: Record<string, string | null>): void => {
    setState("busy");
    setError(null);
    change<SettingList>("PATCH", `/settings${queryText({ workspace: props.list.workspace })}`, body)
      .then((list) => {
        setState("saved");
        props.saved(list);
      })
      .catch((fault: unknown) => {
        setState("idle");
        setError(fault);
      });
  };
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    // What is typed as it holds by itself is still said to be set: it stays when the default changes.
    put(Object.fromEntries(changed.map((setting) => [setting.key, values[setting.key] ?? ""])));
  };
  const refusal = error instanceof ApiError && error.status === 422 ? error.message : null;
  const refused = refusal === null ? undefined : props.keys.find((key) => refusal.includes(key));
  const editing: Editing = {
    values,
    set: (key, value) => {
      setState("idle");
      setValues((before) => ({ ...before, [key]: value }));
    },
    faultOf: (key) => (key === refused ? refusal : null),
    isAdmin: props.isAdmin,
  };
  const isSet = mine.some((setting) => setting.is_set);
  return (
    <section class="card stack" aria-labelledby={props.id}>
      <div>
        <h2 id={props.id}>{props.title}</h2>
        <p class="soft">{props.effect}</p>
      </div>
      <form class="stack" onSubmit={submit}>
        <fieldset class="plain-fieldset stack" disabled={!props.isAdmin || state === "busy"}>
          <legend class="visually-hidden">{props.title}</legend>
          {props.children(editing)}
        </fieldset>
        {error !== null && refused === undefined && <Failure error={error} />}
        {props.isAdmin && (
          <div class="row tight">
            <button class="button primary" disabled={changed.length === 0 || state === "busy"}>
              {state === "busy" ? "Saving…" : "Save"}
              <span class="visually-hidden"> {props.title}</span>
            </button>
            {isSet && (
              <button
                type="button"
                class="button"
                disabled={state === "busy"}
                onClick={() =>
                  put(Object.fromEntries(mine.filter((one) => one.is_set).map((one) => [one.key, null])))
                }
              >
                Back to what holds by itself<span class="visually-hidden"> for {props.title}</span>
              </button>
            )}
            <span role="status" class="soft small">
              {state === "saved" && "Saved; numbers and findings follow."}
            </span>
          </div>
        )}
      </form>
    </section>
  );
}

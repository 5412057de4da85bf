// Which repositories of a workspace are read.
import type { JSX, TargetedEvent } from "preact";
import { useEffect, useState } from "preact/hooks";

import { change, queryText } from "../../api/client";
import type { Selection, SelectionRule } from "../../api/connections";
import type { Waiting } from "../../api/policies";
import { useLoad } from "../../components/load";
import { Empty, Failure, Field, Notice, Skeleton } from "../../components/parts";
import { bytesText, countText, dateText, manyText } from "../../components/words";
import { isChosen, type RepositoryRow, rulesOf, withPattern, withProject, withRepository } from "./rules";

const SHOWN_FIRST = 100;

function Patterns(props: { rules: SelectionRule[]; set: (rules: SelectionRule[]) => void }): JSX.Element {
  const [text, setText] = useState("");
  const patterns = props.rules.filter((rule) => rule.kind === "pattern");
  const add = (include: boolean): void => {
    const name = text.trim();
    if (name === "") return;
    props.set(withPattern(props.rules, name, include));
    setText("");
  };
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    add(true);
  };
  return (
    <div class="stack tight">
      {patterns.length > 0 && (
        <ul class="row tight plain-row" aria-label="Patterns">
          {patterns.map((rule) => (
            <li key={rule.name} class="tag">
              {rule.include ? "read" : "leave out"} <code>{rule.name}</code>
              <button
                type="button"
                class="tag-button"
                aria-label={`Take the pattern ${rule.name} away`}
                onClick={() => props.set(props.rules.filter((other) => other !== rule))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <form class="row pattern-form" onSubmit={submit}>
        <Field
          label="Pattern"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          placeholder="acme/service-*"
          hint="Holds for repositories to come as well; * alone is everything."
        />
        <button class="button">Read</button>
        <button type="button" class="button" onClick={() => add(false)}>
          Leave out
        </button>
      </form>
    </div>
  );
}

/** How large and how lively it is. */
function aboutText(row: RepositoryRow): string {
  return [
    row.pull_requests > 0 ? manyText(row.pull_requests, "pull request") : "nothing read yet",
    row.size_bytes !== null ? bytesText(row.size_bytes) : null,
    row.updated !== null ? `changed ${dateText(row.updated)}` : null,
  ]
    .filter((part) => part !== null)
    .join(", ");
}

function Row(props: { row: RepositoryRow; isChecked: boolean; set: (include: boolean) => void }): JSX.Element {
  const { row } = props;
  return (
    <li>
      <label class="choice">
        <input
          type="checkbox"
          checked={props.isChecked}
          onChange={(event) => props.set(event.currentTarget.checked)}
        />
        <span class="choice-name">
          {row.full_name}
          {row.state !== "active" && " "}
          {row.state !== "active" && <span class="tag bad">{row.state}</span>}
        </span>
        <span class="soft small number">
          {aboutText(row)}
        </span>
      </label>
    </li>
  );
}

function Project(props: {
  projectKey: string;
  title: string;
  rows: RepositoryRow[];
  all: RepositoryRow[];
  rules: SelectionRule[];
  set: (rules: SelectionRule[]) => void;
}): JSX.Element {
  const { rows, rules, set, projectKey } = props;
  const whole = props.all.filter((row) => (row.project ?? "") === projectKey);
  const chosen = whole.filter((row) => isChosen(rules, row)).length;
  return (
    <fieldset class="project">
      <legend>
        {props.title} <span class="soft small">{`${countText(chosen)} of ${countText(whole.length)}`}</span>
      </legend>
      {projectKey !== "" && (
        <div class="row tight">
          <button type="button" class="button small-button" onClick={() => set(withProject(rules, projectKey, props.all, true))}>
            Read all of {projectKey}, also those to come
          </button>
          <button type="button" class="button small-button" onClick={() => set(withProject(rules, projectKey, props.all, false))}>
            Read none<span class="visually-hidden"> of {projectKey}</span>
          </button>
        </div>
      )}
      <ul class="plain-list choices">
        {rows.map((row) => (
          <Row
            key={row.full_name}
            row={row}
            isChecked={isChosen(rules, row)}
            set={(include) => set(withRepository(rules, row, include))}
          />
        ))}
      </ul>
    </fieldset>
  );
}

function grouped(rows: RepositoryRow[]): [string, RepositoryRow[]][] {
  const groups = new Map<string, RepositoryRow[]>();
  for (const row of rows) groups.set(row.project ?? "", [...(groups.get(row.project ?? "") ?? []), row]);
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

/**
 * @save: what the button says in the set-up, where nothing need be altered to go on. @proposes: what is chosen is left to
 * an administrator's decision.
 */
export function Repositories(props: {
  workspace: string;
  save?: string;
  saved: () => void;
  proposes?: boolean;
}): JSX.Element {
  const query = queryText({ workspace: props.workspace });
  const repositories = useLoad<{ items: RepositoryRow[] }>(`/repositories${query}`);
  const selection = useLoad<Selection>(`/repositories/selection${query}`);
  const [rules, setRules] = useState<SelectionRule[] | null>(null);
  const [search, setSearch] = useState("");
  const [isWhole, setWhole] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [said, setSaid] = useState<string | null>(null);
  const rows = repositories.value?.items ?? null;
  useEffect(() => {
    if (selection.value && rows && rules === null)
      setRules(selection.value.rules.length > 0 ? selection.value.rules : rulesOf(rows));
  }, [selection.value, rows]);
  const fault = repositories.error ?? selection.error;
  if (fault !== null) return <Failure error={fault} retry={repositories.reload} />;
  if (rows === null || rules === null) return <Skeleton height="12rem" />;
  if (rows.length === 0) return <Empty>The connection sees no repository in {props.workspace}.</Empty>;

  const words = search.trim().toLowerCase();
  const found = rows.filter((row) => `${row.full_name} ${row.project_name ?? ""}`.toLowerCase().includes(words));
  const shown = isWhole ? found : found.slice(0, SHOWN_FIRST);
  const changed = rows.filter((row) => isChosen(rules, row) !== row.selected).length;
  const chosen = rows.filter((row) => isChosen(rules, row)).length;
  const set = (next: SelectionRule[]): void => {
    setRules(next);
    setSaid(null);
  };
  const isUnaltered = selection.value !== null && JSON.stringify(selection.value.rules) === JSON.stringify(rules);
  const save = (): void => {
    if (props.save !== undefined && isUnaltered) {
      props.saved();
      return;
    }
    (props.proposes
      ? change<Waiting>("POST", `/proposals${query}`, { do: "select", rules })
      : change<Selection | Waiting>("PUT", `/repositories/selection${query}`, { rules })
    )
      .then((answer) => {
        setError(null);
        if ("proposal" in answer) {
          setSaid(`Proposal ${answer.proposal} waits for an administrator's decision: ${answer.summary}.`);
          if (props.save !== undefined && selection.value !== null) setRules(selection.value.rules); // and so one may go on
          return;
        }
        setRules(answer.rules);
        setSaid(
          `Saved: ${manyText(answer.selected ?? 0, "repository", "repositories")} newly read, ${countText(answer.deselected ?? 0)} no longer. What was read of those stays.`,
        );
        repositories.reload();
        props.saved();
      })
      .catch((failure: unknown) => setError(failure));
  };
  return (
    <div class="stack">
      <Patterns rules={rules} set={set} />
      <Field label="Search" type="search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
      {found.length === 0 && <Empty>No repository of this name.</Empty>}
      {grouped(shown).map(([key, group]) => (
        <Project
          key={key}
          projectKey={key}
          title={key === "" ? "Without a project" : `${group[0]?.project_name ?? key} (${key})`}
          rows={group}
          all={rows}
          rules={rules}
          set={set}
        />
      ))}
      {found.length > shown.length && (
        <button type="button" class="button" onClick={() => setWhole(true)}>
          Show the other {countText(found.length - shown.length)}
        </button>
      )}
      {error !== null && <Failure error={error} />}
      {said !== null && <Notice kind="good">{said}</Notice>}
      <div class="row">
        <button type="button" class="button primary" disabled={rules.length === 0} onClick={save}>
          {props.save ?? (props.proposes ? "Propose the selection" : "Save the selection")}
        </button>
        <span class="soft" role="status">
          {`${countText(chosen)} of ${manyText(rows.length, "repository", "repositories")} will be read`}
          {changed > 0 && `; ${manyText(changed, "change")} not saved yet`}
        </span>
      </div>
    </div>
  );
}

// One rule: what it looks at, whether it is on, its parameters; tried on the last 90 days before it is saved.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { change, queryText } from "../../api/client";
import type { DryRun, Rule } from "../../api/insights";
import { SeverityTag } from "../../components/findings";
import { Failure } from "../../components/parts";
import { manyText } from "../../components/words";
import type { Desk } from "../../components/workspace";
import { type Draft, ParameterField, changesOf, faultOf } from "./parameters";

function Tried(props: { result: DryRun }): JSX.Element {
  const { as_set, as_tried, days } = props.result;
  return (
    <p role="status">
      Last {days} days: <strong>{manyText(as_set.findings, "finding")} as set</strong>,{" "}
      <strong>{as_tried.findings} as tried</strong>; {as_set.holding} of them hold now as set, {as_tried.holding} as
      tried.
    </p>
  );
}

function Switch(props: { rule: Rule; isDisabled: boolean; onChange: (isOn: boolean) => void }): JSX.Element {
  const { rule } = props;
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        checked={rule.is_on}
        disabled={props.isDisabled}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>{rule.is_on ? "on" : "off"}</span>
      <span class="visually-hidden">: {rule.title}</span>
    </label>
  );
}

export function RuleCard(props: {
  rule: Rule;
  workspaceRule: Rule | null; // as the workspace has it, while a repository is set
  desk: Desk;
  repository: string;
  isAdmin: boolean;
  isMarked: boolean;
  saved: () => void;
}): JSX.Element {
  const { rule, workspaceRule, isAdmin } = props;
  const query = queryText({ workspace: props.desk.workspace.slug, repository: props.repository });
  const path = `/rules/${encodeURIComponent(rule.id)}`;
  const [draft, setDraft] = useState<Draft>({});
  const [result, setResult] = useState<DryRun | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState<"trying" | "saving" | null>(null);
  useEffect(() => {
    setDraft({});
    setResult(null);
    setError(null);
  }, [props.repository]);

  const changes = changesOf(rule.parameters, draft);
  const isChanged = Object.keys(changes).length > 0;
  const isFaulty = rule.parameters.some((one) => draft[one.id] !== undefined && faultOf(one, draft[one.id] ?? "") !== null);
  const inherited = (id: string): number | null => {
    const here = rule.parameters.find((one) => one.id === id)?.value;
    const above = workspaceRule?.parameters.find((one) => one.id === id)?.value ?? null;
    return above !== null && above !== here ? above : null;
  };
  const isOwn =
    workspaceRule !== null
      ? workspaceRule.is_on !== rule.is_on || rule.parameters.some((one) => inherited(one.id) !== null)
      : rule.parameters.some((one) => one.value !== one.default);
  const run = (what: "trying" | "saving", work: () => Promise<void>): void => {
    setBusy(what);
    work()
      .then(() => setError(null))
      .catch((fault: unknown) => setError(fault))
      .finally(() => setBusy(null));
  };
  const patch = (body: object): void =>
    run("saving", async () => {
      await change("PATCH", path + query, body);
      setDraft({});
      setResult(null);
      props.saved();
    });
  const tryIt = (): void =>
    run("trying", async () => setResult(await change<DryRun>("POST", `${path}/dry-run${query}`, { parameters: changes })));
  const takeBack = (): void =>
    patch({
      ...(workspaceRule !== null ? { is_on: null } : {}),
      parameters: Object.fromEntries(rule.parameters.map((one) => [one.id, null])),
    });

  return (
    <section class="card rule" data-off={!rule.is_on} data-marked={props.isMarked} id={rule.id} aria-labelledby={`${rule.id}-title`}>
      <div class="row between rule-head">
        <h3 id={`${rule.id}-title`} class="row tight">
          {rule.title} <SeverityTag severity={rule.severity} />
        </h3>
        <Switch
          rule={rule}
          isDisabled={!isAdmin || busy !== null}
          onChange={(isOn) => patch({ is_on: isOn })}
        />
      </div>
      <p>{rule.condition}</p>
      <p class="soft small">{rule.why}</p>
      {rule.parameters.length > 0 && (
        <div class="parameters">
          {rule.parameters.map((parameter) => (
            <ParameterField
              key={parameter.id}
              parameter={parameter}
              inherited={inherited(parameter.id)}
              text={draft[parameter.id] ?? String(parameter.value)}
              isReadOnly={!isAdmin}
              onInput={(text) => {
                setDraft((before) => ({ ...before, [parameter.id]: text }));
                setResult(null);
              }}
            />
          ))}
        </div>
      )}
      {error !== null && <Failure error={error} />}
      {result !== null && <Tried result={result} />}
      {isAdmin && (isChanged || isFaulty) && (
        <div class="row tight">
          <button type="button" class="button" disabled={isFaulty || busy !== null} onClick={tryIt}>
            {busy === "trying" ? "Trying" : "Try on the last 90 days"}
          </button>
          <button
            type="button"
            class="button primary"
            disabled={isFaulty || busy !== null}
            onClick={() => patch({ parameters: changes })}
          >
            Save
          </button>
          <button
            type="button"
            class="button quiet"
            onClick={() => {
              setDraft({});
              setResult(null);
              setError(null);
            }}
          >
            Discard
          </button>
        </div>
      )}
      {isAdmin && isOwn && !isChanged && (
        <div>
          <button type="button" class="button small-button" disabled={busy !== null} onClick={takeBack}>
            {workspaceRule !== null ? "As in the workspace" : "Back to the defaults"}
            <span class="visually-hidden">: {rule.title}</span>
          </button>
        </div>
      )}
    </section>
  );
}

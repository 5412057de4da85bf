// The fields of a policy: where it holds, what it asks for, from when.
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

import { queryText } from "../../api/client";
import type { PolicyScope } from "../../api/policies";
import { useLoad } from "../../components/load";
import { Failure, Field } from "../../components/parts";
import { Approvers } from "./approvers";
import { type Draft, faultsOf } from "./draft";

interface Place {
  full_name: string;
  project: string | null;
  project_name: string | null;
}

function Check(props: {
  label: string;
  hint: string;
  isOn: boolean;
  set: (isOn: boolean) => void;
}): JSX.Element {
  const id = useId();
  return (
    <div class="policy-check">
      <label>
        <input
          type="checkbox"
          checked={props.isOn}
          aria-describedby={`${id}-hint`}
          onChange={(event) => props.set(event.currentTarget.checked)}
        />
        {props.label}
      </label>
      <span class="soft small" id={`${id}-hint`}>
        {props.hint}
      </span>
    </div>
  );
}

function Choice(props: {
  label: string;
  value: string;
  fault?: string | undefined;
  set: (value: string) => void;
  children: ComponentChildren;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select
        id={id}
        value={props.value}
        aria-invalid={props.fault ? "true" : undefined}
        aria-describedby={props.fault ? `${id}-fault` : undefined}
        onChange={(event) => props.set(event.currentTarget.value)}
      >
        {props.children}
      </select>
      {props.fault && (
        <span class="fault" id={`${id}-fault`}>
          {props.fault}
        </span>
      )}
    </div>
  );
}

interface Part {
  workspace: string;
  draft: Draft;
  set: (changes: Partial<Draft>) => void;
  isTold: boolean; // whether what is wrong with it is shown
}

/** Only of a new policy: the versions of one share where they hold. */
function Reach(props: Part): JSX.Element {
  const { draft, set } = props;
  const places = useLoad<{ items: Place[] }>(`/repositories${queryText({ workspace: props.workspace })}`);
  const items = places.value?.items ?? [];
  const projects = new Map(items.flatMap((one) => (one.project === null ? [] : [[one.project, one.project_name ?? one.project]])));
  const faults = props.isTold ? faultsOf(draft) : {};
  return (
    <fieldset class="policy-part">
      <legend>Where it holds</legend>
      {places.error !== null && <Failure error={places.error} retry={places.reload} />}
      <div class="form-pair">
        <Choice label="For" value={draft.scope} set={(scope) => set({ scope: scope as PolicyScope, subject: "" })}>
          <option value="workspace">the whole workspace</option>
          <option value="project">a project</option>
          <option value="repository">a repository</option>
        </Choice>
        {draft.scope === "project" && (
          <Choice label="Project" value={draft.subject} fault={faults.subject} set={(subject) => set({ subject })}>
            <option value="">Choose a project</option>
            {[...projects].sort().map(([key, name]) => (
              <option key={key} value={key}>
                {name === key ? key : `${name} (${key})`}
              </option>
            ))}
          </Choice>
        )}
        {draft.scope === "repository" && (
          <Choice label="Repository" value={draft.subject} fault={faults.subject} set={(subject) => set({ subject })}>
            <option value="">Choose a repository</option>
            {items.map((one) => (
              <option key={one.full_name}>{one.full_name}</option>
            ))}
          </Choice>
        )}
      </div>
      <div class="form-pair">
        <Choice
          label="Target branch"
          value={draft.isPattern ? "pattern" : "main"}
          set={(value) => set({ isPattern: value === "pattern" })}
        >
          <option value="main">each repository's main branch</option>
          <option value="pattern">branches that fit a pattern</option>
        </Choice>
        {draft.isPattern && (
          <Field
            label="Pattern"
            value={draft.pattern}
            placeholder="release/*"
            hint="* stands for any text, also with /, and ? for one letter."
            fault={faults.pattern ?? null}
            onInput={(event) => set({ pattern: event.currentTarget.value })}
          />
        )}
      </div>
    </fieldset>
  );
}

function Asks(props: Part): JSX.Element {
  const { draft, set } = props;
  const faults = props.isTold ? faultsOf(draft) : {};
  return (
    <fieldset class="policy-part">
      <legend>What a merge needs</legend>
      <div class="form-pair">
        <Field
          label="Least approvals"
          type="number"
          min={0}
          max={100}
          value={draft.approvals}
          fault={faults.approvals ?? null}
          onInput={(event) => set({ approvals: event.currentTarget.value })}
        />
      </div>
      <Approvers workspace={props.workspace} required={draft.required} set={(required) => set({ required })} />
      {draft.required.length > 1 && (
        <div class="form-pair">
          <Field
            label="How many of these must be satisfied"
            type="number"
            min={0}
            max={draft.required.length}
            value={draft.requiredLeast}
            placeholder="all"
            hint="Empty: all of them."
            fault={faults.requiredLeast ?? null}
            onInput={(event) => set({ requiredLeast: event.currentTarget.value })}
          />
        </div>
      )}
      <div class="stack tight">
        <Check
          label="New commits void approvals"
          hint="An approval ends when the source changes after it."
          isOn={draft.voidOnPush}
          set={(voidOnPush) => set({ voidOnPush })}
        />
        <Check
          label="Builds must pass"
          hint="At least one build of the newest commit passed before the merge, and none failed or was running."
          isOn={draft.buildsMustPass}
          set={(buildsMustPass) => set({ buildsMustPass })}
        />
        <Check
          label="The author counts"
          hint="An approval by the author is one."
          isOn={draft.authorCounts}
          set={(authorCounts) => set({ authorCounts })}
        />
      </div>
    </fieldset>
  );
}

/** @isNew: of a new policy, which may be placed anywhere; else of a further version. */
export function PolicyFields(props: Part & { isNew: boolean }): JSX.Element {
  return (
    <>
      {props.isNew && <Reach {...props} />}
      <Asks {...props} />
      <fieldset class="policy-part">
        <legend>From when</legend>
        <div class="form-pair">
          <Field
            label="In force from"
            type="date"
            value={props.draft.from}
            hint={
              props.isNew
                ? "Empty: at once. An earlier day judges the merges since then by it."
                : "Empty: at once. What was in force before stays as it was."
            }
            onInput={(event) => props.set({ from: event.currentTarget.value })}
          />
        </div>
      </fieldset>
    </>
  );
}

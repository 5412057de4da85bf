// Acting on a finding: at once where nothing has to be said, else by a dialog that asks.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import {
  type Action,
  type Finding,
  type FindingWithHistory,
  type Step,
  actionsFor,
  endMute,
  getFinding,
  takeStep,
} from "../../api/insights";
import { type Account, atLeast } from "../../api/session";
import { Dialog } from "../../components/dialog";
import { headingText } from "../../components/findings";
import { Failure, Field } from "../../components/parts";
import { type Picked, PersonPicker } from "../../components/person_picker";

const TITLES: Record<Action, string> = {
  acknowledge: "Acknowledge",
  snooze: "Snooze",
  dismiss: "Dismiss",
  mute: "Mute",
  assign: "Assign",
  reopen: "Reopen",
};

const DONE: Record<Action, string> = {
  acknowledge: "Acknowledged",
  snooze: "Snoozed",
  dismiss: "Dismissed",
  mute: "Muted",
  assign: "Assigned",
  reopen: "Reopened",
};

export const KEYS: Record<string, Action> = { a: "acknowledge", s: "snooze", d: "dismiss", m: "mute", p: "assign" };

const ASKS = new Set<Action>(["snooze", "dismiss", "mute", "assign"]);

function leadOf(action: Action, finding: Finding): string {
  const place = finding.repository?.name ?? "this workspace";
  switch (action) {
    case "snooze":
      return "It is silent until then, and open again after that if its condition still holds.";
    case "dismiss":
      return "It stays silent for as long as its condition holds. Whoever looks for it later reads your reason.";
    case "mute":
      return `Silences “${finding.title}” in ${place} for everything like it, now and from now on.`;
    default:
      return "Who takes the next step.";
  }
}

/** People who are near to the finding; those without a name cannot be chosen by it. */
function peopleOf(finding: Finding): Picked[] {
  const people = [...finding.nearest, finding.person, ...finding.evidence.map((piece) => piece.person)];
  const near = new Map<number, Picked>();
  for (const person of people)
    if (person !== null && person.name !== null) near.set(person.id, { id: person.id, name: person.name });
  return [...near.values()];
}

function stepOf(action: Action, values: FormData, person: Picked | null): Step {
  const note = String(values.get("note") ?? "").trim();
  const step: Step = { action };
  if (note !== "") step.note = note;
  const days = Number(values.get("days") ?? 0);
  if (days > 0) step.days = days;
  if (action === "assign" && person !== null) step.person = person.id;
  return step;
}

function Note(props: { isRequired: boolean }): JSX.Element {
  return (
    <div class="field">
      <label for="action-note">{props.isRequired ? "Reason" : "Note (optional)"}</label>
      <textarea
        id="action-note"
        name="note"
        rows={3}
        maxLength={2000}
        required={props.isRequired}
        autofocus={props.isRequired}
      />
    </div>
  );
}

function ActionDialog(props: {
  workspace: string;
  action: Action;
  finding: Finding;
  take: (step: Step) => Promise<void>;
  close: () => void;
}): JSX.Element {
  const { action, finding } = props;
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const [person, setPerson] = useState<Picked | null>(null);
  const take = (step: Step): void => {
    setBusy(true);
    props.take(step).catch((fault: unknown) => {
      setError(fault);
      setBusy(false);
    });
  };
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    take(stepOf(action, new FormData(event.currentTarget), person));
  };
  return (
    <Dialog title={`${TITLES[action]}: ${headingText(finding)}`} close={props.close}>
      <form class="stack" onSubmit={submit}>
        <p class="soft">{leadOf(action, finding)}</p>
        {error !== null && <Failure error={error} />}
        {action === "snooze" && (
          <Field label="Days" name="days" type="number" min={1} max={365} value={7} required autofocus />
        )}
        {action === "assign" ? (
          <PersonPicker
            workspace={props.workspace}
            label="Person"
            value={person}
            pick={setPerson}
            near={peopleOf(finding)}
            autofocus
          />
        ) : (
          <Note isRequired={action !== "snooze"} />
        )}
        {action === "mute" && (
          <Field
            label="Days"
            name="days"
            type="number"
            min={1}
            max={365}
            hint="Empty: until somebody ends it."
          />
        )}
        <div class="row end">
          {action === "assign" && finding.assigned_to !== null && (
            <button type="button" class="button" disabled={isBusy} onClick={() => take({ action })}>
              Take it from {finding.assigned_to.name ?? "whoever has it"}
            </button>
          )}
          <button type="button" class="button" onClick={props.close}>
            Cancel
          </button>
          <button class="button primary" disabled={isBusy || (action === "assign" && person === null)}>
            {TITLES[action]}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export interface Acting {
  /** Ends the mute that silences a finding, and everything like it. */
  unmute: (finding: Finding) => void;
  /** Begins an action, or says why it cannot be taken. */
  begin: (action: Action, finding: Finding) => void;
  dialog: JSX.Element | null;
  /** For a live region: what was done, or why nothing was. */
  said: string | null;
  error: unknown;
}

/** @done gets the finding as it is after the step. */
export function useActing(
  workspace: string,
  account: Account,
  done: (after: FindingWithHistory, action: Action) => void,
): Acting {
  const [asked, setAsked] = useState<{ action: Action; finding: Finding } | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const take = async (finding: Finding, step: Step): Promise<void> => {
    const after = await takeStep(workspace, finding.id, step);
    setAsked(null);
    setError(null);
    setSaid(`${DONE[step.action]}: ${headingText(finding)}`);
    done(after, step.action);
  };
  const begin = (action: Action, finding: Finding): void => {
    const state = finding.muted_by !== null ? "muted" : finding.state;
    setError(null);
    if (!atLeast(account, "editor"))
      setSaid("Only editors and administrators act on findings; your role is viewer.");
    else if (!actionsFor(finding).includes(action))
      setSaid(`“${TITLES[action]}” does not go with a finding that is ${state}.`);
    else if (ASKS.has(action)) setAsked({ action, finding });
    else take(finding, { action }).catch((fault: unknown) => setError(fault));
  };
  const unmute = (finding: Finding): void => {
    if (finding.muted_by === null) return;
    endMute(workspace, finding.muted_by)
      .then(() => getFinding(workspace, finding.id))
      .then((after) => {
        setError(null);
        setSaid(`The mute is ended: ${headingText(finding)}`);
        done(after, "reopen");
      })
      .catch((fault: unknown) => setError(fault));
  };
  const dialog =
    asked === null ? null : (
      <ActionDialog
        workspace={workspace}
        action={asked.action}
        finding={asked.finding}
        take={(step) => take(asked.finding, step)}
        close={() => setAsked(null)}
      />
    );
  return { begin, unmute, dialog, said, error };
}

export function ActionButtons(props: { finding: Finding; account: Account; acting: Acting }): JSX.Element {
  const { finding } = props;
  if (!atLeast(props.account, "editor"))
    return <p class="soft small">Your role is viewer. Editors and administrators act on findings.</p>;
  if (finding.ended !== null)
    return <p class="soft small">Its condition has ended. It opens again by itself if the condition comes back.</p>;
  if (finding.muted_by !== null)
    return (
      <div class="row tight">
        <button type="button" class="button" onClick={() => props.acting.unmute(finding)}>
          End the mute
        </button>
        <span class="soft small">It is muted, and everything like it; ending the mute opens all of them again.</span>
      </div>
    );
  return (
    <div class="row tight">
      {actionsFor(finding).map((action, i) => (
        <button
          key={action}
          type="button"
          class={i === 0 ? "button primary" : "button"}
          aria-keyshortcuts={Object.keys(KEYS).find((key) => KEYS[key] === action)}
          onClick={() => props.acting.begin(action, finding)}
        >
          {TITLES[action]}
        </button>
      ))}
    </div>
  );
}

// Findings and rules, as docs/insights.md describes them.
import { change, get, queryText } from "./client";

export type FindingState = "open" | "acknowledged" | "snoozed" | "resolved" | "dismissed";
export type Severity = "notice" | "warning" | "critical";
export type Action = "acknowledge" | "snooze" | "dismiss" | "mute" | "assign" | "reopen";

export const STATES: FindingState[] = ["open", "acknowledged", "snoozed", "resolved", "dismissed"];
export const SEVERITIES: Severity[] = ["critical", "warning", "notice"];

export interface Named {
  id: number;
  name: string | null;
}

export interface Evidence {
  repository: Named | null;
  number: number | null;
  person: Named | null;
  at: string | null;
  text: string | null;
  url: string | null;
}

export interface Finding {
  id: string;
  rule: string;
  title: string;
  family: string;
  why: string;
  severity: Severity;
  state: FindingState;
  repository: Named | null;
  number: number | null;
  pull_request_title: string | null;
  person: Named | null;
  subject: string | null;
  since: string | null;
  first_seen: string | null;
  last_seen: string | null;
  ended: string | null;
  took: number | null;
  snoozed_until: string | null;
  assigned_to: Named | null;
  muted_by: string | null;
  reopened: number;
  what: string;
  next: string | null;
  nearest: Named[];
  evidence: Evidence[];
  evidence_in_all: number;
}

export interface FindingEvent {
  at: string;
  kind: string;
  actor: string | null; // null: Plumbline itself
  note: string | null;
}

export type FindingWithHistory = Finding & { history: FindingEvent[] };

export interface FindingList {
  now: string; // by Bitbucket's clock
  findings: Finding[];
}

export interface RuleParameter {
  id: string;
  title: string;
  unit: string;
  value: number;
  default: number;
  least: number;
  greatest: number;
  source: string;
}

export interface Rule {
  id: string;
  title: string;
  condition: string;
  why: string;
  family: string;
  severity: Severity;
  is_on: boolean;
  parameters: RuleParameter[];
}

export interface RuleList {
  rules: Rule[];
}

export interface DryRunCount {
  findings: number; // different conditions in the days
  holding: number; // now
}

export interface DryRun {
  rule: string;
  days: number;
  as_set: DryRunCount;
  as_tried: DryRunCount;
}

export interface Step {
  action: Action;
  note?: string;
  days?: number;
  person?: number; // an id; nobody without it
}

/** What is not told: of a rule, where given only of a repository, pull request, person, subject. */
export interface Mute {
  id: string;
  rule: string;
  repository: Named | null;
  number: number | null;
  person: Named | null;
  subject: string | null;
  reason: string;
  actor: string | null;
  created: string;
  until: string | null; // null: until somebody ends it
}

/** Everything that it silenced is open again. */
export function endMute(workspace: string, id: string): Promise<undefined> {
  return change("DELETE", `/mutes/${encodeURIComponent(id)}${queryText({ workspace })}`);
}

/** The actions that make sense in a state; the server refuses the others as well. */
export function actionsFor(finding: Finding): Action[] {
  if (finding.ended !== null) return [];
  switch (finding.state) {
    case "open":
      return ["acknowledge", "snooze", "dismiss", "mute", "assign"];
    case "acknowledged":
      return ["snooze", "dismiss", "mute", "assign", "reopen"];
    case "snoozed":
      return ["acknowledge", "snooze", "dismiss", "mute", "assign", "reopen"];
    case "dismissed":
      return finding.muted_by === null ? ["reopen"] : [];
    case "resolved":
      return [];
  }
}

export function takeStep(workspace: string, id: string, step: Step): Promise<FindingWithHistory> {
  return change("POST", `/findings/${encodeURIComponent(id)}/steps${queryText({ workspace })}`, step);
}

export function getFinding(workspace: string, id: string): Promise<FindingWithHistory> {
  return get(`/findings/${encodeURIComponent(id)}${queryText({ workspace })}`);
}

// Pull requests, in lists and one by one. Spans are seconds; what is absent is null.
import type { FindingState, Severity } from "./insights";

export type PullState = "OPEN" | "MERGED" | "DECLINED" | "SUPERSEDED" | "UNKNOWN";

export interface PullPerson {
  id: number;
  name: string;
  is_bot: boolean;
}

export interface PullRow {
  repository: { id: number; name: string; key: string };
  number: number;
  title: string;
  state: PullState;
  draft: boolean;
  author: PullPerson;
  branch: string | null;
  url: string | null;
  first_commit: string | null;
  opened: string;
  ready: string | null;
  first_review: string | null;
  approved: string | null;
  merged: string | null;
  declined: string | null;
  released: string | null;
  last_activity: string | null;
  waiting_on: "ready" | "review" | "author" | "merge" | null;
  waiting_since: string | null;
  durations: Record<string, number | null>;
  working: Record<string, number | null>;
  size: string;
  lines: number | null;
  files: number | null;
  rounds: number;
  pushes: number;
  review_comments: number;
  author_comments: number;
  bot_comments: number;
  reviewers: number;
  approvals: number;
  commits: number | null;
  unreviewed: boolean;
  self_merged: boolean;
  late_change: boolean;
}

export interface PullList {
  now: string;
  n: number;
  excluded: number; // opened by bots or by people who are left out
  next: string | null;
  items: PullRow[];
}

export interface PhaseSpan {
  id: string; // the measure
  from: string;
  until: string;
  seconds: number;
  working_seconds: number;
}

export interface Moment {
  at: string;
  kind: string;
  actor: PullPerson | null;
  subject: PullPerson | null;
  comment?: number | null;
  reply_to?: number | null;
  inline?: boolean;
  deleted?: boolean;
  resolved?: string | null;
}

export interface PullReview {
  person: PullPerson;
  counts: boolean; // neither a bot nor left out
  is_reviewer: boolean;
  asked: string | null;
  responded: string | null;
  seconds: number | null;
  working_seconds: number | null;
  comments: number;
  approvals: number;
  change_requests: number;
}

export interface PullBuild {
  key: string;
  name: string | null;
  url: string | null;
  state: "unknown" | "in-progress" | "successful" | "failed" | "stopped";
  created: string | null;
  updated: string | null;
}

export interface PullTask {
  id: number;
  creator: PullPerson | null;
  created: string | null;
  resolver: PullPerson | null;
  resolved: string | null;
}

export interface PullFinding {
  id: string;
  rule: string;
  title: string;
  severity: Severity;
  state: FindingState;
  since: string | null;
  ended: string | null;
  what: string;
  next: string | null;
}

export interface Pull extends PullRow {
  now: string;
  source_branch: string | null;
  closed_by: PullPerson | null;
  lines_added: number | null;
  lines_removed: number | null;
  generated_lines: number | null;
  merged_is_estimated: boolean;
  phases: PhaseSpan[];
  timeline: Moment[];
  reviews: PullReview[];
  builds: { known: boolean; items: PullBuild[] };
  tasks: { known: boolean; items: PullTask[] };
  commit_range: { n: number; first: string | null; last: string | null; state: string | null };
  findings: PullFinding[];
  left_out: string[];
}

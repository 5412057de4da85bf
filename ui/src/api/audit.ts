// The merge audit log, as /api/v1/audit gives it out.

export type VerdictName = "passed" | "failed" | "unknown" | "no-policy";
export type ClauseState = "not-asked" | "met" | "broken" | "unknown";

export interface AuditPerson {
  id: number;
  uuid: string | null;
  name: string | null;
}

export interface AuditApproval {
  by: AuditPerson | null;
  at: string | null;
  ended: string | null;
  fate: string; // "counted", or what became of it
}

export interface AuditReviewer extends AuditPerson {
  is_bot: boolean;
  asked: string | null;
  responded: string | null;
}

export interface AuditVerdict {
  result: VerdictName;
  approvals: ClauseState;
  required: ClauseState;
  builds: ClauseState;
  reason: string | null;
}

export interface AuditMerge {
  repository: { uuid: string | null; name: string | null };
  number: number;
  title: string | null;
  url: string | null;
  source_branch: string | null;
  source_commit: string | null;
  branch: string | null;
  opened: string | null;
  merged: string | null;
  merged_is_estimated: boolean;
  author: AuditPerson | null;
  merged_by: AuditPerson | null;
  reviewers: AuditReviewer[];
  approvals: AuditApproval[];
  changed_after_approval: boolean;
  policy: { id: number; version: number; from: string | null; written: string | null } | null;
  verdict: AuditVerdict;
  builds: { passed: number; failed: number; stopped: number; running: number; unclear: number } | null;
  open_tasks: number | null;
  released: string | null;
}

export interface AuditRow {
  row: number;
  kind: "merge" | "amendment";
  refers_to: number | null;
  recorded: string;
  merge: AuditMerge | null; // null: what stood there was altered and cannot be read
  repository_id: number;
  previous: string;
  hash: string;
}

export interface AuditPage {
  items: AuditRow[];
  totals: {
    rows: number;
    merges: number;
    verdicts: Record<VerdictName, number>;
    first_merged: string | null;
    last_merged: string | null;
  };
  head_row: number;
  by_person: boolean;
  now: string;
  next_cursor: string | null;
}

export interface AuditStory extends AuditRow {
  body: string;
  hash_fits: boolean;
  /** What the policy in force then asked for, in words; null: there was none, or it is not known any more. */
  asked?: { where: string; branch: string | null; asks: string } | null;
  rows: { row: number; kind: "merge" | "amendment"; recorded: string; verdict: AuditVerdict | null }[];
}

export interface Verification {
  intact: boolean;
  rows: number;
  head_row: number;
  head_hash: string | null;
  faults: string[];
  faults_in_all: number;
  expected_row: number | null;
  seconds: number;
}

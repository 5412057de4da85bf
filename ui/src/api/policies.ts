// Approval policies and proposals, as the server tells them; docs/api/openapi.yaml has the words.

export type PolicyScope = "workspace" | "project" | "repository";

export interface RequiredApprover {
  kind: "person" | "team";
  id: number;
  name: string;
  least: number;
}

export interface PolicyContent {
  scope: PolicyScope;
  subject: string | null;
  where: string;
  branch: string | null;
  from: string | null;
  least_approvals: number;
  required: RequiredApprover[];
  required_least: number;
  author_counts: boolean;
  void_on_push: boolean;
  builds_must_pass: boolean;
  asks: string;
}

export interface PolicyVersion extends PolicyContent {
  policy: number;
  version: number;
  state: "coming" | "in-force" | "replaced" | "ended";
  ended: string | null;
  written: string | null;
  written_by: string | null;
  /** In lists: the version that is in force; null: none. */
  in_force?: number | null;
}

export interface Policies {
  workspace: string;
  second_person: boolean;
  items: PolicyVersion[];
}

export interface PolicyVersions {
  workspace: string;
  second_person: boolean;
  policy: number;
  versions: PolicyVersion[];
}

export type Verdict = "no-policy" | "passed" | "failed" | "unknown";

export interface SimulatedMerge {
  repository: string;
  repository_id: number;
  number: number;
  title: string | null;
  url: string | null;
  merged: string;
  before: Verdict;
  then: Verdict;
  why: string | null;
}

export interface Simulation {
  policy: PolicyContent;
  days: number;
  merges: number;
  left_to_more_specific: number;
  counts: { before: Verdict; then: Verdict; merges: number }[];
  failing: SimulatedMerge[];
  changed: SimulatedMerge[];
}

export interface Approvers {
  people: { id: number; name: string; nickname: string | null }[];
  teams: { id: number; name: string; members: number }[];
}

/** The answer (202) of a change that waits for somebody's decision. */
export interface Waiting {
  proposal: number;
  summary: string;
}

export type ProposedChange =
  | { do: "set-policy"; policy: PolicyContent; instead_of: string | null }
  | { do: "end-policy"; policy_id: number; at: string | null; policy: PolicyContent | null }
  | { do: "select"; more: number; more_names: string[]; less: number; less_names: string[]; is_outdated: boolean }
  | { do: "remove-connection"; connection: string }
  | { do: "other" };

export interface Proposal {
  proposal: number;
  kind: "policy" | "selection" | "connection" | "setting";
  state: "waiting" | "approved" | "refused";
  what: string;
  proposed_by: string;
  proposed: string;
  decided_by: string | null;
  decided: string | null;
  note: string | null;
  is_own: boolean;
  change: ProposedChange | null;
}

export interface Proposals {
  workspace: string;
  second_person: boolean;
  waiting: number;
  items: Proposal[];
  next_cursor?: string;
}

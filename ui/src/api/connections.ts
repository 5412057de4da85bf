// Connections to Bitbucket and the rules that select repositories.

export type CredentialKind =
  | "repository-token"
  | "project-token"
  | "workspace-token"
  | "api-token"
  | "app-password"
  | "oauth-client";

/** What comes next where a connection is still being set up. */
export type SetupStep = "repositories" | "approvers" | "releases" | "horizon";

export interface Problem {
  repository: string | null;
  stage: string;
  sentence: string;
  is_note: boolean;
  times: number;
  first: string | null;
  last: string | null;
}

export interface Connection {
  id: number;
  name: string;
  kind: CredentialKind;
  workspace: string;
  repository: string | null;
  state: "ok" | "rejected" | "lacking";
  health: "good" | "warn" | "bad";
  expires: string | null;
  days_to_expiry: number | null;
  last_read: string | null;
  repositories_known: number;
  repositories_selected: number;
  setup_step: SetupStep | null; // null: set up
}

/** What administrators are told beside. */
export interface ConnectionDetails extends Connection {
  sentence: string;
  account: string | null;
  identity: string | null;
  scopes: string[] | null;
  scopes_unneeded: string[];
  problems: Problem[];
  budget: { per_hour: number; available: number; spent: number } | null;
  history_days: number | null; // how far back it reads; 0: everything; null: as the server was started
  history_days_default: number;
  purge: Purge | null;
}

/** What a purge would delete and keep of what the connection sees. */
export interface Purge {
  repositories: number;
  pull_requests: number;
  kept_repositories: number; // another connection sees them, too
  kept_pull_requests: number;
  audit_rows: number; // of the log of merges, about what would be deleted; they stay
}

/** What a first reading would cost. */
export interface Horizon {
  days: number; // 0: everything
  pull_requests: number;
  requests: number;
  seconds: number | null;
}

export interface Horizons {
  items: Horizon[];
  git: boolean; // commits and sizes come from git
  repositories: number; // selected ones that the connection reads
  asked: number; // of these; the others are taken to be like them
  history_days_default: number;
}

export interface Connections<T extends Connection = Connection> {
  items: T[];
  administrators: { name: string; email: string }[];
}

export interface ReadingProblem {
  stage: string;
  code: string;
  sentence: string;
  is_note: boolean;
  times: number;
  first: string | null;
  last: string | null;
}

export interface RepositoryHealth {
  repository: string;
  connection: string | null;
  url: string | null;
  standing: "vanished" | "forbidden" | "unconnected" | "refused" | "waiting" | "failing" | "reading" | "read";
  health: "good" | "warn" | "bad";
  sentence: string | null;
  since: string | null;
  last_read: string | null;
  pull_requests: number;
  set_aside: number;
  problems: ReadingProblem[];
}

export interface SetAside {
  repository: string | null;
  kind: string;
  key: string;
  reason: string;
}

export interface RepositoriesHealth {
  workspace: string;
  items: RepositoryHealth[];
  problems: ReadingProblem[];
  set_aside: SetAside[];
  set_aside_count: number;
}

export interface CredentialCheck {
  works: boolean;
  code: string | null;
  identity: string | null;
  scopes_present: string[] | null;
  scopes_missing: string[];
  scopes_unneeded: string[];
  repositories: number | null;
  days_to_expiry: number | null;
  sentences: string[];
}

export interface Connected {
  id: number;
  name: string;
  repositories_seen: number;
  repositories_selected: number;
  check: CredentialCheck;
}

export interface SelectionRule {
  kind: "pattern" | "project" | "repository";
  name: string;
  include: boolean;
}

export interface Selection {
  workspace: string;
  rules: SelectionRule[];
  selected?: number;
  deselected?: number;
}

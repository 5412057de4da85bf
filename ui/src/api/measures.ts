// The report (docs/report-json.md), the one query, and where each workspace stands. Spans are seconds.

export interface Percentiles {
  p50: number | null;
  p75: number | null;
  p90: number | null;
  n: number;
  excluded: number;
  absent: number;
}

export type Trend = "up" | "down" | "same" | "too-few";
export type MeasureUnit = "seconds" | "lines" | "count" | "share";

export interface ReportMeasure {
  id: string;
  title: string;
  meaning: string;
  section: "flow" | "review" | "size";
  is_part: boolean;
  unit: MeasureUnit;
  now: Percentiles;
  before: Percentiles;
  working: Percentiles | null;
  trend: Trend;
}

export interface ReportShare {
  id: string;
  title: string;
  share: number | null;
  count: number;
  n: number;
  share_before: number | null;
  n_before: number;
}

export type Phase = "coding" | "pickup" | "review" | "merge";
export const PHASES: Phase[] = ["coding", "pickup", "review", "merge"];

export interface ReportWeek {
  monday: string;
  is_partial: boolean;
  merged: number;
  opened: number;
  cycle_time_p50: number | null;
  phase_sums: Record<Phase, number>;
}

export interface Coverage {
  pull_requests: number;
  read_from: string | null;
  by_bots: number;
  merged_estimated: number;
  without_commits: number;
  without_size: number;
  clamped: number;
  quarantined: number;
  is_complete: boolean;
  problem_count: number;
  problems: string[];
}

export interface Report {
  subject: { name: string; kind: "repository" | "workspace"; url: string | null; repositories: number };
  window: { from: string; until: string; days: number };
  headlines: string[];
  measures: ReportMeasure[];
  shares: ReportShare[];
  throughput: { merged: number; merged_before: number; declined: number };
  work_in_progress: { open: number; drafts: number; age: Percentiles; oldest: number | null };
  weeks: ReportWeek[];
  size_classes: { key: string; label: string; merged: number }[];
  cycle_time_distribution: { label: string; merged: number }[];
  coverage: Coverage;
  notes: string[];
}

export interface Cell {
  measure: string;
  statistic: string;
  clock: "wall" | "working";
  unit: MeasureUnit;
  value: number | null;
  n: number;
  excluded: number;
  absent: number;
}

export interface MeasureTable {
  by: [string, string];
  withheld: number; // groups that are smaller than the least size
  rows: { key: [string, string]; label: [string, string]; cells: Cell[] }[];
  note?: string;
}

export interface Workspace {
  slug: string;
  complete: boolean; // false while older history is still being read
  set_up: boolean; // false: its connections wait for the end of their set-up
  repositories: number; // selected ones
  repositories_complete: number;
  known_since: string | null; // while it is not complete: all is known of what was opened since
  proposals_waiting: number;
}

export interface RepositoryRow {
  full_name: string;
  name: string;
  selected: boolean;
  state: string;
  pull_requests: number;
}

export interface SyncRun {
  state: "waiting" | "reading" | "done" | "failed";
  progress: {
    overall: number; // 0 to 1
    requests: number;
    stage: string | null;
    repository: string | null;
    note: string | null;
    eta_seconds: number | null;
  } | null;
  sentence: string | null;
  finished: string | null;
}

export interface SyncState {
  connections: Record<string, SyncRun>;
  next_round: string | null;
  workspaces: Workspace[];
}

/** Merged pull requests by how long they took: /cycle-times. */
export interface CycleTimes {
  clock: "wall" | "working";
  n: number;
  absent: number; // merged, but without known commits
  classes: { label: string; from: number; below: number | null; merged: number }[];
  items: CyclePoint[]; // the newest
}

export interface CyclePoint {
  repository: { name: string; key: string };
  number: number;
  merged: string;
  seconds: number;
  lines: number | null;
  size: string;
}

export type PhaseSeconds = Record<Phase | "rest", number>;
export type ChangeWay = "repository" | "team" | "size";

/** The mean cycle time of a period beside that of the one before: /cycle-time-change. */
export interface CycleChange {
  clock: "wall" | "working";
  from: string;
  middle: string;
  until: string;
  n_before: number;
  n_after: number;
  cut: number; // one in twenty took longer; they count as this
  mean_before: number | null;
  mean_after: number | null;
  change: number | null;
  parts: PhaseSeconds | null;
  items: ChangeGroup[];
}

export interface ChangeGroup {
  by: ChangeWay;
  name: string | null; // no team, or teams of too few people
  n_before: number;
  n_after: number;
  change: number;
  within: number; // the same ones taking longer
  mix: number; // more or fewer of them
  parts: PhaseSeconds;
}

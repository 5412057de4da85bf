// Of each repository the main branch and what counts as a release.

export type ReleaseKind = "deployments" | "pipelines" | "merge";

export const RELEASE_TITLES: Record<ReleaseKind, string> = {
  deployments: "deployment",
  pipelines: "pipeline on main",
  merge: "merge to main",
};

export interface ReleaseRow {
  repository: string;
  name: string;
  selected: boolean;
  project: string | null;
  project_name: string | null;
  kind: ReleaseKind;
  known_from: "nothing" | "deployments" | "pipelines" | "merges";
  main_branch: string | null; // the chosen one, else the one that Bitbucket tells
  told_main_branch: string | null;
  chosen_main_branch: string | null;
}

export interface ReleaseTable {
  workspace: string;
  kinds: { kind: ReleaseKind; words: string }[];
  items: ReleaseRow[];
}

export interface ReleaseItem {
  repository: string;
  kind?: ReleaseKind;
  main_branch?: string | null; // null: as Bitbucket tells it
}

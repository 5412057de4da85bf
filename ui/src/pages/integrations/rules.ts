// Rules of selection, as the server applies them: the last that matches a repository decides.
import type { SelectionRule } from "../../api/connections";

export interface RepositoryRow {
  full_name: string;
  name: string;
  selected: boolean;
  state: "active" | "vanished" | "forbidden";
  pull_requests: number;
  size_bytes: number | null; // of its files at Bitbucket
  project: string | null;
  project_name: string | null;
  updated: string | null;
}

/** A glob: * stands for any characters, also a slash; ? for one. */
export function globMatches(glob: string, text: string): boolean {
  const pattern = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".");
  return new RegExp(`^${pattern}$`, "su").test(text);
}

function matches(rule: SelectionRule, row: RepositoryRow): boolean {
  if (rule.kind === "repository") return rule.name === row.full_name;
  if (rule.kind === "project") return rule.name === row.project;
  const slug = row.full_name.slice(row.full_name.indexOf("/") + 1);
  return [row.full_name, slug, row.project ?? ""].some((text) => text !== "" && globMatches(rule.name, text));
}

export function isChosen(rules: SelectionRule[], row: RepositoryRow): boolean {
  return rules.findLast((rule) => matches(rule, row))?.include ?? false;
}

/** Rules under which @row is chosen or not; none is added where those that are there say so already. */
export function withRepository(rules: SelectionRule[], row: RepositoryRow, include: boolean): SelectionRule[] {
  const others = rules.filter((rule) => !(rule.kind === "repository" && rule.name === row.full_name));
  if (isChosen(others, row) === include) return others;
  return [...others, { kind: "repository", name: row.full_name, include }];
}

/** The same for a project: rules of its single repositories go, for they would decide otherwise. */
export function withProject(rules: SelectionRule[], key: string, rows: RepositoryRow[], include: boolean): SelectionRule[] {
  const names = new Set(rows.filter((row) => row.project === key).map((row) => row.full_name));
  const others = rules.filter(
    (rule) => !(rule.kind === "project" && rule.name === key) && !(rule.kind === "repository" && names.has(rule.name)),
  );
  return [...others, { kind: "project", name: key, include }];
}

export function withPattern(rules: SelectionRule[], name: string, include: boolean): SelectionRule[] {
  return [...rules.filter((rule) => !(rule.kind === "pattern" && rule.name === name)), { kind: "pattern", name, include }];
}

/** What holds where nobody made a rule yet: what is selected now. */
export function rulesOf(rows: RepositoryRow[]): SelectionRule[] {
  if (rows.every((row) => row.selected)) return [{ kind: "pattern", name: "*", include: true }];
  return rows
    .filter((row) => row.selected)
    .map((row): SelectionRule => ({ kind: "repository", name: row.full_name, include: true }));
}

// Filters of the list of findings. They live in the address; each option says how many it would leave.
import type { JSX } from "preact";
import { useId } from "preact/hooks";

import { type Finding, type Rule, SEVERITIES, STATES } from "../../api/insights";
import { headingText, subjectText } from "../../components/findings";
import { type Option, Select } from "../../components/select";
import { setQuery } from "../../router";

export interface Filters {
  state: string;
  family: string;
  severity: string;
  repository: string;
  rule: string;
  assigned: string; // "me", "nobody", or a person's id
  text: string;
}

const ME = "me";
const NOBODY = "nobody";

const DEFAULT_STATE = "open,acknowledged";

export function readFilters(query: URLSearchParams): Filters {
  const value = (name: string): string => query.get(name) ?? "";
  return {
    state: query.get("state") ?? DEFAULT_STATE,
    family: value("family"),
    severity: value("severity"),
    repository: value("repository"),
    rule: value("rule"),
    assigned: value("assigned"),
    text: value("text"),
  };
}

/** Every word of @text occurs somewhere in what is shown of the finding. */
function hasText(finding: Finding, text: string): boolean {
  const words = [headingText(finding), subjectText(finding), finding.what, finding.next, finding.title];
  const people = [finding.person, finding.assigned_to, ...finding.nearest].map((person) => person?.name);
  const all = [...words, ...people].join("\n").toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

type Facet = "family" | "severity" | "repository" | "rule" | "assigned";

/** What a facet says of a finding; @me: the reader's id, where he has one. */
const VALUE: Record<Facet, (finding: Finding, me: number | null) => string> = {
  family: (finding) => finding.family,
  severity: (finding) => finding.severity,
  repository: (finding) => finding.repository?.name ?? "",
  rule: (finding) => finding.rule,
  assigned: ({ assigned_to }, me) =>
    assigned_to === null ? NOBODY : assigned_to.id === me ? ME : String(assigned_to.id),
};

const FACETS = Object.keys(VALUE) as Facet[];

/** Those that fit; @but leaves one filter out, to count what its options would give. */
export function applyFilters(findings: Finding[], filters: Filters, me: number | null, but?: Facet): Finding[] {
  return findings.filter(
    (finding) =>
      FACETS.every((facet) => facet === but || filters[facet] === "" || VALUE[facet](finding, me) === filters[facet]) &&
      (filters.text === "" || hasText(finding, filters.text)),
  );
}

/** @names: the values in their order, and how they are called; others follow by the alphabet. */
function optionsOf(
  findings: Finding[],
  filters: Filters,
  me: number | null,
  facet: Facet,
  names: Map<string, string>,
): Option[] {
  const left = applyFilters(findings, filters, me, facet);
  const counts = new Map<string, number>();
  for (const finding of left) {
    const value = VALUE[facet](finding, me);
    if (value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (facet === "assigned" && me !== null && !counts.has(ME)) counts.set(ME, 0);
  if (filters[facet] !== "" && !counts.has(filters[facet])) counts.set(filters[facet], 0);
  const values = [
    ...[...names.keys()].filter((value) => counts.has(value)),
    ...[...counts.keys()].filter((value) => !names.has(value)).sort(),
  ];
  return [
    { value: "", text: `all (${left.length})` },
    ...values.map((value) => ({ value, text: `${names.get(value) ?? value} (${counts.get(value) ?? 0})` })),
  ];
}

const STATE_OPTIONS: Option[] = [
  { value: DEFAULT_STATE, text: "open, acknowledged" },
  ...STATES.map((state) => ({ value: state as string, text: state as string })),
  { value: "all", text: "all" },
];

/** Whom findings are assigned to, the reader first; people by name. */
function assigneesOf(findings: Finding[]): Map<string, string> {
  const people = findings.flatMap(({ assigned_to }) => (assigned_to === null ? [] : [assigned_to]));
  people.sort((a, b) => (a.name ?? "").localeCompare(b.name ?? ""));
  return new Map([
    [ME, "me"],
    [NOBODY, "nobody"],
    ...people.map((person): [string, string] => [String(person.id), person.name ?? "somebody"]),
  ]);
}

export function FilterBar(props: {
  filters: Filters;
  findings: Finding[];
  rules: Rule[];
  me: number | null;
}): JSX.Element {
  const { filters, findings, rules, me } = props;
  const id = useId();
  const set = (name: keyof Filters) => (value: string) =>
    setQuery({ [name]: name === "state" && value === DEFAULT_STATE ? null : value });
  const names: Record<Facet, Map<string, string>> = {
    family: new Map(rules.map((rule) => [rule.family, rule.family])),
    severity: new Map(SEVERITIES.map((severity) => [severity as string, severity as string])),
    repository: new Map(),
    rule: new Map(rules.map((rule) => [rule.id, rule.title])),
    assigned: assigneesOf(findings),
  };
  const titles: Record<Facet, string> = {
    family: "Family",
    severity: "Severity",
    repository: "Repository",
    rule: "Rule",
    assigned: "Assigned to",
  };
  const isFiltered = FACETS.some((facet) => filters[facet] !== "") || filters.text !== "";
  return (
    <div class="filters" role="search" aria-label="Findings">
      <Select label="State" value={filters.state} options={STATE_OPTIONS} onChange={set("state")} />
      {FACETS.map((facet) => (
        <Select
          key={facet}
          label={titles[facet]}
          value={filters[facet]}
          options={optionsOf(findings, filters, me, facet, names[facet])}
          onChange={set(facet)}
        />
      ))}
      <div class="field filter">
        <label for={id}>Text</label>
        <input
          id={id}
          type="search"
          value={filters.text}
          placeholder="title, person …"
          onInput={(event) => set("text")(event.currentTarget.value)}
        />
      </div>
      {isFiltered && (
        <button
          type="button"
          class="button quiet"
          onClick={() => setQuery({ ...Object.fromEntries(FACETS.map((facet) => [facet, null])), text: null })}
        >
          Clear
        </button>
      )}
    </div>
  );
}

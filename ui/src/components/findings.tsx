// What lists of findings share.
import type { JSX } from "preact";

import { type Finding, SEVERITIES, type Severity } from "../api/insights";
import { agoText } from "./words";

const SEVERITY_TAG: Record<Severity, string> = { critical: "tag bad", warning: "tag warn", notice: "tag" };

export function SeverityTag(props: { severity: Severity }): JSX.Element {
  return <span class={SEVERITY_TAG[props.severity]}>{props.severity}</span>;
}

export function StateTag(props: { finding: Finding }): JSX.Element | null {
  const { state, muted_by } = props.finding;
  if (state === "open") return null;
  return <span class={state === "resolved" ? "tag good" : "tag"}>{muted_by !== null ? "muted" : state}</span>;
}

export interface RuleGroup {
  rule: string;
  title: string;
  why: string;
  family: string;
  severity: Severity;
  findings: Finding[];
}

/** By rule; the gravest first, and within a severity as the rules stand in their table. */
export function groupByRule(findings: Finding[]): RuleGroup[] {
  const groups = new Map<string, RuleGroup>();
  for (const finding of findings) {
    const { rule, title, why, family, severity } = finding;
    const group = groups.get(rule) ?? { rule, title, why, family, severity, findings: [] };
    if (SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(group.severity)) group.severity = severity;
    group.findings.push(finding);
    groups.set(rule, group);
  }
  return [...groups.values()].sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
}

/** A commit is known by the first letters of its hash. */
function nameOfSubject(subject: string | null): string | null {
  return subject !== null && /^[0-9a-f]{40}$/.test(subject) ? `commit ${subject.slice(0, 12)}` : subject;
}

/** "acme/billing #20": what the finding is about, in one line. */
export function subjectText(finding: Finding): string {
  const place = finding.repository?.name ?? null;
  if (finding.number !== null) return `${place ?? ""} #${finding.number}`.trim();
  return [place, finding.person?.name, nameOfSubject(finding.subject)].filter(Boolean).join(" · ") || "the whole workspace";
}

export function headingText(finding: Finding): string {
  const { person, repository, title } = finding;
  return finding.pull_request_title ?? nameOfSubject(finding.subject) ?? person?.name ?? repository?.name ?? title;
}

export function nearestText(finding: Finding): string | null {
  const names = finding.nearest.map((person) => person.name).filter((name) => name !== null);
  if (names.length === 0) return null;
  const [first, ...others] = names;
  return others.length === 0 ? (first ?? null) : `${first} and ${others.length === 1 ? others[0] : `${others.length} more`}`;
}

/** Where Bitbucket shows it: the first piece of evidence that has an address. */
export function bitbucketLink(finding: Finding): string | null {
  return finding.evidence.find((piece) => piece.url !== null)?.url ?? null;
}

export function ageText(finding: Finding, now: string): string | null {
  return finding.since === null ? null : agoText(finding.since, finding.ended ?? now);
}

/** A link that leaves Plumbline. */
export function OutLink(props: { href: string; label: string; children?: string }): JSX.Element {
  return (
    <a class="out-link" href={props.href} target="_blank" rel="noreferrer">
      {props.children ?? "Bitbucket"}
      <span class="visually-hidden">: {props.label} (opens in a new tab)</span>
      <span aria-hidden="true"> ↗</span>
    </a>
  );
}

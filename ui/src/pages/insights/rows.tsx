// Findings of a rule, as rows that the keyboard walks through: the focus is the cursor.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Finding } from "../../api/insights";
import {
  OutLink,
  type RuleGroup,
  SeverityTag,
  StateTag,
  ageText,
  bitbucketLink,
  headingText,
  subjectText,
} from "../../components/findings";
import type { Desk } from "../../components/workspace";

const SHOWN = 50; // of a rule at first

/** Ids of the rows as they stand on the page. */
export function rowIds(): string[] {
  return [...document.querySelectorAll<HTMLElement>("[data-row]")].map((row) => row.dataset["row"] ?? "");
}

export function focusedRow(): string | null {
  return document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset["row"] ?? null;
}

/** False when there is no such row. */
export function focusRow(id: string | undefined): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const row = rows.find((one) => one.dataset["row"] === id);
  row?.querySelector<HTMLElement>("a")?.focus();
  row?.scrollIntoView({ block: "nearest" });
  return row !== undefined;
}

export function moveFocus(step: number): void {
  const ids = rowIds();
  const at = ids.indexOf(focusedRow() ?? "");
  focusRow(ids[at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + step))]);
}

function Row(props: { finding: Finding; now: string; desk: Desk; open: (id: string) => void }): JSX.Element {
  const { finding, desk } = props;
  const link = bitbucketLink(finding);
  const age = ageText(finding, props.now);
  return (
    <li class="need finding-row" data-row={finding.id}>
      <div class="need-head">
        <a href={desk.address(`/insights/${finding.id}`)} onClick={() => props.open(finding.id)}>
          {headingText(finding)}
        </a>
        {age !== null && <span class="need-age number">{age}</span>}
      </div>
      <p>{finding.what}</p>
      <p class="small row tight soft">
        <StateTag finding={finding} />
        <span>{subjectText(finding)}</span>
        {finding.assigned_to?.name && <span>assigned to {finding.assigned_to.name}</span>}
        {link !== null && <OutLink href={link} label={headingText(finding)} />}
      </p>
    </li>
  );
}

export function Group(props: {
  group: RuleGroup;
  now: string;
  desk: Desk;
  open: (id: string) => void;
}): JSX.Element {
  const { group } = props;
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? group.findings : group.findings.slice(0, SHOWN);
  return (
    <section class="card need-group" aria-labelledby={`group-${group.rule}`}>
      <div class="row between">
        <h2 id={`group-${group.rule}`} class="row tight">
          {group.title} <SeverityTag severity={group.severity} />
        </h2>
        <span class="soft number">{group.findings.length}</span>
      </div>
      <ul class="plain-list needs">
        {shown.map((finding) => (
          <Row key={finding.id} finding={finding} now={props.now} desk={props.desk} open={props.open} />
        ))}
      </ul>
      {shown.length < group.findings.length && (
        <button type="button" class="button" onClick={() => setWhole(true)}>
          Show all {group.findings.length}
        </button>
      )}
    </section>
  );
}

// What needs a hand: findings by rule, each with its next step and who is nearest to it.
import type { JSX } from "preact";

import type { Finding, FindingList } from "../../api/insights";
import {
  OutLink,
  type RuleGroup,
  SeverityTag,
  StateTag,
  ageText,
  bitbucketLink,
  groupByRule,
  headingText,
  subjectText,
} from "../../components/findings";
import type { Loaded } from "../../components/load";
import { Empty, Failure, Skeleton } from "../../components/parts";
import { manyText } from "../../components/words";
import type { Desk } from "../../components/workspace";

const SHOWN = 3; // of a rule; its page has all
const GROUPS_SHOWN = 6; // with their findings; the others by name and number

function Row(props: { finding: Finding; now: string; desk: Desk }): JSX.Element {
  const { finding } = props;
  const link = bitbucketLink(finding);
  const age = ageText(finding, props.now);
  return (
    <li class="need">
      <div class="need-head">
        <a href={props.desk.address(`/insights/${finding.id}`)}>{headingText(finding)}</a>
        {age !== null && <span class="need-age number">{age}</span>}
      </div>
      <p>{finding.next ?? finding.what}</p>
      <p class="soft small row tight">
        <span>{subjectText(finding)}</span>
        <StateTag finding={finding} />
        {link !== null && <OutLink href={link} label={headingText(finding)} />}
      </p>
    </li>
  );
}

function Group(props: { group: RuleGroup; now: string; desk: Desk }): JSX.Element {
  const { group, desk } = props;
  const all = desk.address("/insights", { rule: group.rule });
  return (
    <section class="card need-group" aria-labelledby={`rule-${group.rule}`}>
      <div class="row between">
        <h3 id={`rule-${group.rule}`} class="row tight">
          {group.title} <SeverityTag severity={group.severity} />
        </h3>
        <a href={all}>
          {group.findings.length > SHOWN ? `All ${group.findings.length}` : manyText(group.findings.length, "finding")}
          <span class="visually-hidden"> of {group.title}</span>
        </a>
      </div>
      <p class="soft small">{group.why}</p>
      <ul class="plain-list needs">
        {group.findings.slice(0, SHOWN).map((finding) => (
          <Row key={finding.id} finding={finding} now={props.now} desk={desk} />
        ))}
      </ul>
    </section>
  );
}

/** What is less pressing, a line each: the page is to be read in a minute. */
function Others(props: { groups: RuleGroup[]; desk: Desk }): JSX.Element {
  return (
    <section class="card need-group" aria-labelledby="also-found">
      <h3 id="also-found">Also found</h3>
      <ul class="plain-list needs">
        {props.groups.map((group) => (
          <li key={group.rule} class="row between need-line">
            <span class="row tight">
              {group.title} <SeverityTag severity={group.severity} />
            </span>
            <a href={props.desk.address("/insights", { rule: group.rule })}>
              {manyText(group.findings.length, "finding")}
              <span class="visually-hidden"> of {group.title}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Needs(props: { findings: Loaded<FindingList>; desk: Desk }): JSX.Element {
  const { value, error, reload } = props.findings;
  const groups = groupByRule(value?.findings ?? []);
  return (
    <section class="stack" aria-labelledby="needs">
      <h2 id="needs">
        What needs a hand{" "}
        {value !== null && <span class="soft number">{manyText(value.findings.length, "finding")}</span>}
      </h2>
      {error !== null && <Failure error={error} retry={reload} />}
      {value === null && error === null && <Skeleton height="24rem" />}
      {value !== null && groups.length === 0 && (
        <Empty>
          {props.desk.workspace.complete
            ? "Nothing is out of true at the moment."
            : "Nothing was found so far; what is still being read may bring findings up."}{" "}
          <a href={props.desk.address("/settings/rules")}>The rules</a> say what is
          looked at.
        </Empty>
      )}
      {value !== null &&
        groups
          .slice(0, GROUPS_SHOWN)
          .map((group) => <Group key={group.rule} group={group} now={value.now} desk={props.desk} />)}
      {groups.length > GROUPS_SHOWN && <Others groups={groups.slice(GROUPS_SHOWN)} desk={props.desk} />}
    </section>
  );
}

// One row of the merge audit log: who approved when, what the policy asked, what was missing, and the hashes.
import type { JSX } from "preact";

import type { AuditMerge, AuditStory, ClauseState } from "../../api/audit";
import { queryText } from "../../api/client";
import { useLoad } from "../../components/load";
import { Failure, Notice, Skeleton } from "../../components/parts";
import { AtBitbucket, pullAddress } from "../../components/pull_words";
import { VerdictTag } from "../../components/verdict";
import { dateTimeText, manyText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import type { PageProps } from "../pages";

const STATES: Record<ClauseState, { text: string; className: string }> = {
  met: { text: "met", className: "tag good" },
  broken: { text: "not met", className: "tag bad" },
  unknown: { text: "not known", className: "tag warn" },
  "not-asked": { text: "not asked for", className: "tag" },
};

function timeText(iso: string | null): string {
  return iso === null ? "not known" : dateTimeText(iso);
}

function Clause(props: { label: string; state: ClauseState }): JSX.Element {
  const said = STATES[props.state];
  return (
    <>
      <dt>{props.label}</dt>
      <dd>
        <span class={said.className}>{said.text}</span>
      </dd>
    </>
  );
}

function buildsText(merge: AuditMerge): string {
  const { builds } = merge;
  if (builds === null) return "not known";
  const parts = Object.entries(builds)
    .filter(([, n]) => n > 0)
    .map(([name, n]) => `${n} ${name}`);
  return parts.length === 0 ? "none" : parts.join(", ");
}

function Verdict(props: { story: AuditStory; merge: AuditMerge }): JSX.Element {
  const { story, merge } = props;
  const { policy, verdict } = merge;
  return (
    <section class="card stack tight" aria-labelledby="verdict">
      <h2 id="verdict">The policy and what was kept of it</h2>
      <p>
        <VerdictTag verdict={verdict.result} /> {verdict.reason}
      </p>
      {policy === null ? (
        <p>No approval policy was in force for {merge.branch} when it was merged.</p>
      ) : (
        <p>
          Policy {policy.id}, version {policy.version}, in force since {timeText(policy.from)}
          {story.asked ? (
            <>
              {" "}
              for {story.asked.where}, {story.asked.branch ?? "main branch"}: <strong>{story.asked.asks}</strong>.
            </>
          ) : (
            "."
          )}
        </p>
      )}
      {policy !== null && (
        <dl class="facts">
          <Clause label="Approvals" state={verdict.approvals} />
          <Clause label="Required approvers" state={verdict.required} />
          <Clause label="Builds" state={verdict.builds} />
        </dl>
      )}
    </section>
  );
}

function Approvals(props: { merge: AuditMerge }): JSX.Element {
  const { merge } = props;
  return (
    <section class="card stack tight" aria-labelledby="approvals">
      <h2 id="approvals">Who approved</h2>
      {merge.approvals.length === 0 ? (
        <p>Nobody approved it.</p>
      ) : (
        <div class="table-wrap">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Who</th>
                <th scope="col">When</th>
                <th scope="col">What became of it</th>
              </tr>
            </thead>
            <tbody>
              {merge.approvals.map((approval, i) => (
                <tr key={i}>
                  <th scope="row">{approval.by?.name ?? "somebody"}</th>
                  <td>{timeText(approval.at)}</td>
                  <td>
                    <span class={approval.fate === "counted" ? "tag good" : "tag warn"}>{approval.fate}</span>
                    {approval.ended !== null && <span class="small"> ended {timeText(approval.ended)}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="soft">
        {merge.reviewers.length === 0
          ? "There was no reviewer."
          : `Reviewers: ${merge.reviewers.map((one) => `${one.name ?? "somebody"}${one.is_bot ? " (bot)" : ""}`).join(", ")}.`}
        {merge.changed_after_approval && " The source branch changed after the last approval."}
      </p>
    </section>
  );
}

function Facts(props: { story: AuditStory; merge: AuditMerge; desk: Desk }): JSX.Element {
  const { story, merge, desk } = props;
  return (
    <section class="card stack tight" aria-labelledby="merge">
      <h2 id="merge">The merge</h2>
      <dl class="facts">
        <dt>Pull request</dt>
        <dd class="break">
          <a href={pullAddress(desk, String(story.repository_id), merge.number)}>
            {merge.repository.name} #{merge.number}
          </a>
        </dd>
        {merge.url !== null && (
          <>
            <dt>There</dt>
            <dd>
              <AtBitbucket url={merge.url} label={merge.title ?? `#${merge.number}`} />
            </dd>
          </>
        )}
        <dt>Branches</dt>
        <dd class="break">
          {merge.source_branch ?? "a branch that is gone"} into {merge.branch}
        </dd>
        <dt>Author</dt>
        <dd>{merge.author?.name ?? "not known"}</dd>
        <dt>Opened</dt>
        <dd>{timeText(merge.opened)}</dd>
        <dt>Merged</dt>
        <dd>
          {timeText(merge.merged)}
          {merge.merged_is_estimated && " (estimated)"} by {merge.merged_by?.name ?? "somebody"}
        </dd>
        <dt>Builds then</dt>
        <dd>{buildsText(merge)}</dd>
        <dt>Open tasks then</dt>
        <dd>{merge.open_tasks ?? "not known"}</dd>
        <dt>Released</dt>
        <dd>{merge.released === null ? "not known to be" : dateTimeText(merge.released)}</dd>
      </dl>
    </section>
  );
}

function Chain(props: { story: AuditStory; desk: Desk }): JSX.Element {
  const { story, desk } = props;
  return (
    <section class="card stack tight" aria-labelledby="chain">
      <h2 id="chain">In the log</h2>
      <dl class="facts">
        <dt>Row</dt>
        <dd>
          {story.row}, recorded {dateTimeText(story.recorded)}
        </dd>
        <dt>Hash</dt>
        <dd>
          <code class="token small">{story.hash}</code>
        </dd>
        <dt>Hash before</dt>
        <dd>
          <code class="token small">{story.previous}</code>
        </dd>
      </dl>
      {story.rows.length > 1 && (
        <>
          <p class="soft">
            {manyText(story.rows.length, "row")} about this merge; what was learned later is a further row, never an edit.
          </p>
          <ol class="plain-list">
            {story.rows.map((one) => (
              <li key={one.row} class="row tight">
                {one.row === story.row ? (
                  <strong>Row {one.row}</strong>
                ) : (
                  <a href={desk.address(`/audit/${one.row}`)}>Row {one.row}</a>
                )}
                <span class="soft">{dateTimeText(one.recorded)}</span>
                {one.verdict !== null && <VerdictTag verdict={one.verdict.result} />}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function Content(props: { desk: Desk; row: string }): JSX.Element {
  const { desk, row } = props;
  const loaded = useLoad<AuditStory>(
    `/audit/${encodeURIComponent(row)}${queryText({ workspace: desk.workspace.slug })}`,
  );
  const story = loaded.value;
  return (
    <>
      <header class="stack tight">
        <p class="small">
          <a href={desk.address("/audit")}>Merge audit</a>
        </p>
        <h1 class="break">{story?.merge?.title ?? `Row ${row}`}</h1>
      </header>
      {story === null && loaded.error !== null && <Failure error={loaded.error} retry={loaded.reload} />}
      {story === null && loaded.error === null && <Skeleton height="24rem" />}
      {story !== null && !story.hash_fits && (
        <Notice kind="bad">This row was altered: its hash does not fit what it says. A backup has it as it was.</Notice>
      )}
      {story !== null && (
        <div class="main-aside">
          <div class="stack">
            {story.merge !== null && <Verdict story={story} merge={story.merge} />}
            {story.merge !== null && <Approvals merge={story.merge} />}
          </div>
          <div class="stack">
            {story.merge !== null && <Facts story={story} merge={story.merge} desk={desk} />}
            <Chain story={story} desk={desk} />
          </div>
        </div>
      )}
    </>
  );
}

export default function AuditRowPage(props: PageProps): JSX.Element {
  return <WithWorkspace title="Merge audit">{(desk) => <Content desk={desk} row={props.parts[0] ?? ""} />}</WithWorkspace>;
}

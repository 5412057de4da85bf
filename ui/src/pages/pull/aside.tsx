// What stands beside the timeline: reviewers, builds, tasks, findings, the numbers and what they leave out.
import type { JSX } from "preact";

import type { Pull, PullBuild, PullReview } from "../../api/pulls";
import { SeverityTag } from "../../components/findings";
import { countText, dateTimeText, manyText, secondsText, workingText } from "../../components/words";
import type { Desk } from "../../components/workspace";

function reviewWords(review: PullReview, isOpen: boolean): string {
  const said = [
    review.approvals > 0 && "approved",
    review.change_requests > 0 && "requested changes",
    review.comments > 0 && manyText(review.comments, "comment"),
  ].filter(Boolean);
  if (said.length > 0) return said.join(", ");
  return isOpen && review.is_reviewer ? "has not answered yet" : "said nothing";
}

export function Reviews(props: { pull: Pull }): JSX.Element {
  const { pull } = props;
  return (
    <section class="card stack tight" aria-labelledby="reviews">
      <h2 id="reviews">Reviewers</h2>
      {pull.reviews.length === 0 ? (
        <p class="soft">Nobody was asked, and nobody but the author took part.</p>
      ) : (
        <ul class="plain-list">
          {pull.reviews.map((review) => (
            <li key={review.person.id}>
              <strong>{review.person.name}</strong>
              {!review.counts && <span class="tag">{review.person.is_bot ? "bot" : "left out"}</span>}
              {!review.is_reviewer && review.counts && <span class="soft small"> not asked, or no longer</span>}
              <span class="block">{reviewWords(review, pull.state === "OPEN")}</span>
              <span class="soft small block">
                {review.asked !== null && `asked ${dateTimeText(review.asked)}`}
                {review.asked !== null && review.responded !== null && ", "}
                {review.responded !== null && `answered ${dateTimeText(review.responded)}`}
                {review.seconds !== null && `, after ${secondsText(review.seconds)}`}
                {review.working_seconds !== null && ` (${workingText(review.working_seconds)} working time)`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const BUILD_TAGS: Record<PullBuild["state"], string> = {
  successful: "tag good",
  failed: "tag bad",
  "in-progress": "tag warn",
  stopped: "tag",
  unknown: "tag",
};

export function Builds(props: { pull: Pull }): JSX.Element {
  const { known, items } = props.pull.builds;
  return (
    <section class="card stack tight" aria-labelledby="builds">
      <h2 id="builds">Builds of the newest commit</h2>
      {!known && <p class="soft">Not read.</p>}
      {known && items.length === 0 && <p class="soft">There are none.</p>}
      <ul class="plain-list">
        {items.map((build) => (
          <li key={build.key} class="row between">
            <span class="break">
              {build.url !== null ? (
                <a href={build.url} target="_blank" rel="noreferrer">
                  {build.name ?? build.key}
                  <span class="visually-hidden"> (opens in a new tab)</span>
                  <span aria-hidden="true"> ↗</span>
                </a>
              ) : (
                (build.name ?? build.key)
              )}
            </span>
            <span class={BUILD_TAGS[build.state]}>{build.state.replace("-", " ")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Tasks(props: { pull: Pull }): JSX.Element | null {
  const { known, items } = props.pull.tasks;
  if (known && items.length === 0) return null;
  const open = items.filter((task) => task.resolved === null).length;
  return (
    <section class="card stack tight" aria-labelledby="tasks">
      <h2 id="tasks">Tasks</h2>
      {!known && <p class="soft">Not read.</p>}
      {known && (
        <p>
          {open} of {items.length} open
        </p>
      )}
      <ul class="plain-list">
        {items.map((task) => (
          <li key={task.id}>
            <span class={task.resolved === null ? "tag warn" : "tag good"}>
              {task.resolved === null ? "open" : "done"}
            </span>{" "}
            of {task.creator?.name ?? "somebody"}
            <span class="soft small block">
              {task.created !== null && dateTimeText(task.created)}
              {task.resolved !== null && `, done by ${task.resolver?.name ?? "somebody"} ${dateTimeText(task.resolved)}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Findings(props: { pull: Pull; desk: Desk }): JSX.Element {
  const { findings } = props.pull;
  return (
    <section class="card stack tight" aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      {findings.length === 0 && <p class="soft">No rule found anything here.</p>}
      <ul class="plain-list">
        {findings.map((finding) => (
          <li key={finding.id}>
            <div class="row tight">
              <SeverityTag severity={finding.severity} />
              <a href={props.desk.address(`/insights/${finding.id}`)}>{finding.title}</a>
              {finding.state !== "open" && (
                <span class={finding.state === "resolved" ? "tag good" : "tag"}>{finding.state}</span>
              )}
            </div>
            <span class="block">{finding.what}</span>
            {finding.next !== null && finding.ended === null && <span class="soft block">{finding.next}</span>}
            <a class="small" href={props.desk.address("/pull-requests", { needs: finding.rule })}>
              All with this finding
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Fact(props: { term: string; children: string | null }): JSX.Element | null {
  if (props.children === null) return null;
  return (
    <>
      <dt>{props.term}</dt>
      <dd>{props.children}</dd>
    </>
  );
}

function sizeText(pull: Pull): string {
  if (pull.lines_added === null || pull.lines_removed === null) return "not known";
  const files = pull.files === null ? "" : ` in ${manyText(pull.files, "file")}`;
  return `+${countText(pull.lines_added)} −${countText(pull.lines_removed)}${files} (${pull.size})`;
}

export function Facts(props: { pull: Pull }): JSX.Element {
  const { pull } = props;
  const span = (id: string): string | null => {
    const seconds = pull.durations[id];
    return seconds === null || seconds === undefined ? null : secondsText(seconds);
  };
  return (
    <section class="card stack tight" aria-labelledby="facts">
      <h2 id="facts">Numbers</h2>
      <dl class="facts">
        <Fact term="Cycle time">{span("cycle-time")}</Fact>
        <Fact term="Time to merge">{span("time-to-merge")}</Fact>
        <Fact term="Lead time">{span("lead-time")}</Fact>
        <Fact term="Size">{sizeText(pull)}</Fact>
        <Fact term="Commits">{pull.commits === null ? "not known" : countText(pull.commits)}</Fact>
        <Fact term="Pushes">{countText(pull.pushes)}</Fact>
        <Fact term="Review rounds">{countText(pull.rounds)}</Fact>
        <Fact term="Review comments">{countText(pull.review_comments)}</Fact>
        <Fact term="Approvals">{countText(pull.approvals)}</Fact>
        <Fact term="Released">{pull.released === null ? null : dateTimeText(pull.released)}</Fact>
      </dl>
      {pull.left_out.length > 0 && (
        <details>
          <summary>What these numbers leave out</summary>
          <ul class="dash-list">
            {pull.left_out.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

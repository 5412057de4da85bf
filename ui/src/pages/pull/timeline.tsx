// What happened to a pull request, in order.
import type { JSX } from "preact";

import type { Moment, Pull, PullPerson } from "../../api/pulls";
import { dateText, dateTimeText, manyText } from "../../components/words";

/** Neighbouring moments of one person that say the same. */
interface Group {
  first: Moment;
  moments: Moment[];
}

const GROUPED = new Set(["commented", "pushed", "updated", "edited"]);

export function groupMoments(timeline: Moment[]): Group[] {
  const groups: Group[] = [];
  for (const moment of timeline) {
    const last = groups.at(-1);
    const fits =
      last !== undefined &&
      GROUPED.has(moment.kind) &&
      last.first.kind === moment.kind &&
      last.first.actor?.id === moment.actor?.id &&
      last.first.at.slice(0, 10) === moment.at.slice(0, 10);
    if (fits) last.moments.push(moment);
    else groups.push({ first: moment, moments: [moment] });
  }
  return groups;
}

function nameOf(person: PullPerson | null): string {
  if (person === null) return "Somebody";
  return person.is_bot ? `${person.name} (bot)` : person.name;
}

function commentWords(moments: Moment[]): string {
  const inline = moments.filter((moment) => moment.inline).length;
  const deleted = moments.filter((moment) => moment.deleted).length;
  const resolved = moments.filter((moment) => moment.resolved !== null && moment.resolved !== undefined).length;
  const more = [
    inline > 0 && `${inline === moments.length ? "" : `${inline} `}on lines of the change`,
    resolved > 0 && `${resolved} resolved`,
    deleted > 0 && `${deleted} deleted later`,
  ].filter(Boolean);
  const what = moments.length === 1 && moments[0]?.reply_to ? "replied" : "commented";
  const times = moments.length > 1 ? ` ${moments.length} times` : "";
  return `${what}${times}${more.length > 0 ? `: ${more.join(", ")}` : ""}`;
}

function words(group: Group): string {
  const { first, moments } = group;
  const subject = nameOf(first.subject);
  const isSelf = first.subject !== null && first.subject.id === first.actor?.id;
  switch (first.kind) {
    case "opened":
      return "opened it";
    case "pushed":
      return moments.length > 1 ? `pushed ${moments.length} times` : "pushed";
    case "ready":
      return "made it ready for review";
    case "draft":
      return "made it a draft";
    case "reviewer-added":
      return isSelf ? "joined the reviewers" : `asked ${subject} to review`;
    case "reviewer-removed":
      return isSelf ? "left the reviewers" : `took ${subject} off the reviewers`;
    case "approved":
      return "approved";
    case "changes-requested":
      return "requested changes";
    case "approval-withdrawn":
      return "withdrew the approval";
    case "commented":
      return commentWords(moments);
    case "merged":
      return "merged it";
    case "declined":
      return "declined it";
    case "superseded":
      return "superseded it";
    case "reopened":
      return "reopened it";
    default:
      return "changed the title, the description or the target";
  }
}

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

export function Timeline(props: { pull: Pull }): JSX.Element {
  const { pull } = props;
  const groups = groupMoments(pull.timeline);
  let day = "";
  return (
    <section class="card stack tight" aria-labelledby="timeline">
      <h2 id="timeline">What happened</h2>
      <p class="soft small">
        {manyText(pull.timeline.length, "event")}; times are those of this device.
      </p>
      <ol class="timeline">
        {groups.map((group, i) => {
          const { first, moments } = group;
          const here = dateText(first.at);
          const isNewDay = here !== day;
          day = here;
          const comment = pull.url !== null && first.kind === "commented" && first.comment ? first.comment : null;
          return (
            <li key={i} class={`moment moment-${first.kind}`}>
              {isNewDay && <span class="moment-day">{here}</span>}
              <time class="soft number" dateTime={first.at} title={dateTimeText(first.at)}>
                {CLOCK.format(new Date(first.at))}
              </time>
              <span>
                <strong>{nameOf(first.actor)}</strong> {words(group)}
                {comment !== null && moments.some((moment) => !moment.deleted) && (
                  <>
                    {" "}
                    <a
                      class="out-link small"
                      href={`${pull.url}#comment-${comment}`}
                      target="_blank"
                      rel="noreferrer"
                    >
                      read<span class="visually-hidden"> the comment at Bitbucket (opens in a new tab)</span>
                      <span aria-hidden="true"> ↗</span>
                    </a>
                  </>
                )}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

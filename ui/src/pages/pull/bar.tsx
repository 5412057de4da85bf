// The life of a pull request as one bar: its phases to scale, and when something happened.
import type { JSX } from "preact";

import type { Pull } from "../../api/pulls";
import { dateTimeText, secondsText, workingText } from "../../components/words";

const TITLES: Record<string, string> = {
  "coding-time": "Coding",
  "pickup-time": "Pickup",
  "review-time": "Review",
  "merge-time": "Merge",
  "deploy-time": "Deploy",
};
const WIDTH = 1000;
const HEIGHT = 40;

interface Part {
  id: string;
  title: string;
  from: number;
  until: number;
  seconds: number;
  working: number | null;
  isOpen: boolean; // still going on
}

const WAITS: Record<string, string> = {
  ready: "Draft, so far",
  review: "Waits for a review, so far",
  author: "Waits for the author, so far",
  merge: "Waits for the merge, so far",
};

function partsOf(pull: Pull): Part[] {
  const parts: Part[] = pull.phases.map((phase) => ({
    id: phase.id,
    title: TITLES[phase.id] ?? phase.id,
    from: Date.parse(phase.from),
    until: Math.max(Date.parse(phase.from), Date.parse(phase.until)),
    seconds: phase.seconds,
    working: phase.working_seconds,
    isOpen: false,
  }));
  if (pull.state === "OPEN") {
    const now = Date.parse(pull.now);
    const from = Math.max(Date.parse(pull.opened), ...parts.map((part) => part.until));
    if (now > from)
      parts.push({
        id: "waiting",
        title: WAITS[pull.waiting_on ?? ""] ?? "Open, so far",
        from,
        until: now,
        seconds: (now - from) / 1000,
        working: null,
        isOpen: true,
      });
  }
  return parts;
}

const MARKS: Record<string, string> = {
  pushed: "push",
  approved: "approval",
  "changes-requested": "request for changes",
  commented: "comment",
};

/** Nothing of this is told by sight alone: the list under the bar says the same. */
export function LifeBar(props: { pull: Pull }): JSX.Element | null {
  const parts = partsOf(props.pull);
  const from = Math.min(...parts.map((part) => part.from));
  const until = Math.max(...parts.map((part) => part.until));
  if (parts.length === 0 || until <= from) return null;
  const at = (time: number): number => ((time - from) / (until - from)) * WIDTH;
  const marks = props.pull.timeline
    .filter((moment) => moment.kind in MARKS && moment.deleted !== true)
    .map((moment) => ({ kind: moment.kind, at: Date.parse(moment.at) }))
    .filter((mark) => mark.at >= from && mark.at <= until);
  return (
    <div class="stack tight">
      <svg
        class="life-bar"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={parts.map((part) => `${part.title} ${secondsText(part.seconds)}`).join(", ")}
      >
        {parts.map((part) => (
          <rect
            key={part.id}
            class={`life-${part.id}`}
            x={at(part.from)}
            y={0}
            width={Math.max(at(part.until) - at(part.from), 1)}
            height={24}
          >
            <title>
              {part.title}: {secondsText(part.seconds)}
            </title>
          </rect>
        ))}
        {marks.map((mark, i) => (
          <line key={i} class={`mark-${mark.kind}`} x1={at(mark.at)} x2={at(mark.at)} y1={27} y2={HEIGHT} />
        ))}
      </svg>
      <div class="row between soft small">
        <time dateTime={new Date(from).toISOString()}>{dateTimeText(new Date(from).toISOString())}</time>
        <time dateTime={new Date(until).toISOString()}>{dateTimeText(new Date(until).toISOString())}</time>
      </div>
      <ul class="life-legend">
        {parts.map((part) => (
          <li key={part.id}>
            <span class={`swatch life-${part.id}`} aria-hidden="true" />
            <span>
              {part.title} <strong class="number">{secondsText(part.seconds)}</strong>
              {part.working !== null && <span class="soft small"> ({workingText(part.working)} working time)</span>}
            </span>
          </li>
        ))}
        {Object.entries(MARKS).map(([kind, title]) => {
          const n = marks.filter((mark) => mark.kind === kind).length;
          return (
            n > 0 && (
              <li key={kind}>
                <span class={`mark-swatch mark-${kind}`} aria-hidden="true" />
                <span>
                  {title} <span class="soft number">×{n}</span>
                </span>
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

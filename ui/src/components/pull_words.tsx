// How pull requests are spoken of.
import type { JSX } from "preact";

import type { PullRow } from "../api/pulls";
import { agoText, secondsText } from "./words";
import type { Desk } from "./workspace";

export function pullAddress(desk: Desk, repositoryKey: string, number: number): string {
  return desk.address(`/pull-requests/${encodeURIComponent(repositoryKey)}/${number}`);
}

const STATES: Record<string, { text: string; className: string }> = {
  OPEN: { text: "open", className: "tag" },
  MERGED: { text: "merged", className: "tag good" },
  DECLINED: { text: "declined", className: "tag bad" },
  SUPERSEDED: { text: "superseded", className: "tag" },
};

export function PullStateTag(props: { pull: Pick<PullRow, "state" | "draft"> }): JSX.Element {
  const { state, draft } = props.pull;
  const said = STATES[state] ?? { text: "unknown", className: "tag" };
  return <span class={said.className}>{draft && state === "OPEN" ? "draft" : said.text}</span>;
}

const WAITING: Record<string, string> = {
  ready: "to be made ready",
  review: "a review",
  author: "the author",
  merge: "the merge",
};

/** "waits for a review for 3.2 d"; null where nobody is waited for. */
export function waitingText(pull: PullRow, now: string): string | null {
  if (pull.waiting_on === null) return null;
  const since = pull.waiting_since === null ? "" : ` for ${agoText(pull.waiting_since, now)}`;
  return `waits ${pull.waiting_on === "ready" ? "" : "for "}${WAITING[pull.waiting_on]}${since}`;
}

/** The length of its life so far, or until it was merged or declined. */
export function lifeText(pull: PullRow, now: string): string {
  const end = pull.merged ?? pull.declined ?? now;
  return secondsText(Math.max(0, (Date.parse(end) - Date.parse(pull.opened)) / 1000));
}

/** A link to the page of a pull request at Bitbucket. */
export function AtBitbucket(props: { url: string | null; label: string }): JSX.Element | null {
  if (props.url === null) return null;
  return (
    <a class="out-link" href={props.url} target="_blank" rel="noreferrer">
      Bitbucket<span class="visually-hidden">: {props.label} (opens in a new tab)</span>
      <span aria-hidden="true"> ↗</span>
    </a>
  );
}

// One pull request: its life as a bar, what happened, who reviewed, what was found.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import { queryText } from "../../api/client";
import type { Pull } from "../../api/pulls";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { Failure, Skeleton } from "../../components/parts";
import { AtBitbucket, PullStateTag, waitingText } from "../../components/pull_words";
import { agoText, dateTimeText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import type { PageProps } from "../pages";
import { Builds, Facts, Findings, Reviews, Tasks } from "./aside";
import { LifeBar } from "./bar";
import { Timeline } from "./timeline";

const MARKS: { key: "unreviewed" | "self_merged" | "late_change"; text: string }[] = [
  { key: "unreviewed", text: "merged without review" },
  { key: "self_merged", text: "merged by its author alone" },
  { key: "late_change", text: "changed after approval" },
];

function Head(props: { pull: Pull; desk: Desk }): JSX.Element {
  const { pull, desk } = props;
  const waiting = waitingText(pull, pull.now);
  return (
    <header class="stack tight">
      <p class="small">
        <a href={desk.address("/pull-requests")}>Pull requests</a> ·{" "}
        <a href={desk.address("/pull-requests", { repository: pull.repository.name })}>{pull.repository.name}</a>
      </p>
      <h1 class="break">
        {pull.title} <span class="soft">#{pull.number}</span>
      </h1>
      <p class="row tight">
        <PullStateTag pull={pull} />
        {waiting !== null && <span class="tag warn">{waiting}</span>}
        {MARKS.filter((mark) => pull[mark.key]).map((mark) => (
          <span key={mark.key} class="tag warn">
            {mark.text}
          </span>
        ))}
        <AtBitbucket url={pull.url} label={pull.title} />
      </p>
      <p class="soft break">
        <a href={desk.address("/pull-requests", { author: pull.author.id })}>{pull.author.name}</a>
        {pull.author.is_bot && " (bot)"} opened it{" "}
        <time dateTime={pull.opened} title={dateTimeText(pull.opened)}>
          {agoText(pull.opened, pull.now)} ago
        </time>
        {pull.branch !== null && `, from ${pull.source_branch ?? "a branch that is gone"} into ${pull.branch}`}
        {pull.merged !== null &&
          `; ${pull.closed_by?.name ?? "somebody"} merged it ${dateTimeText(pull.merged)}${pull.merged_is_estimated ? " (estimated)" : ""}`}
        {pull.declined !== null && `; ${pull.closed_by?.name ?? "somebody"} declined it ${dateTimeText(pull.declined)}`}.
      </p>
    </header>
  );
}

function Content(props: { desk: Desk; repository: string; number: string }): JSX.Element {
  const { desk, repository, number } = props;
  const workspace = desk.workspace.slug;
  const loaded = useLoad<Pull>(
    `/pull-requests/${encodeURIComponent(repository)}/${encodeURIComponent(number)}${queryText({ workspace })}`,
  );
  const pull = loaded.value;
  useFresh(loaded.reload, desk.workspace.complete);
  useEffect(() => {
    if (pull !== null) document.title = `#${pull.number} ${pull.title} · Plumbline`;
  }, [pull]);
  if (pull === null)
    return loaded.error !== null ? (
      <>
        <h1>
          {repository} #{number}
        </h1>
        <Failure error={loaded.error} retry={loaded.reload} />
      </>
    ) : (
      <>
        <Skeleton height="8rem" />
        <Skeleton height="10rem" />
        <Skeleton height="30rem" />
      </>
    );
  return (
    <>
      {loaded.error !== null && <Failure error={loaded.error} retry={loaded.reload} />}
      <Head pull={pull} desk={desk} />
      <section class="card" aria-label="Phases">
        <LifeBar pull={pull} />
      </section>
      <div class="main-aside">
        <Timeline pull={pull} />
        <div class="stack">
          <Findings pull={pull} desk={desk} />
          <Reviews pull={pull} />
          <Facts pull={pull} />
          <Builds pull={pull} />
          <Tasks pull={pull} />
        </div>
      </div>
    </>
  );
}

export default function PullPage(props: PageProps): JSX.Element {
  const [repository, number] = props.parts;
  return (
    <WithWorkspace title="Pull request">
      {(desk) => <Content desk={desk} repository={repository ?? ""} number={number ?? ""} />}
    </WithWorkspace>
  );
}

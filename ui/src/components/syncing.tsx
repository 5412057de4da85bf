import type { JSX } from "preact";

import type { SyncRun, Workspace } from "../api/measures";
import { dateText, secondsText } from "./words";

/** What the numbers and findings beside it can be relied on for already. */
function Reach(props: { workspace: Workspace }): JSX.Element {
  const { known_since, repositories, repositories_complete } = props.workspace;
  return (
    <p class="soft small">
      {known_since !== null
        ? `What was opened since ${dateText(known_since)} is known in full; older history is still to come.`
        : "Of some repositories not even the newest pull requests are known yet."}{" "}
      {repositories > 1 && `${repositories_complete} of ${repositories} repositories are complete. `}
      Insights that need the whole history wait until it is there.
    </p>
  );
}

/** While the first sync runs: how far it is. The numbers beside it grow. */
export function Syncing(props: { run: SyncRun | null; runs: SyncRun[]; workspace?: Workspace }): JSX.Element {
  const progress = props.run?.progress ?? null;
  const failed = props.runs.find((run) => run.state === "failed");
  if (progress === null)
    return (
      <div class={`notice ${failed ? "bad" : "warn"}`} role="status">
        <strong>History is incomplete.</strong>{" "}
        {failed?.sentence ?? "It is read on with the next round; until then numbers are approximate."}
        {props.workspace && <Reach workspace={props.workspace} />}
      </div>
    );
  const share = Math.round(progress.overall * 100);
  return (
    <div class="notice warn syncing">
      <div class="row between">
        <strong>Still reading from Bitbucket; numbers are approximate until it is done.</strong>
        <span class="number">
          {share}%{progress.eta_seconds !== null && `, about ${secondsText(progress.eta_seconds)} to go`}
        </span>
      </div>
      <progress max={100} value={share} aria-label="Reading from Bitbucket" />
      <p class="soft small">
        {[progress.repository, progress.stage, progress.note].filter(Boolean).join(" · ")}
        {` · ${progress.requests} requests`}
      </p>
      {props.workspace && <Reach workspace={props.workspace} />}
    </div>
  );
}

import type { JSX } from "preact";

import type { SyncRun } from "../api/measures";
import { secondsText } from "./words";

/** While the first sync runs: how far it is. The numbers beside it grow. */
export function Syncing(props: { run: SyncRun | null; runs: SyncRun[] }): JSX.Element {
  const progress = props.run?.progress ?? null;
  const failed = props.runs.find((run) => run.state === "failed");
  if (progress === null)
    return (
      <div class={`notice ${failed ? "bad" : "warn"}`} role="status">
        <strong>History is incomplete.</strong>{" "}
        {failed?.sentence ?? "It is read on with the next round; until then numbers are approximate."}
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
    </div>
  );
}

// How far the numbers can be trusted: is everything read, when last, and what was left out.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { change } from "../../api/client";
import type { Coverage, Report, SyncRun } from "../../api/measures";
import { type SyncView, useSync } from "../../components/live";
import { Failure } from "../../components/parts";
import { agoText, countText, dateText, dateTimeText, manyText } from "../../components/words";

function lastOf(sync: SyncView): SyncRun | null {
  const ended = sync.runs.filter((run) => run.finished !== null);
  ended.sort((a, b) => (b.finished ?? "").localeCompare(a.finished ?? ""));
  return ended[0] ?? null;
}

function verdict(coverage: Coverage, sync: SyncView): { kind: string; text: string } {
  if (sync.runs.some((run) => run.state === "failed")) return { kind: "bad", text: "the last sync failed" };
  if (!coverage.is_complete) return { kind: "warn", text: "history incomplete" };
  if (coverage.problem_count > 0) return { kind: "warn", text: manyText(coverage.problem_count, "problem") };
  return { kind: "good", text: "complete" };
}

function leftOut(coverage: Coverage): string[] {
  const lines: [number, string][] = [
    [coverage.by_bots, "merged by bots or excluded people: left out"],
    [coverage.merged_estimated, "with an estimated instant of merge"],
    [coverage.without_commits, "without known commits, so without a cycle time"],
    [coverage.without_size, "without line counts"],
    [coverage.clamped, "with a negative span that counts as zero"],
    [coverage.quarantined, "records that could not be read and were set aside"],
  ];
  return lines.filter(([count]) => count > 0).map(([count, words]) => `${countText(count)} ${words}`);
}

function Reading(props: { sync: SyncView }): JSX.Element {
  const { reading } = props.sync;
  const last = lastOf(props.sync);
  if (reading !== null && reading.progress !== null)
    return (
      <>
        now, {Math.round(reading.progress.overall * 100)}%
        <span class="soft small block">
          {[reading.progress.repository, reading.progress.stage].filter(Boolean).join(" · ")}
        </span>
      </>
    );
  if (last === null || last.finished === null) return <>not since the server started</>;
  return (
    <>
      <time dateTime={last.finished} title={dateTimeText(last.finished)}>
        {agoText(last.finished, Date.now())} ago
      </time>
      {last.sentence !== null && <span class="soft small block">{last.sentence}</span>}
    </>
  );
}

export function Health(props: { report: Report; canRead: boolean }): JSX.Element {
  const { coverage } = props.report;
  const sync = useSync();
  const [error, setError] = useState<unknown>(null);
  const { kind, text } = verdict(coverage, sync);
  const omitted = leftOut(coverage);
  const readNow = (): void => {
    change("POST", "/sync")
      .then(() => setError(null))
      .catch((fault: unknown) => setError(fault));
  };
  return (
    <section class="card stack tight" aria-labelledby="health">
      <div class="row between">
        <h2 id="health">Data</h2>
        <span class={`tag ${kind}`}>{text}</span>
      </div>
      <dl class="facts">
        <dt>Known</dt>
        <dd>
          {manyText(coverage.pull_requests, "pull request")}
          {coverage.read_from !== null && `, back to ${dateText(coverage.read_from)}`}
        </dd>
        <dt>Last read</dt>
        <dd>
          <Reading sync={sync} />
        </dd>
        {sync.nextRound !== null && sync.reading === null && (
          <>
            <dt>Next</dt>
            <dd>{dateTimeText(sync.nextRound)}</dd>
          </>
        )}
      </dl>
      <a href="/integrations/bitbucket#health">How each connection and repository is doing</a>
      {coverage.problems.length > 0 && (
        <ul class="problem-list">
          {coverage.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      {omitted.length > 0 && (
        <ul class="small soft dash-list">
          {omitted.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <details class="small">
        <summary>How the numbers are counted</summary>
        <ul class="dash-list soft">
          {props.report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </details>
      {error !== null && <Failure error={error} />}
      {props.canRead && (
        <button type="button" class="button" disabled={sync.reading !== null} onClick={readNow}>
          {sync.reading !== null ? "Reading" : "Read what is new"}
        </button>
      )}
    </section>
  );
}

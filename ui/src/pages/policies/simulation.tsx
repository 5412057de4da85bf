// What a policy would have made of the merges of the last days.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { change, queryText } from "../../api/client";
import type { SimulatedMerge, Simulation, Verdict } from "../../api/policies";
import { CsvButton } from "../../components/csv";
import { Failure, Skeleton } from "../../components/parts";
import { pullAddress } from "../../components/pull_words";
import { Select } from "../../components/select";
import { countText, dateText, manyText } from "../../components/words";
import type { Desk } from "../../components/workspace";
import { setQuery, usePlace } from "../../router";
import type { PolicyBody } from "./draft";

const DAYS = ["30", "90", "180", "365"];
const PAUSE = 350; // ms without a change before it is tried
const SHOWN_FIRST = 10;

const NOW: Record<Verdict, string> = {
  "no-policy": "no policy",
  passed: "passes",
  failed: "fails",
  unknown: "unknown",
};

function count(simulation: Simulation, fits: (before: Verdict, then: Verdict) => boolean): number {
  return simulation.counts.reduce((sum, one) => sum + (fits(one.before, one.then) ? one.merges : 0), 0);
}

/** The days in the address, which the whole page shares. */
export function useDays(): string {
  const asked = usePlace().query.get("days") ?? "";
  return DAYS.includes(asked) ? asked : "90";
}

export function DaysSelect(props: { days: string }): JSX.Element {
  return (
    <Select
      label="Merges of the last"
      value={props.days}
      options={DAYS.map((days) => ({ value: days, text: `${days} days` }))}
      onChange={(days) => setQuery({ days: days === "90" ? null : days })}
    />
  );
}

/** Tries @body (null: nothing to try) when it has not changed for a moment. */
export function useSimulation(
  workspace: string,
  body: PolicyBody | null,
  days: string,
): { value: Simulation | null; error: unknown; isBusy: boolean } {
  const [value, setValue] = useState<Simulation | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(body !== null);
  const wanted = body === null ? null : JSON.stringify({ ...body, from: null, days: Number(days) });
  useEffect(() => {
    if (wanted === null) return;
    let isCurrent = true;
    setBusy(true);
    const timer = setTimeout(() => {
      change<Simulation>("POST", `/policies/simulate${queryText({ workspace })}`, JSON.parse(wanted))
        .then((answer) => {
          if (!isCurrent) return;
          setValue(answer);
          setError(null);
        })
        .catch((fault: unknown) => isCurrent && setError(fault))
        .finally(() => isCurrent && setBusy(false));
    }, PAUSE);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [workspace, wanted]);
  return { value, error, isBusy };
}

/** The numbers in sentences. */
export function Outcome(props: { simulation: Simulation }): JSX.Element {
  const { simulation } = props;
  const failing = count(simulation, (_, then) => then === "failed");
  const more = count(simulation, (before, then) => before !== "failed" && then === "failed");
  const fewer = count(simulation, (before, then) => before === "failed" && then !== "failed");
  const unknown = count(simulation, (_, then) => then === "unknown");
  const changes = [
    more > 0 && more !== failing ? `${countText(more)} of them are not refused now.` : "",
    more > 0 && more === failing ? "None of them is refused now." : "",
    fewer > 0 ? `${countText(fewer)} that are refused now would no longer be.` : "",
  ].filter(Boolean);
  return (
    <div class="stack tight" role="status">
      <p class="policy-outcome">
        {simulation.merges === 0
          ? `There was no merge in the last ${simulation.days} days on which it would have decided.`
          : `Of ${manyText(simulation.merges, "merge")} in the last ${simulation.days} days, ${countText(failing)} would have been refused.`}
      </p>
      {changes.length > 0 && <p class="soft">{changes.join(" ")}</p>}
      {(unknown > 0 || simulation.left_to_more_specific > 0) && (
        <p class="soft small">
          {unknown > 0 && `Too little is known of ${countText(unknown)}. `}
          {simulation.left_to_more_specific > 0 &&
            `A more specific policy decides on ${countText(simulation.left_to_more_specific)} more.`}
        </p>
      )}
    </div>
  );
}

function Row(props: { merge: SimulatedMerge; desk: Desk }): JSX.Element {
  const { merge, desk } = props;
  return (
    <tr>
      <th scope="row">
        <a href={pullAddress(desk, String(merge.repository_id), merge.number)}>{merge.title ?? `#${merge.number}`}</a>
        <div class="soft small">
          {merge.repository} #{merge.number}
        </div>
      </th>
      <td>{merge.why}</td>
      <td class="nowrap">{dateText(merge.merged)}</td>
      <td class="nowrap">{NOW[merge.before]}</td>
    </tr>
  );
}

/** The merges that would have been refused, the newest first. */
export function Refused(props: { simulation: Simulation; desk: Desk }): JSX.Element | null {
  const { simulation, desk } = props;
  const [isWhole, setWhole] = useState(false);
  const total = count(simulation, (_, then) => then === "failed");
  const merges = [...simulation.failing].reverse();
  const shown = isWhole ? merges : merges.slice(0, SHOWN_FIRST);
  if (merges.length === 0) return null;
  return (
    <div class="stack tight">
      <div class="table-wrap">
        <table class="table">
          <caption class="soft small">
            Merges that would have been refused, the newest first
            {total > merges.length && `; the newest ${countText(merges.length)} of ${countText(total)}`}
          </caption>
          <thead>
            <tr>
              <th scope="col">Pull request</th>
              <th scope="col">Why</th>
              <th scope="col">Merged</th>
              <th scope="col">Now</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((merge) => (
              <Row key={`${merge.repository_id} ${merge.number}`} merge={merge} desk={desk} />
            ))}
          </tbody>
        </table>
      </div>
      <div class="row tight">
        {merges.length > shown.length && (
          <button type="button" class="button small-button" onClick={() => setWhole(true)}>
            Show the other {countText(merges.length - shown.length)}
          </button>
        )}
        <CsvButton
          name="refused-merges"
          rows={[
            ["repository", "number", "title", "merged", "why", "now", "url"],
            ...merges.map((one) => [
              one.repository,
              one.number,
              one.title ?? "",
              one.merged,
              one.why ?? "",
              NOW[one.before],
              one.url ?? "",
            ]),
          ]}
        />
      </div>
    </div>
  );
}

/** All of it, live: sentence and table for what is being written or stands. */
export function Trial(props: { desk: Desk; body: PolicyBody | null; title: string }): JSX.Element {
  const days = useDays();
  const { value, error, isBusy } = useSimulation(props.desk.workspace.slug, props.body, days);
  return (
    <section class="card stack" aria-labelledby="trial" aria-busy={isBusy}>
      <div class="row between">
        <h2 id="trial">{props.title}</h2>
        <DaysSelect days={days} />
      </div>
      {error !== null && <Failure error={error} />}
      {props.body === null && <p class="soft">It is tried as soon as the form is complete.</p>}
      {props.body !== null && value === null && error === null && <Skeleton height="46rem" />}
      {props.body !== null && value !== null && error === null && (
        <>
          <Outcome simulation={value} />
          <Refused simulation={value} desk={props.desk} />
        </>
      )}
    </section>
  );
}

// How far back a connection reads, with what that costs as far as Bitbucket tells it.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import { change } from "../../api/client";
import type { ConnectionDetails, Horizon, Horizons } from "../../api/connections";
import { useLoad } from "../../components/load";
import { Failure } from "../../components/parts";
import { countText, manyText, secondsText } from "../../components/words";

const TITLES: Record<number, string> = { 90: "90 days", 365: "1 year", 730: "2 years", 0: "Everything" };

export function horizonText(days: number): string {
  return TITLES[days]?.toLowerCase() ?? manyText(days, "day");
}

function costText(cost: Horizon): string {
  const time = cost.seconds === null ? "" : `, about ${secondsText(Math.max(cost.seconds, 1))}`;
  return `${manyText(cost.pull_requests, "pull request")}, ${manyText(cost.requests, "request")}${time}`;
}

function Basis(props: { horizons: Horizons }): JSX.Element {
  const { asked, repositories } = props.horizons;
  return (
    <p class="soft small">
      Estimated from what Bitbucket tells of{" "}
      {asked < repositories
        ? `the ${countText(asked)} repositories that changed last; the other ${countText(repositories - asked)} are taken to be like them.`
        : `${manyText(repositories, "repository", "repositories")}.`}{" "}
      Bitbucket grants about a thousand requests an hour.{" "}
      {props.horizons.git
        ? "Commits and their sizes come from git and cost none."
        : "This server reads without git, so that the size of each pull request costs one more."}
    </p>
  );
}

export function HorizonChoice(props: {
  connection: ConnectionDetails;
  days: number;
  choose: (days: number) => void;
}): JSX.Element {
  const horizons = useLoad<Horizons>(`/connections/${props.connection.id}/horizons`);
  const known = new Set([90, 365, 730, 0]);
  const own = known.has(props.connection.history_days ?? 0) ? [] : [props.connection.history_days ?? 0];
  const fallback = known.has(props.connection.history_days_default) ? [] : [props.connection.history_days_default];
  const choices = [...new Set([...own, ...fallback, 90, 365, 730, 0])];
  return (
    <>
      <fieldset class="kinds" aria-busy={horizons.isLoading}>
        <legend class="visually-hidden">How far back</legend>
        {choices.map((days) => {
          const cost = horizons.value?.items.find((item) => item.days === days);
          return (
            <label key={days} class="kind">
              <input
                type="radio"
                name={`horizon-${props.connection.id}`}
                checked={props.days === days}
                onChange={() => props.choose(days)}
              />
              <span>
                <strong>{TITLES[days] ?? manyText(days, "day")}</strong>
                <span class="soft block number">
                  {cost ? costText(cost) : horizons.isLoading ? "Asking Bitbucket how much there is…" : "Not estimated."}
                </span>
              </span>
            </label>
          );
        })}
      </fieldset>
      {horizons.error !== null && <Failure error={horizons.error} retry={horizons.reload} />}
      {horizons.value !== null && <Basis horizons={horizons.value} />}
    </>
  );
}

/** Changing it of a connection that reads already. */
export function ChangeHorizon(props: { connection: ConnectionDetails; done: () => void; close: () => void }): JSX.Element {
  const { connection } = props;
  const [days, setDays] = useState(connection.history_days ?? connection.history_days_default);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setBusy(true);
    change("PATCH", `/connections/${connection.id}`, { history_days: days })
      .then(() => {
        props.done();
        props.close();
      })
      .catch((fault: unknown) => setError(fault))
      .finally(() => setBusy(false));
  };
  return (
    <form class="stack sub-form" onSubmit={submit} aria-label={`How far back ${connection.name} reads`}>
      <p>A longer span reads the older history on at once. A shorter one takes nothing away that was read.</p>
      <HorizonChoice connection={connection} days={days} choose={setDays} />
      {error !== null && <Failure error={error} />}
      <div class="row">
        <button class="button primary" disabled={isBusy}>
          Save
        </button>
        <button type="button" class="button" onClick={props.close}>
          Close
        </button>
      </div>
    </form>
  );
}

// One connection at a glance, and what can be done with it.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { change } from "../../api/client";
import type { ConnectionDetails, Problem, Purge } from "../../api/connections";
import type { SyncRun } from "../../api/measures";
import { Failure, Notice } from "../../components/parts";
import { countText, dateText, dateTimeText, manyText, secondsText } from "../../components/words";
import { ChangeHorizon, horizonText } from "./horizon";
import { kindOf } from "./kinds";
import { Renew } from "./renew";
import { setupAddress } from "./wizard/steps";

const HEALTH = { good: "healthy", warn: "needs attention", bad: "does not work" };

export function HealthTag(props: { health: "good" | "warn" | "bad" }): JSX.Element {
  return <span class={`tag ${props.health}`}>{HEALTH[props.health]}</span>;
}

export function expiryText(expires: string | null, days: number | null): string {
  if (expires === null || days === null) return "not known";
  if (Date.parse(expires) <= Date.now()) return `expired on ${dateText(expires)}`;
  return `${dateText(expires)}, in ${manyText(days, "day")}`;
}

function Reading(props: { run: SyncRun }): JSX.Element | null {
  const { run } = props;
  if (run.state !== "reading" || run.progress === null)
    return run.finished === null || run.sentence === null ? null : (
      <p class="soft small">
        Last round {dateTimeText(run.finished)}: {run.sentence}
      </p>
    );
  const share = Math.round(run.progress.overall * 100);
  return (
    <div class="syncing">
      <div class="row between">
        <strong>Reading from Bitbucket</strong>
        <span class="number">
          {share}%{run.progress.eta_seconds !== null && `, about ${secondsText(run.progress.eta_seconds)} to go`}
        </span>
      </div>
      <progress max={100} value={share} aria-label="Reading from Bitbucket" />
      <p class="soft small">
        {[run.progress.repository, run.progress.stage, run.progress.note].filter(Boolean).join(" · ")}
        {` · ${manyText(run.progress.requests, "request")}`}
      </p>
    </div>
  );
}

function Problems(props: { items: Problem[] }): JSX.Element | null {
  if (props.items.length === 0) return null;
  const faults = props.items.filter((item) => !item.is_note).length;
  const title = faults > 0 ? manyText(faults, "problem") : manyText(props.items.length, "note");
  return (
    <details>
      <summary>{title}</summary>
      <ul class="plain-list fault-list">
        {props.items.map((item) => (
          <li key={`${item.repository} ${item.stage}`}>
            <strong>{item.repository ?? "The workspace"}</strong> <span class="soft">{item.stage}</span>
            {item.is_note && <span class="tag">note</span>}
            <p>{item.sentence}</p>
            {item.last !== null && (
              <p class="soft small">
                {manyText(item.times, "time")}, last {dateTimeText(item.last)}
              </p>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** In numbers, what goes with a purge and what does not. */
function PurgeChoice(props: { purge: Purge; isOn: boolean; set: (isOn: boolean) => void }): JSX.Element {
  const { purge } = props;
  return (
    <div class="stack tight">
      <label class="check">
        <input type="checkbox" checked={props.isOn} onChange={(event) => props.set(event.currentTarget.checked)} />
        <span>Also delete what only this connection brought</span>
      </label>
      <p class="soft small">
        Deletes {manyText(purge.repositories, "repository", "repositories")} with{" "}
        {manyText(purge.pull_requests, "pull request")}, their reviews, commits, facts, findings and mirrors, and people whom
        nothing else speaks of. It cannot be undone.{" "}
        {purge.kept_repositories > 0 &&
          `${manyText(purge.kept_repositories, "repository", "repositories")} with ${manyText(purge.kept_pull_requests, "pull request")} stay: another connection sees them, too. `}
        The log of merges is only ever appended to: {manyText(purge.audit_rows, "row")} about what is deleted stay in it.
      </p>
    </div>
  );
}

function Disconnect(props: { connection: ConnectionDetails; done: () => void; close: () => void }): JSX.Element {
  const { connection } = props;
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const [waits, setWaits] = useState<string | null>(null);
  const [purges, setPurges] = useState(false);
  const remove = (): void => {
    setBusy(true);
    change<{ summary: string } | undefined>(
      "DELETE",
      `/connections/${connection.id}`,
      purges ? { purge: true } : undefined,
    )
      .then((answer) => (answer === undefined ? props.done() : setWaits(answer.summary)))
      .catch((fault: unknown) => setError(fault))
      .finally(() => setBusy(false));
  };
  return (
    <div class="stack sub-form" role="group" aria-label={`Disconnect ${connection.name}`}>
      <p>
        <strong>Goes:</strong> the connection and its sealed credential; nothing more is read with it. Remember to revoke the
        token in Bitbucket as well.
      </p>
      {!purges && (
        <p>
          <strong>Stays:</strong> pull requests, reviews, commits, insights and the log of merges. They are shown for as long
          as another connection reads {connection.workspace}, and again once it is connected anew.
        </p>
      )}
      {connection.purge !== null && <PurgeChoice purge={connection.purge} isOn={purges} set={setPurges} />}
      {error !== null && <Failure error={error} />}
      {waits !== null && <Notice kind="warn">It waits for a second person: {waits}.</Notice>}
      <div class="row">
        <button type="button" class="button danger" disabled={isBusy || waits !== null} onClick={remove}>
          {purges ? "Disconnect and delete" : "Disconnect"} {connection.name}
        </button>
        <button type="button" class="button" onClick={props.close}>
          Keep it
        </button>
      </div>
    </div>
  );
}

function Facts(props: { connection: ConnectionDetails }): JSX.Element {
  const { connection } = props;
  const { budget } = connection;
  return (
    <dl class="facts">
      <dt>Reads</dt>
      <dd>
        {connection.repository ?? connection.workspace}: {countText(connection.repositories_selected)} of{" "}
        {manyText(connection.repositories_known, "repository", "repositories")}
      </dd>
      <dt>Credential</dt>
      <dd>
        {kindOf(connection.kind)?.title ?? connection.kind}
        {connection.account !== null && `, ${connection.account}`}
        {connection.identity !== null && <div class="soft">{connection.identity}</div>}
      </dd>
      <dt>Expires</dt>
      <dd>{expiryText(connection.expires, connection.days_to_expiry)}</dd>
      {connection.scopes !== null && (
        <>
          <dt>Scopes</dt>
          <dd class="row tight">
            {connection.scopes.map((scope) => (
              <code key={scope} class={`tag ${connection.scopes_unneeded.includes(scope) ? "warn" : ""}`}>
                {scope}
                {connection.scopes_unneeded.includes(scope) && <span class="visually-hidden"> (not needed)</span>}
              </code>
            ))}
          </dd>
        </>
      )}
      <dt>Reads back</dt>
      <dd>{horizonText(connection.history_days ?? connection.history_days_default)}</dd>
      {budget !== null && (
        <>
          <dt>Requests</dt>
          <dd>
            about {countText(Math.max(0, budget.per_hour - budget.available))} of {countText(budget.per_hour)} an hour are used
            <span class="soft small block">{manyText(budget.spent, "request")} sent with it in all</span>
          </dd>
        </>
      )}
    </dl>
  );
}

export function ConnectionCard(props: {
  connection: ConnectionDetails;
  run: SyncRun | null;
  changed: () => void;
}): JSX.Element {
  const { connection } = props;
  const [open, setOpen] = useState<"renew" | "disconnect" | "horizon" | null>(null);
  const close = (): void => setOpen(null);
  const heading = `connection-${connection.id}`;
  return (
    <section class="card stack" aria-labelledby={heading}>
      <div class="row between">
        <h2 id={heading}>{connection.name}</h2>
        <HealthTag health={connection.health} />
      </div>
      {connection.health === "good" ? (
        <p>{connection.sentence}</p>
      ) : (
        <Notice kind={connection.health}>{connection.sentence}</Notice>
      )}
      {props.run !== null && <Reading run={props.run} />}
      <Facts connection={connection} />
      {connection.scopes_unneeded.length > 0 && (
        <p class="soft small">
          It may do more than Plumbline needs ({connection.scopes_unneeded.join(", ")}). One that can only read is safer.
        </p>
      )}
      <Problems items={connection.problems} />
      {open === null && (
        <div class="row">
          {connection.setup_step !== null && (
            <a class="button primary" href={setupAddress(connection.setup_step, connection.id)}>
              Finish the set-up<span class="visually-hidden"> of {connection.name}</span>
            </a>
          )}
          {connection.setup_step === null && (
            <button type="button" class="button" onClick={() => setOpen("horizon")}>
              How far back…<span class="visually-hidden"> {connection.name} reads</span>
            </button>
          )}
          <button type="button" class="button" onClick={() => setOpen("renew")}>
            Renew the credential<span class="visually-hidden"> of {connection.name}</span>
          </button>
          <button type="button" class="button danger" onClick={() => setOpen("disconnect")}>
            Disconnect…<span class="visually-hidden"> {connection.name}</span>
          </button>
        </div>
      )}
      {open === "horizon" && <ChangeHorizon connection={connection} done={props.changed} close={close} />}
      {open === "renew" && <Renew connection={connection} done={props.changed} close={close} />}
      {open === "disconnect" && <Disconnect connection={connection} done={props.changed} close={close} />}
    </section>
  );
}

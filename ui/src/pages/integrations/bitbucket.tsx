// Integrations, Bitbucket: the connections and how they are doing.
import type { JSX } from "preact";

import { atLeast } from "../../api/session";
import type { Connection, ConnectionDetails, Connections } from "../../api/connections";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { Empty, Failure, Skeleton } from "../../components/parts";
import { Administrators } from "../../components/whom_to_ask";
import { dateText, dateTimeText } from "../../components/words";
import type { PageProps } from "../pages";
import { ConnectionCard, HealthTag } from "./connection";
import { HealthOfRepositories } from "./health";
import { Releases } from "./releases";
import { Repositories } from "./repositories";
import { useRuns } from "./runs";

function WhomToAsk(props: { answer: Connections }): JSX.Element {
  const { items, administrators } = props.answer;
  return (
    <section class="card stack" aria-labelledby="whom">
      <h2 id="whom">Connected to Bitbucket</h2>
      {items.length === 0 && <p>Nothing is connected yet.</p>}
      {items.length > 0 && (
        <ul class="plain-list">
          {items.map((item: Connection) => (
            <li key={item.id} class="row between">
              <span>
                <strong>{item.name}</strong>{" "}
                <span class="soft">
                  {item.repository ?? item.workspace}
                  {item.expires !== null && `, until ${dateText(item.expires)}`}
                  {item.last_read !== null && `, last read ${dateTimeText(item.last_read)}`}
                </span>
              </span>
              <HealthTag health={item.health} />
            </li>
          ))}
        </ul>
      )}
      <p>
        Administrators look after connections and choose what is read. Ask <Administrators people={administrators} />.
      </p>
    </section>
  );
}

export default function BitbucketPage(props: PageProps): JSX.Element {
  const isAdmin = atLeast(props.account, "admin");
  const isEditor = atLeast(props.account, "editor");
  const connections = useLoad<Connections<ConnectionDetails>>("/connections");
  const runs = useRuns();
  const isReading = Object.values(runs).some((run) => run.state === "reading");
  useFresh(connections.reload, !isReading);
  const items = connections.value?.items ?? [];
  const workspaces = [...new Set(items.map((item) => item.workspace))];
  return (
    <>
      <div class="row between page-head">
        <h1>Bitbucket</h1>
        {isAdmin && items.length > 0 && (
          <a class="button primary" href="/integrations/bitbucket/add">
            Add a connection
          </a>
        )}
      </div>
      {connections.error !== null && <Failure error={connections.error} retry={connections.reload} />}
      {connections.value === null && connections.error === null && <Skeleton height="14rem" />}
      {connections.value !== null && !isAdmin && <WhomToAsk answer={connections.value} />}
      {connections.value !== null && isAdmin && items.length === 0 && (
        <Empty>
          <div class="stack narrow">
            <h2>Connect Bitbucket</h2>
            <p>An access token that can only read is enough. It takes two minutes, and nothing is written to Bitbucket.</p>
            <a class="button primary" href="/integrations/bitbucket/add">
              Add a connection
            </a>
          </div>
        </Empty>
      )}
      {isAdmin &&
        items.map((item) => (
          <ConnectionCard key={item.id} connection={item} run={runs[String(item.id)] ?? null} changed={connections.reload} />
        ))}
      {isAdmin &&
        workspaces.map((workspace) => (
          <HealthOfRepositories key={workspace} workspace={workspace} isReading={isReading} />
        ))}
      {isEditor &&
        workspaces.map((workspace) => (
          <section key={workspace} class="card stack" id="repositories" aria-labelledby={`repositories-${workspace}`}>
            <h2 id={`repositories-${workspace}`}>Repositories of {workspace}</h2>
            {!isAdmin && <p class="soft">Choose what you would have read; an administrator decides on it.</p>}
            <Repositories workspace={workspace} saved={connections.reload} proposes={!isAdmin} />
          </section>
        ))}
      {isAdmin &&
        workspaces.map((workspace) => (
          <section key={workspace} class="card stack" id="releases" aria-labelledby={`releases-${workspace}`}>
            <h2 id={`releases-${workspace}`}>Main branch and releases of {workspace}</h2>
            <Releases workspace={workspace} />
          </section>
        ))}
    </>
  );
}

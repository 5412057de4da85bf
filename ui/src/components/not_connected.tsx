// What stands on a page while nothing is read: the way to the set-up for administrators, and for others whom to ask.
import type { JSX } from "preact";

import type { ConnectionDetails, Connections } from "../api/connections";
import { atLeast, type Session } from "../api/session";
import { setupAddress } from "../pages/integrations/wizard/steps";
import { useLoad } from "./load";
import { Empty, Failure, Skeleton } from "./parts";

function Ask(props: { connections: Connections }): JSX.Element {
  const { administrators } = props.connections;
  return (
    <p>
      An administrator does it. Ask{" "}
      {administrators.map((person, i) => (
        <span key={person.email}>
          {i > 0 && (i === administrators.length - 1 ? " or " : ", ")}
          <a href={`mailto:${person.email}`}>{person.name}</a>
        </span>
      ))}
      .
    </p>
  );
}

interface Circumstances {
  isAdmin: boolean;
  connections: Connections<ConnectionDetails>;
}

/** Who looks, and what is connected; a skeleton or a failure until both are known. */
function useCircumstances(): Circumstances | JSX.Element {
  const session = useLoad<Session>("/session");
  const connections = useLoad<Connections<ConnectionDetails>>("/connections");
  const error = session.error ?? connections.error;
  if (error !== null) return <Failure error={error} retry={connections.reload} />;
  if (session.value === null || connections.value === null) return <Skeleton height="16rem" />;
  const { account } = session.value;
  return { isAdmin: account !== null && atLeast(account, "admin"), connections: connections.value };
}

function isKnown(one: Circumstances | JSX.Element): one is Circumstances {
  return "isAdmin" in one;
}

export function NotConnected(): JSX.Element {
  const known = useCircumstances();
  if (!isKnown(known)) return known;
  return (
    <Empty>
      <div class="stack narrow">
        <h2>Nothing is connected yet</h2>
        <p>
          Plumbline reads pull requests, reviews and commits from Bitbucket with a token that can only read. The first numbers
          stand here a minute or two after it is connected.
        </p>
        {known.isAdmin ? (
          <>
            <a class="button primary" href="/integrations/bitbucket/add">
              Connect Bitbucket
            </a>
            <p class="soft small">
              On the command line: <code>plumbline connect --workspace NAME --token-file FILE</code>
            </p>
          </>
        ) : (
          <Ask connections={known.connections} />
        )}
      </div>
    </Empty>
  );
}

/** A connection waits for the end of its set-up, and nothing else reads @workspace. */
export function NotSetUp(props: { workspace: string }): JSX.Element {
  const known = useCircumstances();
  if (!isKnown(known)) return known;
  const waiting = known.connections.items.find((one) => one.workspace === props.workspace && one.setup_step !== null);
  return (
    <Empty>
      <div class="stack narrow">
        <h2>The set-up is not finished</h2>
        <p>{props.workspace} is connected, but nothing is read before somebody has said what.</p>
        {known.isAdmin && waiting?.setup_step ? (
          <a class="button primary" href={setupAddress(waiting.setup_step, waiting.id)}>
            Finish the set-up
          </a>
        ) : (
          <Ask connections={known.connections} />
        )}
      </div>
    </Empty>
  );
}

// Adding a connection, step by step. Until the last step nothing is read; a set-up that was left goes on where it was.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { change } from "../../api/client";
import type { ConnectionDetails, Connections, SetupStep } from "../../api/connections";
import { useLoad } from "../../components/load";
import { Empty, Failure, Notice, Skeleton } from "../../components/parts";
import { go, usePlace } from "../../router";
import { type Kind, kindOf } from "./kinds";
import { ApproversStep } from "./wizard/approvers_step";
import { ChooseKind } from "./wizard/choose_kind";
import { Enter, type Typed } from "./wizard/enter";
import { HorizonStep } from "./wizard/horizon_step";
import { HowToMake } from "./wizard/how_to_make";
import { ReadingStep } from "./wizard/reading_step";
import { ReleasesStep } from "./wizard/releases_step";
import { RepositoriesStep } from "./wizard/repositories_step";
import { setupAddress, type Step, STEPS, Trail } from "./wizard/steps";

function isSetupStep(step: Step): step is SetupStep | "reading" {
  return !["kind", "create", "token"].includes(step);
}

/** The steps before there is a connection. */
function Beginning(props: { step: Step; kind: Kind | null; place: string }): JSX.Element {
  const { kind } = props;
  const [typed, setTyped] = useState<Typed>({ name: "", place: props.place, account: "", expires: "" });
  // A step that lacks what the ones before it gave begins again.
  const step = kind === null || kind.legacy !== null ? "kind" : props.step;
  return (
    <>
      <Trail step={step} />
      {step === "kind" && <ChooseKind kind={kind} />}
      {step === "create" && kind && <HowToMake kind={kind} />}
      {step === "token" && kind && (
        <Enter
          kind={kind}
          typed={typed}
          type={(next) => setTyped((before) => ({ ...before, ...next }))}
          connected={(answer) => go(setupAddress("repositories", answer.id), { replace: true })}
        />
      )}
    </>
  );
}

/** The steps that are about a connection. Tokens of one repository each are set up together. */
function SetUp(props: { step: SetupStep | "reading"; connection: ConnectionDetails; all: ConnectionDetails[] }): JSX.Element {
  const { step, connection } = props;
  const [error, setError] = useState<unknown>(null);
  const others = props.all.filter(
    (one) =>
      connection.repository !== null &&
      one.repository !== null &&
      one.id !== connection.id &&
      one.workspace === connection.workspace &&
      one.setup_step !== null,
  );
  const next = (to: SetupStep): void => {
    Promise.all([connection, ...others].map((one) => change("PATCH", `/connections/${one.id}`, { setup_step: to })))
      .then(() => go(setupAddress(to, connection.id)))
      .catch((fault: unknown) => setError(fault));
  };
  const begin = async (days: number): Promise<void> => {
    for (const one of [connection, ...others])
      await change("PATCH", `/connections/${one.id}`, { history_days: days, setup_step: null });
    go(setupAddress("reading", connection.id), { replace: true });
  };
  return (
    <>
      <Trail step={step} />
      {error !== null && <Failure error={error} />}
      {step === "repositories" && (
        <RepositoriesStep connection={connection} others={others} next={() => next("approvers")} />
      )}
      {step === "approvers" && <ApproversStep connection={connection} next={() => next("releases")} />}
      {step === "releases" && <ReleasesStep connection={connection} next={() => next("horizon")} />}
      {step === "horizon" && <HorizonStep connection={connection} others={others} begin={begin} />}
      {step === "reading" && <ReadingStep connection={connection} />}
    </>
  );
}

/** Also after a reload, or another day: what was decided stands in the connection. */
function GoOn(props: { step: SetupStep | "reading"; id: string }): JSX.Element {
  const connections = useLoad<Connections<ConnectionDetails>>("/connections");
  useEffect(connections.reload, [props.step]); // each step changes what is told
  const connection = connections.value?.items.find((item) => String(item.id) === props.id) ?? null;
  if (connections.error !== null && connections.value === null)
    return <Failure error={connections.error} retry={connections.reload} />;
  if (connections.value === null) return <Skeleton height="20rem" />;
  if (connection === null)
    return (
      <Empty>
        There is no such connection any more. <a href="/integrations/bitbucket/add">Add one</a>.
      </Empty>
    );
  if (connection.setup_step === null && props.step !== "reading" && !connections.isLoading)
    return (
      <Notice kind="good">
        {connection.name} is set up. What it reads is changed under <a href="/integrations/bitbucket">Bitbucket</a>.
      </Notice>
    );
  return <SetUp key={props.step} step={props.step} connection={connection} all={connections.value.items} />;
}

export default function AddPage(): JSX.Element {
  const { query } = usePlace();
  const asked = STEPS.find((step) => step.id === query.get("step"))?.id ?? "kind";
  const connection = query.get("connection");
  const kind = kindOf(query.get("kind"));
  const place = query.get("place") ?? "";
  const step: Step = connection === null && isSetupStep(asked) ? "token" : asked;
  return (
    <>
      <h1>Add a connection</h1>
      {connection !== null && isSetupStep(step) ? (
        <GoOn step={step} id={connection} />
      ) : (
        <Beginning key={place} step={step} kind={kind} place={place} />
      )}
    </>
  );
}

// The seventh step: how far back to read. Reading begins when it is chosen.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import type { ConnectionDetails } from "../../../api/connections";
import { Failure } from "../../../components/parts";
import { HorizonChoice } from "../horizon";
import { Head, setupAddress } from "./steps";

export function HorizonStep(props: {
  connection: ConnectionDetails;
  others: ConnectionDetails[];
  begin: (days: number) => Promise<unknown>;
}): JSX.Element {
  const { connection, others } = props;
  const [days, setDays] = useState(connection.history_days ?? connection.history_days_default);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setBusy(true);
    props
      .begin(days)
      .catch((fault: unknown) => setError(fault))
      .finally(() => setBusy(false));
  };
  return (
    <form class="card stack" onSubmit={submit}>
      <Head title="How far back shall it read?" />
      <p>
        The newest pull requests come first, and the first insights with them; older ones follow. A longer span can be chosen
        later: then the rest is read.
        {others.length > 0 && ` It holds for all ${others.length + 1} connections that are being set up.`}
      </p>
      <HorizonChoice connection={connection} days={days} choose={setDays} />
      {error !== null && <Failure error={error} />}
      <div class="row">
        <button class="button primary" disabled={isBusy}>
          Start reading
        </button>
        <a class="button" href={setupAddress("releases", connection.id)}>
          Back
        </a>
      </div>
    </form>
  );
}

// Whether changes wait for a second person.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { change, queryText } from "../../api/client";
import type { Waiting } from "../../api/policies";
import { Failure } from "../../components/parts";
import type { Desk } from "../../components/workspace";

export function SecondPerson(props: {
  desk: Desk;
  isOn: boolean;
  isAdmin: boolean;
  changed: (text: string) => void;
}): JSX.Element {
  const { isOn } = props;
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const set = (wanted: boolean): void => {
    setBusy(true);
    change<{ second_person: boolean } | Waiting>(
      "PUT",
      `/proposals/second-person${queryText({ workspace: props.desk.workspace.slug })}`,
      { second_person: wanted },
    )
      .then((answer) => {
        setError(null);
        props.changed(
          "proposal" in answer
            ? `Proposal ${answer.proposal} waits for another administrator: ${answer.summary}.`
            : "From now on changes wait for a second person.",
        );
      })
      .catch((fault: unknown) => setError(fault))
      .finally(() => setBusy(false));
  };
  return (
    <section class="card stack tight" aria-labelledby="second-person">
      <h2 id="second-person">A second person</h2>
      <p>
        {isOn
          ? "Policies, the selection of repositories and the removal of connections wait until another administrator than the one who wants them approves."
          : "Administrators make changes at once; what editors propose waits for an administrator."}
      </p>
      {error !== null && <Failure error={error} />}
      {props.isAdmin && (
        <div class="row">
          <button type="button" class="button" disabled={isBusy} onClick={() => set(!isOn)}>
            {isOn ? "Propose to make changes at once again" : "Let every change wait for a second person"}
          </button>
          {!isOn && (
            <span class="soft small">It takes two administrators, and two to turn it off again.</span>
          )}
        </div>
      )}
    </section>
  );
}

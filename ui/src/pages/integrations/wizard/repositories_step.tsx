// The fourth step: which projects and repositories are read.
import type { JSX } from "preact";

import type { ConnectionDetails } from "../../../api/connections";
import { Notice } from "../../../components/parts";
import { kindOf } from "../kinds";
import { Repositories } from "../repositories";
import { address, Head } from "./steps";

/** A token that reads one repository has nothing to choose; others are added in a row. */
function OneEach(props: { connection: ConnectionDetails; others: ConnectionDetails[]; next: () => void }): JSX.Element {
  const { connection, others } = props;
  const all = [connection, ...others];
  const last = all.length > 1 && all[all.length - 1];
  return (
    <section class="card stack">
      <Head title={`${connection.name} is connected`} />
      <p>Each repository access token reads its own repository. These are being set up together:</p>
      <ul class="dash-list">
        {all.map((one) => (
          <li key={one.id}>
            <strong>{one.repository ?? one.workspace}</strong>
            {last && one.name !== one.repository && <span class="soft"> ({one.name})</span>}
          </li>
        ))}
      </ul>
      <p class="soft">Nothing is read before the last step.</p>
      <div class="row">
        <button type="button" class="button primary" onClick={props.next}>
          Continue
        </button>
        <a class="button" href={address("token", kindOf("repository-token"), `${connection.workspace}/`)}>
          Add the token of another repository
        </a>
      </div>
    </section>
  );
}

export function RepositoriesStep(props: {
  connection: ConnectionDetails;
  others: ConnectionDetails[];
  next: () => void;
}): JSX.Element {
  const { connection } = props;
  if (connection.repository !== null) return <OneEach {...props} />;
  return (
    <section class="card stack">
      <Head title={`Which repositories of ${connection.workspace} shall be read?`} />
      <Notice kind="good">{connection.name} is connected. Nothing is read before the last step.</Notice>
      <Repositories workspace={connection.workspace} save="Continue" saved={props.next} />
    </section>
  );
}

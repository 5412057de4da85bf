// The sixth step: of each repository the main branch, and what counts as a release.
import type { JSX } from "preact";

import type { ConnectionDetails } from "../../../api/connections";
import { Releases } from "../releases";
import { Head, setupAddress } from "./steps";

export function ReleasesStep(props: { connection: ConnectionDetails; next: () => void }): JSX.Element {
  const { connection } = props;
  return (
    <section class="card stack">
      <Head title="Main branch and releases" />
      <Releases
        workspace={connection.workspace}
        save="Continue"
        saved={props.next}
        back={setupAddress("approvers", connection.id)}
      />
    </section>
  );
}

// The second step: how the credential is made in Bitbucket, and which scopes it needs.
import type { JSX } from "preact";

import type { Kind } from "../kinds";
import { address, Head } from "./steps";

export function HowToMake(props: { kind: Kind }): JSX.Element {
  const { kind } = props;
  return (
    <section class="card stack">
      <Head title={`Make the ${kind.title.replace(/^[A-Z](?=[a-z])/, (c) => c.toLowerCase())}`} />
      <ol class="how-to">
        {kind.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p id="exactly">Tick exactly these. Plumbline only reads; nothing is written to Bitbucket.</p>
      <div class="table-wrap">
        <table class="table compact" aria-labelledby="exactly">
          <thead>
            <tr>
              <th scope="col">Tick</th>
              <th scope="col">For</th>
            </tr>
          </thead>
          <tbody>
            {kind.scopes.map((scope) => (
              <tr key={scope.name}>
                <th scope="row">
                  {scope.label} <code class="soft block small">{scope.name}</code>
                </th>
                <td>
                  {scope.why} {!scope.isNeeded && <span class="soft block small">without it the rest is read all the same</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="row">
        <a class="button primary" href={address("token", kind)}>
          I have it
        </a>
        <a class="button" href={address("kind", kind)}>
          Back
        </a>
      </div>
    </section>
  );
}

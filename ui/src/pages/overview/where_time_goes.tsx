// The cycle time in its phases: sums over all that was merged, so the parts add up to the whole.
import type { JSX } from "preact";

import { PHASES, type Phase, type Report } from "../../api/measures";
import { secondsText, shareText } from "../../components/words";
import type { Desk } from "../../components/workspace";

const TITLES: Record<Phase, string> = { coding: "Coding", pickup: "Pickup", review: "Review", merge: "Merge" };

export function WhereTimeGoes(props: { report: Report; desk: Desk }): JSX.Element {
  const { weeks } = props.report;
  const merged = weeks.reduce((sum, week) => sum + week.merged, 0);
  const sums = PHASES.map((phase) => ({
    phase,
    seconds: weeks.reduce((sum, week) => sum + week.phase_sums[phase], 0),
  }));
  const whole = sums.reduce((sum, one) => sum + one.seconds, 0);
  return (
    <section class="card stack tight" aria-labelledby="time-goes">
      <h2 id="time-goes">Where the time goes</h2>
      {whole === 0 ? (
        <p class="soft">Nothing was merged in this period whose commits are known.</p>
      ) : (
        <>
          <div class="phase-bar" aria-hidden="true">
            {sums.map(({ phase, seconds }) => (
              <span key={phase} class={`phase-${phase}`} style={{ flexGrow: String(seconds / whole) }} />
            ))}
          </div>
          <table class="table compact">
            <caption class="soft small">Share of the cycle time of {merged} merged pull requests</caption>
            <thead class="visually-hidden">
              <tr>
                <th scope="col">Phase</th>
                <th scope="col">Share</th>
                <th scope="col">Mean</th>
              </tr>
            </thead>
            <tbody>
              {sums.map(({ phase, seconds }) => (
                <tr key={phase}>
                  <th scope="row">
                    <span class={`swatch phase-${phase}`} aria-hidden="true" /> {TITLES[phase]}
                  </th>
                  <td class="right">{shareText(seconds / whole)}</td>
                  <td class="right soft">{merged > 0 && `${secondsText(seconds / merged)} each`}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <a href={props.desk.address("/flow", { days: props.report.window.days })}>By week and repository</a>
        </>
      )}
    </section>
  );
}

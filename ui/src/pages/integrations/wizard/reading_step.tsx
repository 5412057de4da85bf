// The last step: the first reading, and the first numbers and findings as they appear.
import type { JSX } from "preact";

import { queryText } from "../../../api/client";
import type { ConnectionDetails } from "../../../api/connections";
import type { FindingList } from "../../../api/insights";
import type { Report, SyncRun } from "../../../api/measures";
import { groupByRule, SeverityTag } from "../../../components/findings";
import { useFresh } from "../../../components/live";
import { useLoad } from "../../../components/load";
import { Notice } from "../../../components/parts";
import { Syncing } from "../../../components/syncing";
import { countText, manyText, secondsText } from "../../../components/words";
import { useRuns } from "../runs";
import { Head } from "./steps";

const FRESH_EVERY = 3000; // milliseconds
const RULES_SHOWN = 6;

function Figure(props: { title: string; value: string }): JSX.Element {
  return (
    <div class="first-number">
      <dt>{props.title}</dt>
      <dd class="number">{props.value}</dd>
    </div>
  );
}

function Numbers(props: { report: Report }): JSX.Element {
  const { coverage, throughput, work_in_progress, window, measures } = props.report;
  const cycle = measures.find((measure) => measure.id === "cycle-time")?.now ?? null;
  return (
    <dl class="first-numbers" aria-label="First numbers">
      <Figure title="Pull requests read" value={countText(coverage.pull_requests)} />
      <Figure title="Open now" value={countText(work_in_progress.open)} />
      <Figure title={`Merged in ${window.days} days`} value={countText(throughput.merged)} />
      <Figure
        title="Cycle time, median"
        value={cycle === null || cycle.p50 === null ? "–" : `${secondsText(cycle.p50)} (n ${countText(cycle.n)})`}
      />
    </dl>
  );
}

function Findings(props: { list: FindingList; query: string }): JSX.Element | null {
  const groups = groupByRule(props.list.findings);
  if (groups.length === 0) return null;
  return (
    <>
      <h3>{manyText(props.list.findings.length, "first finding")}</h3>
      <ul class="plain-list" aria-label="First findings">
        {groups.slice(0, RULES_SHOWN).map((group) => (
          <li key={group.rule} class="row tight">
            <SeverityTag severity={group.severity} />
            <a href={`/insights${queryText({ rule: group.rule })}`}>{group.title}</a>
            <span class="soft">{countText(group.findings.length)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function State(props: { run: SyncRun | null; isOther: boolean }): JSX.Element {
  const { run } = props;
  if (run === null || run.state === "waiting")
    return (
      <Notice kind="warn">
        {props.isOther ? "It waits for its turn; another connection is being read." : "Reading begins in a moment."}
      </Notice>
    );
  if (run.state === "done") return <Notice kind="good">Everything is read: {run.sentence}.</Notice>;
  return <Syncing run={run.state === "reading" ? run : null} runs={[run]} />;
}

export function ReadingStep(props: { connection: ConnectionDetails }): JSX.Element {
  const { connection } = props;
  const runs = useRuns();
  const run = runs[String(connection.id)] ?? null;
  const isDone = run?.state === "done";
  const query = queryText({ workspace: connection.workspace });
  const report = useLoad<Report>(`/report${query}`);
  const findings = useLoad<FindingList>(`/findings${query}`);
  useFresh(
    () => {
      report.reload();
      findings.reload();
    },
    isDone,
    FRESH_EVERY,
  );
  const isOther = Object.values(runs).some((other) => other.state === "reading");
  const hasNumbers = report.value !== null && report.value.coverage.pull_requests > 0;
  return (
    <section class="card stack">
      <Head title={`${connection.name} is set up`} />
      <p>
        {manyText(connection.repositories_selected, "repository is", "repositories are")} read, the newest pull requests first.
        You may leave this page: reading goes on, and what was set here can be changed under Integrations.
      </p>
      <State run={run} isOther={isOther} />
      {hasNumbers && report.value !== null && <Numbers report={report.value} />}
      {findings.value !== null && <Findings list={findings.value} query={query} />}
      {!hasNumbers && !isDone && (
        <p class="soft">The first numbers and findings stand here as soon as pull requests are measured, before all is read.</p>
      )}
      <div class="row">
        <a class="button primary" href={`/${query}`}>
          See the first insights
        </a>
        <a class="button" href="/integrations/bitbucket/add">
          Add another connection
        </a>
        <a class="button" href="/integrations/bitbucket">
          All connections
        </a>
      </div>
    </section>
  );
}

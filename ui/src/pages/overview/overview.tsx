// The first page: where the workspace stands, and what needs somebody now.
import type { JSX } from "preact";

import { queryText } from "../../api/client";
import type { FindingList } from "../../api/insights";
import type { Report } from "../../api/measures";
import { type Account, atLeast } from "../../api/session";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { Empty, Failure, Skeleton } from "../../components/parts";
import { ScopeBar, useScope } from "../../components/scope";
import { dateText, manyText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import type { PageProps } from "../pages";
import { Health } from "./health";
import { KeyNumbers } from "./key_numbers";
import { Needs } from "./needs";
import { WhereTimeGoes } from "./where_time_goes";

const DAYS_AT_FIRST = 30;

function Headlines(props: { report: Report }): JSX.Element {
  const [first, ...others] = props.report.headlines;
  return (
    <section class="headlines" aria-label="In short">
      <p class="headline">{first}</p>
      {others.length > 0 && (
        <ul>
          {others.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Measures follow the reading; until the first are there, zeros would say what is not so. */
function isTooEarly(report: Report): boolean {
  const { merged, declined } = report.throughput;
  return !report.coverage.is_complete && merged + declined + report.work_in_progress.open === 0;
}

function TooEarly(props: { report: Report }): JSX.Element {
  return (
    <Empty>
      <p>
        {manyText(props.report.coverage.pull_requests, "pull request")} of {props.report.subject.name} read so far. The
        first numbers and findings stand here as soon as they are measured; this page follows by itself.
      </p>
    </Empty>
  );
}

function Waiting(): JSX.Element {
  return (
    <>
      <Skeleton height="7rem" />
      <Skeleton height="8rem" />
      <Skeleton height="30rem" />
    </>
  );
}

function Content(props: { desk: Desk; account: Account }): JSX.Element {
  const { desk } = props;
  const scope = useScope(DAYS_AT_FIRST);
  const { days, repository } = scope;
  const place: Desk = { ...desk, address: (path, more) => desk.address(path, { repository, ...more }) };
  const workspace = desk.workspace.slug;
  const report = useLoad<Report>(`/report${queryText({ workspace, days, repository })}`);
  const findings = useLoad<FindingList>(`/findings${queryText({ workspace, repository, state: "open,acknowledged" })}`);
  useFresh(() => {
    report.reload();
    findings.reload();
  }, desk.workspace.complete);
  const found = report.value;
  const isEarly = found !== null && isTooEarly(found);
  return (
    <>
      <div>
        <h1>Overview</h1>
        <p class="soft">
          {found === null
            ? desk.workspace.slug
            : `${found.subject.name} · ${manyText(found.subject.repositories, "repository", "repositories")} · ${dateText(found.window.from)} to ${dateText(found.window.until)}`}
        </p>
      </div>
      <ScopeBar desk={desk} scope={scope} daysAtFirst={DAYS_AT_FIRST} />
      {report.error !== null && <Failure error={report.error} retry={report.reload} />}
      {found === null && report.error === null && <Waiting />}
      {found !== null && !isEarly && (
        <div class="stack wide" aria-busy={report.isLoading}>
          <Headlines report={found} />
          <KeyNumbers report={found} desk={place} />
        </div>
      )}
      {found !== null && (
        <div class="main-aside">
          {isEarly ? <TooEarly report={found} /> : <Needs findings={findings} desk={place} />}
          <div class="stack">
            {!isEarly && <WhereTimeGoes report={found} desk={place} />}
            <Health report={found} canRead={atLeast(props.account, "editor")} />
          </div>
        </div>
      )}
    </>
  );
}

export default function OverviewPage(props: PageProps): JSX.Element {
  return (
    <WithWorkspace title="Overview">{(desk) => <Content desk={desk} account={props.account} />}</WithWorkspace>
  );
}

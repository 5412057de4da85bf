// Every rule and how it is set, for the workspace or for one repository.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import { queryText } from "../../api/client";
import type { Rule, RuleList } from "../../api/insights";
import type { RepositoryRow } from "../../api/measures";
import { type Account, atLeast } from "../../api/session";
import { useLoad } from "../../components/load";
import { Failure, Notice, Skeleton } from "../../components/parts";
import { Select } from "../../components/select";
import { manyText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import { setQuery, usePlace } from "../../router";
import type { PageProps } from "../pages";
import { RuleCard } from "./rule";

const FAMILY_TITLES: Record<string, string> = {
  process: "Process: open pull requests",
  compliance: "Compliance: what was merged and how",
  load: "Load and knowledge",
  flow: "Flow: trends",
  hygiene: "Hygiene",
};

function familiesOf(rules: Rule[]): [string, Rule[]][] {
  const families = new Map<string, Rule[]>();
  for (const rule of rules) families.set(rule.family, [...(families.get(rule.family) ?? []), rule]);
  return [...families];
}

function Content(props: { desk: Desk; account: Account }): JSX.Element {
  const { desk } = props;
  const { query } = usePlace();
  const repository = query.get("repository") ?? "";
  const marked = query.get("rule");
  const workspace = desk.workspace.slug;
  const isAdmin = atLeast(props.account, "admin");
  const repositories = useLoad<{ items: RepositoryRow[] }>(`/repositories${queryText({ workspace })}`);
  const ofWorkspace = useLoad<RuleList>(`/rules${queryText({ workspace })}`);
  const ofRepository = useLoad<RuleList>(repository === "" ? null : `/rules${queryText({ workspace, repository })}`);
  const shown = repository === "" ? ofWorkspace : ofRepository;
  const rules = shown.value?.rules ?? [];
  const isLoaded = shown.value !== null;
  useEffect(() => {
    if (isLoaded && marked !== null) document.getElementById(marked)?.scrollIntoView({ block: "center" });
  }, [isLoaded, marked]);
  const saved = (): void => {
    ofWorkspace.reload();
    ofRepository.reload();
  };
  const names = (repositories.value?.items ?? []).filter((one) => one.selected).map((one) => one.full_name);
  return (
    <>
      <div class="row between page-head">
        <div>
          <h1>Rules</h1>
          <p class="soft">
            {isLoaded
              ? `${manyText(rules.length, "rule")}, ${rules.filter((rule) => rule.is_on).length} on`
              : "\u00a0"}
          </p>
        </div>
        <Select
          label="Set for"
          value={repository}
          options={[
            { value: "", text: `the workspace ${workspace}` },
            ...[...new Set([...names, ...(repository === "" ? [] : [repository])])].map((name) => ({
              value: name,
              text: name,
            })),
          ]}
          onChange={(name) => setQuery({ repository: name })}
        />
      </div>
      <p class="soft">
        {isAdmin
          ? "A change takes effect with the next look at the data, which follows at once. What a repository does not set of its own it takes from the workspace."
          : `Administrators set the rules; your role is ${props.account.role}.`}
      </p>
      {ofWorkspace.error !== null && <Failure error={ofWorkspace.error} retry={ofWorkspace.reload} />}
      {ofRepository.error !== null && <Failure error={ofRepository.error} retry={ofRepository.reload} />}
      {!isLoaded && shown.error === null && <Skeleton height="40rem" />}
      {isLoaded && repository !== "" && (
        <Notice kind="good">These settings hold for {repository} alone and go before those of the workspace.</Notice>
      )}
      {familiesOf(rules).map(([family, members]) => (
        <section key={family} class="stack tight" aria-labelledby={`family-${family}`}>
          <h2 id={`family-${family}`}>{FAMILY_TITLES[family] ?? family}</h2>
          {members.map((rule) => (
            <RuleCard
              key={rule.id}
              rule={rule}
              workspaceRule={
                repository === "" ? null : (ofWorkspace.value?.rules.find((one) => one.id === rule.id) ?? null)
              }
              desk={desk}
              repository={repository}
              isAdmin={isAdmin}
              isMarked={rule.id === marked}
              saved={saved}
            />
          ))}
        </section>
      ))}
    </>
  );
}

export default function RulesPage(props: PageProps): JSX.Element {
  return <WithWorkspace title="Rules">{(desk) => <Content desk={desk} account={props.account} />}</WithWorkspace>;
}

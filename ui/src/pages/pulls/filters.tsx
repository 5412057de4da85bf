// The filters above the list. Each change goes into the address, and so into the list.
import type { JSX } from "preact";

import { queryText } from "../../api/client";
import type { RepositoryRow } from "../../api/measures";
import { AddressChoice, AddressText } from "../../components/address_fields";
import { useLoad } from "../../components/load";
import type { Desk } from "../../components/workspace";
import { usePlace } from "../../router";
import { FILTERS, type FilterKind, ORDERS } from "./question";
import { SavedFilters } from "./saved";

function Filter(props: { filter: FilterKind }): JSX.Element {
  const { filter } = props;
  return filter.options ? (
    <AddressChoice label={filter.label} name={filter.name} options={filter.options} />
  ) : (
    <AddressText label={filter.label} name={filter.name} type={filter.type} hint={filter.hint} />
  );
}

interface RuleNames {
  rules: { id: string; title: string; subject?: string }[];
}

export function Filters(props: { desk: Desk }): JSX.Element {
  const { query } = usePlace();
  const workspace = props.desk.workspace.slug;
  const repositories = useLoad<{ items: RepositoryRow[] }>(`/repositories${queryText({ workspace })}`);
  const rules = useLoad<RuleNames>(`/rules${queryText({ workspace })}`);
  const main = FILTERS.filter((filter) => filter.isMain);
  const others = FILTERS.filter((filter) => !filter.isMain);
  const isMoreSet = others.some((filter) => query.has(filter.name)) || query.has("needs");
  const repositoryOptions = [
    { value: "", text: "all" },
    ...(repositories.value?.items ?? []).map((item) => ({ value: item.full_name, text: item.full_name })),
  ];
  const ruleOptions = [
    { value: "", text: "any or none" },
    ...(rules.value?.rules ?? []).map((rule) => ({ value: rule.id, text: rule.title })),
  ];
  return (
    <section class="card stack tight" aria-label="Filters">
      <div class="filter-grid">
        {main.map((filter) => (
          <Filter key={filter.name} filter={filter} />
        ))}
        <AddressChoice label="Repository" name="repository" options={repositoryOptions} />
        <AddressChoice label="Order" name="sort" options={ORDERS} />
      </div>
      <details open={isMoreSet}>
        <summary>More filters</summary>
        <div class="filter-grid more">
          <AddressChoice label="Open finding of" name="needs" options={ruleOptions} />
          {others.map((filter) => (
            <Filter key={filter.name} filter={filter} />
          ))}
        </div>
      </details>
      <SavedFilters />
    </section>
  );
}

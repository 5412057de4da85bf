// The filters above the list. Each change goes into the address, and so into the list.
import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";

import { queryText } from "../../api/client";
import type { RepositoryRow } from "../../api/measures";
import { useLoad } from "../../components/load";
import type { Desk } from "../../components/workspace";
import { setQuery, usePlace } from "../../router";
import { FILTERS, type FilterKind, ORDERS } from "./question";
import { SavedFilters } from "./saved";

function Choice(props: {
  label: string;
  name: string;
  options: { value: string; text: string }[];
}): JSX.Element {
  const id = useId();
  const value = usePlace().query.get(props.name) ?? "";
  const isKnown = props.options.some((option) => option.value === value);
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select id={id} value={value} onChange={(event) => setQuery({ [props.name]: event.currentTarget.value })}>
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
        {!isKnown && <option value={value}>{value}</option>}
      </select>
    </div>
  );
}

/** Goes into the address when somebody is done with it: on Enter, or on leaving it. */
function Text(props: { filter: FilterKind }): JSX.Element {
  const { name, label, hint, type } = props.filter;
  const id = useId();
  const asked = usePlace().query.get(name) ?? "";
  const [value, setValue] = useState(asked);
  useEffect(() => setValue(asked), [asked]);
  const apply = (): void => {
    if (value.trim() !== asked) setQuery({ [name]: value.trim() });
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {type === "date" ? (
        <input
          id={id}
          type="date"
          value={asked.slice(0, 10)}
          onChange={(event) => setQuery({ [name]: event.currentTarget.value })}
        />
      ) : (
        <input
          id={id}
          value={value}
          placeholder={hint}
          autoComplete="off"
          onInput={(event) => setValue(event.currentTarget.value)}
          onChange={apply}
          onKeyDown={(event) => event.key === "Enter" && apply()}
        />
      )}
    </div>
  );
}

function Filter(props: { filter: FilterKind }): JSX.Element {
  const { filter } = props;
  return filter.options ? (
    <Choice label={filter.label} name={filter.name} options={filter.options} />
  ) : (
    <Text filter={filter} />
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
        <Choice label="Repository" name="repository" options={repositoryOptions} />
        <Choice label="Order" name="sort" options={ORDERS} />
      </div>
      <details open={isMoreSet}>
        <summary>More filters</summary>
        <div class="filter-grid more">
          <Choice label="Open finding of" name="needs" options={ruleOptions} />
          {others.map((filter) => (
            <Filter key={filter.name} filter={filter} />
          ))}
        </div>
      </details>
      <SavedFilters />
    </section>
  );
}

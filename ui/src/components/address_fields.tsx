// Fields whose value is a parameter of the page's address: filters.
import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";

import { setQuery, usePlace } from "../router";
import type { Option } from "./select";

/** A choice; what the address says beside the options is shown as it is. */
export function AddressChoice(props: { label: string; name: string; options: Option[] }): JSX.Element {
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

/** A text, or a date. It goes into the address when somebody is done with it: on Enter, or on leaving it. */
export function AddressText(props: {
  label: string;
  name: string;
  type?: "text" | "date" | undefined;
  hint?: string | undefined;
}): JSX.Element {
  const { name, label, hint, type } = props;
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

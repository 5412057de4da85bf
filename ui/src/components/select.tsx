import type { JSX } from "preact";
import { useId } from "preact/hooks";

export interface Option {
  value: string;
  text: string;
}

/** A labelled choice among a few, as filters have it. */
export function Select(props: {
  label: string;
  value: string;
  options: Option[];
  onChange: (value: string) => void;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field filter">
      <label for={id}>{props.label}</label>
      <select id={id} value={props.value} onChange={(event) => props.onChange(event.currentTarget.value)}>
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}

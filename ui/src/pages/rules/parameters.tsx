// The parameters of a rule, as numbers to set and try.
import type { JSX } from "preact";
import { useId } from "preact/hooks";

import type { RuleParameter } from "../../api/insights";
import { exactText } from "../../components/words";

/** What was typed, by the parameter's id; what is not there is as set. */
export type Draft = Record<string, string>;

/** Why what was typed cannot be set; null when it can. */
export function faultOf(parameter: RuleParameter, text: string): string | null {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return "A number is needed.";
  if (value < parameter.least || value > parameter.greatest)
    return `Between ${exactText(parameter.least)} and ${exactText(parameter.greatest)}.`;
  return null;
}

export function changesOf(parameters: RuleParameter[], draft: Draft): Record<string, number> {
  const changes: Record<string, number> = {};
  for (const { id, value } of parameters) {
    const text = draft[id];
    if (text !== undefined && Number(text) !== value) changes[id] = Number(text);
  }
  return changes;
}

function unitText(unit: string): string {
  return unit === "count" ? "" : unit === "percent" ? "%" : unit;
}

/** "1 to 720 hours, 24 by default", and where that comes from. */
function rangeText(parameter: RuleParameter): string {
  const unit = unitText(parameter.unit);
  const text = `${exactText(parameter.least)} to ${exactText(parameter.greatest)}${unit === "" ? "" : ` ${unit}`}`;
  return `${text}, ${exactText(parameter.default)} by default`;
}

export function ParameterField(props: {
  parameter: RuleParameter;
  inherited: number | null; // the workspace's value, where a repository has another
  text: string;
  isReadOnly: boolean;
  onInput: (text: string) => void;
}): JSX.Element {
  const { parameter, inherited, text } = props;
  const id = useId();
  const fault = faultOf(parameter, text);
  if (props.isReadOnly)
    return (
      <div class="parameter">
        <span class="parameter-title">{parameter.title}</span>
        <span class="parameter-value number">
          {exactText(parameter.value)} {unitText(parameter.unit)}
        </span>
        <span class="soft small">
          {rangeText(parameter)} ({parameter.source})
        </span>
      </div>
    );
  return (
    <div class="parameter field">
      <label for={id}>{parameter.title}</label>
      <span class="parameter-input">
        <input
          id={id}
          type="number"
          step="any"
          min={parameter.least}
          max={parameter.greatest}
          value={text}
          required
          aria-invalid={fault === null ? undefined : "true"}
          aria-describedby={`${id}-hint${fault === null ? "" : ` ${id}-fault`}`}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
        <span>{unitText(parameter.unit)}</span>
      </span>
      {fault !== null && (
        <span class="fault" id={`${id}-fault`}>
          {fault}
        </span>
      )}
      <span class="hint" id={`${id}-hint`}>
        {rangeText(parameter)} ({parameter.source})
        {inherited !== null && <strong>; {exactText(inherited)} in the workspace</strong>}
      </span>
    </div>
  );
}

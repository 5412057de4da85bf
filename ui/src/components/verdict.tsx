// How the verdict on a merge is said.
import type { JSX } from "preact";

import type { VerdictName } from "../api/audit";

export const VERDICTS: Record<VerdictName, { text: string; className: string }> = {
  passed: { text: "kept the policy", className: "tag good" },
  failed: { text: "past the policy", className: "tag bad" },
  unknown: { text: "not known", className: "tag warn" },
  "no-policy": { text: "no policy", className: "tag" },
};

export function VerdictTag(props: { verdict: VerdictName }): JSX.Element {
  const said = VERDICTS[props.verdict] ?? VERDICTS.unknown;
  return <span class={said.className}>{said.text}</span>;
}

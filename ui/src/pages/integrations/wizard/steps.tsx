// The steps of setting a connection up: their order, their addresses, and what each has at its top.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { SetupStep } from "../../../api/connections";
import type { Kind } from "../kinds";

export const STEPS = [
  { id: "kind", title: "Kind" },
  { id: "create", title: "Make it in Bitbucket" },
  { id: "token", title: "Enter and check" },
  { id: "repositories", title: "Repositories" },
  { id: "approvers", title: "Approvers" },
  { id: "releases", title: "Main branch and releases" },
  { id: "horizon", title: "How far back" },
  { id: "reading", title: "First reading" },
] as const;
export type Step = (typeof STEPS)[number]["id"];

const ADD = "/integrations/bitbucket/add";

/** Of a step before there is a connection. @place: what is asked for in the field, to begin with. */
export function address(step: Step, kind: Kind | null, place?: string): string {
  return `${ADD}?step=${step}${kind ? `&kind=${kind.id}` : ""}${place ? `&place=${encodeURIComponent(place)}` : ""}`;
}

/** Of a step that is about a connection; it is where a set-up that was left goes on. */
export function setupAddress(step: SetupStep | "reading", connection: number): string {
  return `${ADD}?step=${step}&connection=${connection}`;
}

export function Trail(props: { step: Step }): JSX.Element {
  const at = STEPS.findIndex((step) => step.id === props.step);
  return (
    <ol class="trail" aria-label="Steps">
      {STEPS.map((step, i) => (
        <li key={step.id} aria-current={i === at ? "step" : undefined} data-done={i < at}>
          {step.title}
        </li>
      ))}
    </ol>
  );
}

export function Head(props: { title: string }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [props.title]);
  return (
    <h2 ref={heading} tabIndex={-1}>
      {props.title}
    </h2>
  );
}

import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

import { ApiError } from "../api/client";

/** A labelled input with its hint and its fault, tied together for screen readers. */
export function Field(
  props: { label: string; hint?: string; fault?: string | null } & JSX.IntrinsicElements["input"],
): JSX.Element {
  const { label, hint, fault, ...input } = props;
  const id = useId();
  const described = [hint ? `${id}-hint` : "", fault ? `${id}-fault` : ""].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} aria-invalid={fault ? "true" : undefined} aria-describedby={described || undefined} {...input} />
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {fault && (
        <span class="fault" id={`${id}-fault`}>
          {fault}
        </span>
      )}
    </div>
  );
}

export function Notice(props: { kind: "good" | "warn" | "bad"; children: ComponentChildren }): JSX.Element {
  return (
    <div class={`notice ${props.kind}`} role={props.kind === "bad" ? "alert" : "status"}>
      {props.children}
    </div>
  );
}

/** What went wrong, in the server's words, and a way to try again. */
export function Failure(props: { error: unknown; retry?: () => void }): JSX.Element {
  const { error } = props;
  const title = error instanceof ApiError ? error.problem.title : "Something went wrong in this page.";
  const detail = error instanceof ApiError ? error.problem.detail : error instanceof Error ? error.message : null;
  return (
    <Notice kind="bad">
      <div class="row between">
        <div>
          <strong>{title}</strong>
          {detail && <p>{detail}</p>}
        </div>
        {props.retry && (
          <button type="button" class="button" onClick={props.retry}>
            Try again
          </button>
        )}
      </div>
    </Notice>
  );
}

export function Empty(props: { children: ComponentChildren }): JSX.Element {
  return <div class="empty">{props.children}</div>;
}

/** Keeps the place of what is being loaded, so that nothing jumps when it comes. */
export function Skeleton(props: { height: string }): JSX.Element {
  return <div class="skeleton" style={{ height: props.height }} role="status" aria-label="Loading" />;
}

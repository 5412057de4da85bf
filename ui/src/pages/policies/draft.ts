// A policy while it is being written: what the form holds, and what the server is sent of it.
import type { PolicyContent, PolicyScope, RequiredApprover } from "../../api/policies";

export interface Draft {
  scope: PolicyScope;
  subject: string;
  isPattern: boolean; // else each repository's main branch
  pattern: string;
  approvals: string;
  required: RequiredApprover[];
  requiredLeast: string; // "": all of them
  authorCounts: boolean;
  voidOnPush: boolean;
  buildsMustPass: boolean;
  from: string; // a day; "": at once
}

export const EMPTY: Draft = {
  scope: "workspace",
  subject: "",
  isPattern: false,
  pattern: "",
  approvals: "1",
  required: [],
  requiredLeast: "",
  authorCounts: false,
  voidOnPush: false,
  buildsMustPass: false,
  from: "",
};

/** The next version begins as the policy is now; when it begins is to be said anew. */
export function draftOf(policy: PolicyContent): Draft {
  return {
    scope: policy.scope,
    subject: policy.subject ?? "",
    isPattern: policy.branch !== null,
    pattern: policy.branch ?? "",
    approvals: String(policy.least_approvals),
    required: policy.required,
    requiredLeast: policy.required_least < policy.required.length ? String(policy.required_least) : "",
    authorCounts: policy.author_counts,
    voidOnPush: policy.void_on_push,
    buildsMustPass: policy.builds_must_pass,
    from: "",
  };
}

export interface PolicyBody {
  scope: PolicyScope;
  subject?: string;
  branch: string | null;
  least_approvals: number;
  required: { kind: "person" | "team"; id: number; least: number }[];
  required_least: number | null;
  author_counts: boolean;
  void_on_push: boolean;
  builds_must_pass: boolean;
  from: string | null;
}

export function bodyOf(draft: Draft): PolicyBody {
  return {
    scope: draft.scope,
    ...(draft.scope === "workspace" ? {} : { subject: draft.subject }),
    branch: draft.isPattern ? draft.pattern.trim() : null,
    least_approvals: Number(draft.approvals),
    required: draft.required.map(({ kind, id, least }) => ({ kind, id, least })),
    required_least: draft.requiredLeast === "" ? null : Number(draft.requiredLeast),
    author_counts: draft.authorCounts,
    void_on_push: draft.voidOnPush,
    builds_must_pass: draft.buildsMustPass,
    from: draft.from === "" ? null : draft.from,
  };
}

/** The body that says the same as a policy that there is, for trying it. */
export function bodyOfPolicy(policy: PolicyContent): PolicyBody {
  return bodyOf(draftOf(policy));
}

function isWhole(text: string, least: number, most: number): boolean {
  return /^\d{1,3}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
}

/** What keeps a draft from being tried or saved, by field. */
export function faultsOf(draft: Draft): { subject?: string; pattern?: string; approvals?: string; requiredLeast?: string } {
  return {
    ...(draft.scope !== "workspace" && draft.subject === ""
      ? { subject: draft.scope === "project" ? "Choose a project." : "Choose a repository." }
      : {}),
    ...(draft.isPattern && draft.pattern.trim() === "" ? { pattern: "Name a branch, or a pattern like release/*." } : {}),
    ...(isWhole(draft.approvals, 0, 100) ? {} : { approvals: "A whole number from 0 to 100." }),
    ...(draft.requiredLeast === "" || isWhole(draft.requiredLeast, 0, draft.required.length)
      ? {}
      : { requiredLeast: `A whole number, at most ${draft.required.length}.` }),
  };
}

type Reach = Pick<PolicyContent, "scope" | "subject" | "branch">;

/** As reachText, at the beginning of a line. */
export function reachTitle(policy: Reach): string {
  return policy.branch === null ? reachText(policy).replace("the main", "Main") : reachText(policy);
}

/** "the main branch of every repository of project PAY", "release/* of acme/billing". */
export function reachText(policy: Reach): string {
  const branch = policy.branch ?? "the main branch";
  if (policy.scope === "repository") return `${branch} of ${policy.subject}`;
  return `${branch} of every repository${policy.scope === "project" ? ` of project ${policy.subject}` : ""}`;
}

// The filters of the list: each is a parameter of the address, which the API takes as it is.
import { type Query, queryText } from "../../api/client";

export interface FilterKind {
  name: string;
  label: string;
  hint?: string;
  options?: { value: string; text: string }[]; // the first one: not set
  type?: "text" | "date";
  isMain: boolean; // in sight without asking for more
}

const ANY = { value: "", text: "any" };

export const FILTERS: FilterKind[] = [
  {
    name: "state",
    label: "State",
    isMain: true,
    options: [
      ANY,
      { value: "open", text: "open" },
      { value: "merged", text: "merged" },
      { value: "declined", text: "declined" },
      { value: "superseded", text: "superseded" },
    ],
  },
  {
    name: "waiting",
    label: "Waits for",
    isMain: true,
    options: [
      ANY,
      { value: "review", text: "a review" },
      { value: "author", text: "the author" },
      { value: "merge", text: "the merge" },
      { value: "ready", text: "to be made ready" },
    ],
  },
  {
    name: "size",
    label: "Size",
    isMain: false,
    options: [
      ANY,
      { value: "XS", text: "XS: below 10 lines" },
      { value: "S", text: "S: 10 to 99" },
      { value: "M", text: "M: 100 to 399" },
      { value: "L", text: "L: 400 to 999" },
      { value: "XL", text: "XL: 1,000 and more" },
      { value: "unknown", text: "not known" },
    ],
  },
  {
    name: "mark",
    label: "Merged how",
    isMain: false,
    options: [
      ANY,
      { value: "unreviewed", text: "without review" },
      { value: "self-merged", text: "by the author alone" },
      { value: "late-change", text: "changed after approval" },
    ],
  },
  {
    name: "draft",
    label: "Drafts",
    isMain: false,
    options: [
      ANY,
      { value: "no", text: "no drafts" },
      { value: "yes", text: "drafts only" },
    ],
  },
  { name: "author", label: "Author", hint: "a name or address", isMain: false },
  { name: "reviewer", label: "Reviewer", hint: "a name or address", isMain: false },
  { name: "team", label: "Team", isMain: false },
  { name: "branch", label: "Target branch", isMain: false },
  {
    name: "by",
    label: "Period counts by",
    isMain: false,
    options: [
      { value: "", text: "opening, or merge if merged" },
      { value: "opened", text: "opening" },
      { value: "merged", text: "merge" },
      { value: "declined", text: "decline" },
      { value: "released", text: "release" },
      { value: "reviewed", text: "review" },
    ],
  },
  { name: "longer", label: "Cycle time from", hint: "like 90min, 4h or 2d", isMain: false },
  { name: "shorter", label: "Cycle time below", hint: "like 90min, 4h or 2d", isMain: false },
  {
    name: "time",
    label: "Cycle time",
    isMain: false,
    options: [
      { value: "", text: "by the clock" },
      { value: "working", text: "in working time" },
    ],
  },
  { name: "from", label: "From", type: "date", isMain: false },
  { name: "until", label: "Until, not included", type: "date", isMain: false },
  { name: "days", label: "Last days", hint: "like 90", isMain: false },
  {
    name: "bots",
    label: "Opened by bots",
    isMain: false,
    options: [
      { value: "", text: "left out" },
      { value: "with", text: "included" },
    ],
  },
];

export const ORDERS = [
  { value: "", text: "latest first" },
  { value: "opened", text: "oldest first" },
  { value: "-activity", text: "latest activity" },
  { value: "waiting", text: "waiting longest" },
  { value: "-merged", text: "merged last" },
  { value: "-cycle-time", text: "longest cycle time" },
  { value: "-size", text: "largest" },
  { value: "-review-comments", text: "most review comments" },
  { value: "-rounds", text: "most rounds" },
];

export const PARAMETERS = [...FILTERS.map((filter) => filter.name), "repository", "project", "needs", "sort"];

/** What the address asks for, as the API takes it. */
export function questionOf(query: URLSearchParams, workspace: string): Query {
  const question: Query = { workspace };
  for (const name of PARAMETERS) question[name] = query.get(name);
  return question;
}

export function listPath(question: Query, more: Query = {}): string {
  return `/pull-requests${queryText({ ...question, ...more })}`;
}

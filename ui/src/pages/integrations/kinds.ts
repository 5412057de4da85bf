// The kinds of credentials: what each is for and how it is made in Bitbucket.
import type { CredentialKind } from "../../api/connections";

export interface Scope {
  name: string; // as the API calls it
  label: string; // as Bitbucket's page calls it
  why: string;
  isNeeded: boolean;
}

export interface Kind {
  id: CredentialKind;
  title: string;
  summary: string;
  group: "Access token (recommended)" | "Other";
  legacy: string | null; // why it should not be used any more
  account: { label: string; hint: string; type: "email" | "text" } | null;
  secret: string;
  needsRepository: boolean;
  needsExpiry: boolean;
  steps: string[];
  scopes: Scope[];
}

const READ: Scope[] = [
  { name: "repository", label: "Repositories: Read", why: "repositories, branches and commits", isNeeded: true },
  { name: "pullrequest", label: "Pull requests: Read", why: "pull requests, reviews and comments", isNeeded: true },
  { name: "pipeline", label: "Pipelines: Read", why: "builds and deployments", isNeeded: false },
];
const PROJECT: Scope = { name: "project", label: "Projects: Read", why: "names of projects", isNeeded: false };
const ACCOUNT: Scope = { name: "account", label: "Account: Read", why: "the workspace's members", isNeeded: false };

const API_READ: Scope[] = [
  { name: "read:repository:bitbucket", label: "read:repository", why: "repositories and commits", isNeeded: true },
  { name: "read:pullrequest:bitbucket", label: "read:pullrequest", why: "pull requests and reviews", isNeeded: true },
  { name: "read:user:bitbucket", label: "read:user", why: "whose token it is", isNeeded: false },
  { name: "read:workspace:bitbucket", label: "read:workspace", why: "the workspace", isNeeded: false },
  { name: "read:project:bitbucket", label: "read:project", why: "names of projects", isNeeded: false },
  { name: "read:pipeline:bitbucket", label: "read:pipeline", why: "builds and deployments", isNeeded: false },
];

const COPY = "Create it and copy the token. Bitbucket shows it once only.";
const NAME = "Choose “Create access token”, name it “Plumbline”, and give it an expiry date at most a year ahead.";

export const KINDS: Kind[] = [
  {
    id: "workspace-token",
    title: "Workspace access token",
    summary: "Reads every repository of the workspace, also those to come. Needs Bitbucket Premium.",
    group: "Access token (recommended)",
    legacy: null,
    account: null,
    secret: "Token",
    needsRepository: false,
    needsExpiry: false,
    steps: [
      "In Bitbucket, open the settings of the workspace (the cog, “Workspace settings”).",
      "Under “Security”, open “Access tokens”.",
      NAME,
      "Tick the scopes below and no others.",
      COPY,
    ],
    scopes: [...READ, PROJECT, ACCOUNT],
  },
  {
    id: "project-token",
    title: "Project access token",
    summary: "Reads the repositories of one project. Needs Bitbucket Premium.",
    group: "Access token (recommended)",
    legacy: null,
    account: null,
    secret: "Token",
    needsRepository: false,
    needsExpiry: false,
    steps: [
      "In Bitbucket, open the project and its “Project settings”.",
      "Under “Security”, open “Access tokens”.",
      NAME,
      "Tick the scopes below and no others.",
      COPY,
    ],
    scopes: [...READ, PROJECT],
  },
  {
    id: "repository-token",
    title: "Repository access token",
    summary: "Reads one repository, on every plan. For more repositories, add a connection for each.",
    group: "Access token (recommended)",
    legacy: null,
    account: null,
    secret: "Token",
    needsRepository: true,
    needsExpiry: false,
    steps: [
      "In Bitbucket, open the repository and its “Repository settings”.",
      "Under “Security”, open “Access tokens”.",
      NAME,
      "Tick the scopes below and no others.",
      COPY,
    ],
    scopes: READ,
  },
  {
    id: "api-token",
    title: "API token",
    summary: "Belongs to a person and reads what that person may read. It ends when the person leaves.",
    group: "Other",
    legacy: null,
    account: {
      label: "E-mail address of the Atlassian account",
      hint: "The address that the token’s owner signs in with.",
      type: "email",
    },
    secret: "Token",
    needsRepository: false,
    needsExpiry: true,
    steps: [
      "Sign in at id.atlassian.com and open “Security”, “Create and manage API tokens”.",
      "Choose “Create API token with scopes”, name it “Plumbline”, and choose an expiry date.",
      "Choose the app “Bitbucket”. A token without scopes, or for another app, is refused.",
      "Tick the scopes below and no others.",
      COPY,
    ],
    scopes: API_READ,
  },
  {
    id: "oauth-client",
    title: "OAuth consumer",
    summary: "Belongs to the workspace; Plumbline asks for an access token of an hour each time.",
    group: "Other",
    legacy: null,
    account: { label: "Key of the consumer", hint: "Bitbucket shows it when the consumer is opened.", type: "text" },
    secret: "Secret of the consumer",
    needsRepository: false,
    needsExpiry: false,
    steps: [
      "In Bitbucket, open “Workspace settings”, then “OAuth consumers” under “Apps and features”.",
      "Choose “Add consumer”, name it “Plumbline”, enter any callback URL (it is not used) and tick “This is a private consumer”.",
      "Tick the permissions below and no others.",
      "Save, open the consumer, and copy its key and its secret.",
    ],
    scopes: [...READ, PROJECT, ACCOUNT],
  },
  {
    id: "app-password",
    title: "App password",
    summary: "A password of a person for one application.",
    group: "Other",
    legacy: "Bitbucket switched app passwords off on 28 July 2026. Use an access token or an API token instead.",
    account: { label: "Bitbucket user name", hint: "Not the e-mail address.", type: "text" },
    secret: "App password",
    needsRepository: false,
    needsExpiry: false,
    steps: [],
    scopes: READ,
  },
];

export function kindOf(id: string | null): Kind | null {
  return KINDS.find((kind) => kind.id === id) ?? null;
}

/** What a date field takes: tomorrow to 365 days ahead. */
export function expiryRange(): { min: string; max: string } {
  const day = (ahead: number): string => new Date(Date.now() + ahead * 864e5).toISOString().slice(0, 10);
  return { min: day(1), max: day(365) };
}

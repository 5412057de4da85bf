// The table of pages: address, name in the menu, least role, and the component, loaded when it is first needed.
// The menu shows them in this order; which part of it a page stands in follows from its address (groupOf).
import type { ComponentType } from "preact";

import type { Account, Role } from "../api/session";

export interface PageProps {
  account: Account;
  /** What stands for the {names} in the page's path, in order. */
  parts: string[];
}

export interface Page {
  path: string; // "/pull-requests/{repository}/{number}"
  title: string;
  menu: boolean;
  role: Role;
  /** What it is for, in one sentence: for the list of settings. */
  about?: string;
  /** Its numbers are of a period, a repository, …: the menu takes them along to the next such page. */
  hasScope?: boolean;
  load: () => Promise<{ default: ComponentType<PageProps> }>;
}

export type Group = "look" | "integrations" | "settings";

export function groupOf(page: Page): Group {
  if (page.path === "/settings" || page.path.startsWith("/settings/")) return "settings";
  return page.path.startsWith("/integrations/") ? "integrations" : "look";
}

export const PAGES: Page[] = [
  {
    path: "/",
    title: "Overview",
    menu: true,
    role: "viewer",
    hasScope: true,
    load: () => import("./overview/overview"),
  },
  {
    path: "/insights",
    title: "Insights",
    menu: true,
    role: "viewer",
    load: () => import("./insights/insights"),
  },
  {
    path: "/insights/mutes",
    title: "Mutes in force",
    menu: false,
    role: "viewer",
    load: () => import("./mutes/mutes"),
  },
  {
    path: "/insights/{finding}",
    title: "Finding",
    menu: false,
    role: "viewer",
    load: () => import("./insights/finding"),
  },
  {
    path: "/flow",
    title: "Flow",
    menu: true,
    role: "viewer",
    hasScope: true,
    load: () => import("./flow/flow"),
  },
  {
    path: "/reviews",
    title: "Reviews",
    menu: true,
    role: "viewer",
    hasScope: true,
    load: () => import("./reviews/reviews"),
  },
  {
    path: "/pull-requests",
    title: "Pull requests",
    menu: true,
    role: "viewer",
    load: () => import("./pulls/pulls"),
  },
  {
    path: "/pull-requests/{repository}/{number}",
    title: "Pull request",
    menu: false,
    role: "viewer",
    load: () => import("./pull/pull"),
  },
  {
    path: "/commits",
    title: "Commits",
    menu: true,
    role: "viewer",
    hasScope: true,
    load: () => import("./commits/commits"),
  },
  {
    path: "/delivery",
    title: "Delivery",
    menu: true,
    role: "viewer",
    hasScope: true,
    load: () => import("./delivery/delivery"),
  },
  {
    path: "/audit",
    title: "Merge audit",
    menu: true,
    role: "viewer",
    load: () => import("./audit/audit"),
  },
  {
    path: "/audit/{row}",
    title: "Merge audit",
    menu: false,
    role: "viewer",
    load: () => import("./audit/row"),
  },
  {
    path: "/integrations/bitbucket",
    title: "Bitbucket",
    menu: true,
    role: "viewer",
    load: () => import("./integrations/bitbucket"),
  },
  {
    path: "/integrations/bitbucket/add",
    title: "Add a connection",
    menu: false,
    role: "admin",
    load: () => import("./integrations/add"),
  },
  {
    path: "/settings",
    title: "Settings",
    menu: false,
    role: "viewer",
    load: () => import("./settings/settings"),
  },
  {
    path: "/settings/rules",
    title: "Rules",
    menu: true,
    role: "viewer",
    about: "What Plumbline looks for, how strictly, and what other settings would have found.",
    load: () => import("./rules/rules"),
  },
  {
    path: "/settings/policies",
    title: "Policies",
    menu: true,
    role: "viewer",
    about: "Who must have approved what is merged, tried on the merges of the past.",
    load: () => import("./policies/policies"),
  },
  {
    path: "/settings/policies/new",
    title: "New policy",
    menu: false,
    role: "editor",
    load: () => import("./policies/new"),
  },
  {
    path: "/settings/policies/{policy}",
    title: "Policy",
    menu: false,
    role: "viewer",
    load: () => import("./policies/policy"),
  },
  {
    path: "/settings/proposals",
    title: "Proposals",
    menu: true,
    role: "viewer",
    about: "Changes that wait for an administrator's decision, and whether changes need two people.",
    load: () => import("./proposals/proposals"),
  },
  {
    path: "/settings/teams",
    title: "Teams",
    menu: true,
    role: "viewer",
    about: "Who works together, since when, and by whose clocks and holidays.",
    load: () => import("./teams/teams"),
  },
  {
    path: "/settings/teams/{team}",
    title: "Team",
    menu: false,
    role: "viewer",
    load: () => import("./teams/team"),
  },
  {
    path: "/settings/identities",
    title: "Identities",
    menu: true,
    role: "viewer",
    about: "Which accounts and addresses are one person, and who is a bot.",
    load: () => import("./identities/identities"),
  },
  {
    path: "/settings/workspace",
    title: "Workspace",
    menu: true,
    role: "viewer",
    about: "Time zone, working hours and holidays; what is shown of people; bots; issue keys.",
    load: () => import("./workspace/workspace"),
  },
  {
    path: "/settings/account",
    title: "Your account",
    menu: false,
    role: "viewer",
    about: "Your password and your API tokens.",
    load: () => import("./account/account"),
  },
  {
    path: "/settings/users",
    title: "Users",
    menu: true,
    role: "admin",
    about: "Who may sign in, with which role, and who is invited.",
    load: () => import("./users/users"),
  },
  {
    path: "/settings/log",
    title: "Log",
    menu: true,
    role: "admin",
    about: "Who changed what in Plumbline, when and from where; as a file too.",
    load: () => import("./log/log"),
  },
];

export function findPage(path: string): { page: Page; parts: string[] } | null {
  const segments = path.split("/").slice(1);
  for (const page of PAGES) {
    const pattern = page.path.split("/").slice(1);
    if (pattern.length !== segments.length) continue;
    const parts: string[] = [];
    const fits = pattern.every((part, i) => {
      const segment = segments[i] ?? "";
      if (!part.startsWith("{")) return part === segment;
      parts.push(decodeURIComponent(segment));
      return segment !== "";
    });
    if (fits) return { page, parts };
  }
  return null;
}
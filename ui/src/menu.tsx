// The side menu: what one looks at, what is connected, and the settings, which open when one is among them.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { Workspace } from "./api/measures";
import { type Account, atLeast } from "./api/session";
import { useLive } from "./components/live";
import { useLoad } from "./components/load";
import { sharedQuery } from "./components/scope";
import { type Group, PAGES, type Page, findPage, groupOf } from "./pages/pages";
import { usePlace } from "./router";

/** "page" for the page itself, "true" for one below it. */
function currentMark(page: string, path: string): "page" | "true" | undefined {
  if (path === page) return "page";
  return page !== "/" && path.startsWith(`${page}/`) ? "true" : undefined;
}

const PROPOSALS = "/settings/proposals";

/** How many changes wait for an administrator's decision, told to those who decide. */
function useWaiting(account: Account): number {
  const workspaces = useLoad<{ items: Workspace[] }>(atLeast(account, "admin") ? "/workspaces" : null);
  useLive((type) => {
    if (type === "proposals" || type === "gap") workspaces.reload();
  });
  return (workspaces.value?.items ?? []).reduce((sum, one) => sum + one.proposals_waiting, 0);
}

function Waiting(props: { count: number }): JSX.Element | null {
  if (props.count === 0) return null;
  return (
    <>
      {" "}
      <span class="menu-count">
        {props.count}
        <span class="visually-hidden">{props.count === 1 ? " proposal waits" : " proposals wait"}</span>
      </span>
    </>
  );
}

function Entries(props: { pages: Page[]; path: string; label?: string; waiting?: number }): JSX.Element {
  const { query } = usePlace();
  const kept = findPage(props.path)?.page.hasScope ? sharedQuery(query) : "";
  return (
    <ul aria-label={props.label}>
      {props.pages.map((page) => (
        <li key={page.path}>
          <a href={page.hasScope ? page.path + kept : page.path} aria-current={currentMark(page.path, props.path)}>
            {page.title}
            {page.path === PROPOSALS && <Waiting count={props.waiting ?? 0} />}
          </a>
        </li>
      ))}
    </ul>
  );
}

export function Menu(props: { account: Account; path: string; leave: () => void }): JSX.Element {
  const { path } = props;
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  const shown = PAGES.filter((page) => page.menu && atLeast(props.account, page.role));
  const of = (group: Group): Page[] => shown.filter((page) => groupOf(page) === group);
  const waiting = useWaiting(props.account);
  const isAmongSettings = path === "/settings" || path.startsWith("/settings/");
  return (
    <header class="shell-nav" data-open={isOpen}>
      <div class="shell-nav-head">
        <a class="shell-brand" href="/">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          Plumbline
        </a>
        <button
          type="button"
          class="button quiet shell-menu-button"
          aria-expanded={isOpen}
          aria-controls="menu"
          onClick={() => setOpen(!isOpen)}
        >
          Menu
        </button>
      </div>
      <div class="shell-nav-body" id="menu">
        <nav aria-label="Pages">
          <Entries pages={of("look")} path={path} />
          <p class="shell-nav-title">Integrations</p>
          <Entries pages={of("integrations")} path={path} label="Integrations" />
          <ul class="shell-nav-settings">
            <li>
              <a
                href="/settings"
                aria-current={currentMark("/settings", path)}
                data-holds-current={of("settings").some((page) => currentMark(page.path, path))}
              >
                Settings
                {!isAmongSettings && <Waiting count={waiting} />}
              </a>
              {isAmongSettings && <Entries pages={of("settings")} path={path} label="Settings" waiting={waiting} />}
            </li>
          </ul>
        </nav>
        <div class="shell-foot">
          <a href="/settings/account" aria-current={currentMark("/settings/account", path)}>
            {props.account.name}
          </a>
          <button type="button" class="button" onClick={props.leave}>
            Sign out
          </button>
        </div>
      </div>
    </header>
  );
}

// The list of settings: what each page is for, and which ones are somebody else's.
import type { JSX } from "preact";

import { atLeast } from "../../api/session";
import { PAGES, type PageProps, groupOf } from "../pages";

export default function SettingsPage(props: PageProps): JSX.Element {
  const pages = PAGES.filter((page) => groupOf(page) === "settings" && page.about !== undefined);
  const mine = pages.filter((page) => atLeast(props.account, page.role));
  const others = pages.filter((page) => !mine.includes(page));
  return (
    <>
      <h1>Settings</h1>
      <ul class="settings-list">
        {mine.map((page) => (
          <li key={page.path}>
            <a class="card settings-entry" href={page.path}>
              <strong>{page.title}</strong>
              <span class="soft">{page.about}</span>
            </a>
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <p class="soft">
          {others.map((page) => page.title).join(", ")}: for the role {others[0]?.role}; yours is {props.account.role}.
          Any administrator can change it.
        </p>
      )}
    </>
  );
}

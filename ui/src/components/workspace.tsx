// Which workspace a page is about: the one in the address, else the first. Nearly everybody has one and never sees it.
import type { ComponentChildren, JSX } from "preact";

import { queryText, type Query } from "../api/client";
import type { Workspace } from "../api/measures";
import { setQuery, usePlace } from "../router";
import { useFresh, useSync } from "./live";
import { type Loaded, useLoad } from "./load";
import { NotConnected, NotSetUp } from "./not_connected";
import { Failure, Skeleton } from "./parts";
import { Syncing } from "./syncing";

export interface Desk {
  workspace: Workspace;
  /** Of one of our pages, with the workspace where there is a choice. */
  address: (path: string, query?: Query) => string;
}

function Choice(props: { items: Workspace[]; value: string }): JSX.Element {
  return (
    <div class="field inline">
      <label for="workspace">Workspace</label>
      <select
        id="workspace"
        value={props.value}
        onChange={(event) => setQuery({ workspace: event.currentTarget.value, repository: null, team: null })}
      >
        {props.items.map((item) => (
          <option key={item.slug}>{item.slug}</option>
        ))}
      </select>
    </div>
  );
}

/** Gives a page its workspace; says what is missing where there is none, and that history is still being read. */
export function WithWorkspace(props: {
  title: string;
  children: (desk: Desk) => ComponentChildren;
}): JSX.Element {
  const { query } = usePlace();
  const workspaces: Loaded<{ items: Workspace[] }> = useLoad("/workspaces");
  const items = workspaces.value?.items ?? [];
  const asked = query.get("workspace");
  const workspace = items.find((item) => item.slug === asked) ?? items[0];
  const sync = useSync();
  useFresh(workspaces.reload, workspace?.complete ?? false, 15000);

  if (workspaces.value === null && workspaces.error !== null)
    return (
      <>
        <h1>{props.title}</h1>
        <Failure error={workspaces.error} retry={workspaces.reload} />
      </>
    );
  if (workspaces.value === null)
    return (
      <>
        <h1>{props.title}</h1>
        <Skeleton height="28rem" />
      </>
    );
  if (!workspace)
    return (
      <>
        <h1>{props.title}</h1>
        <NotConnected />
      </>
    );
  const isChoice = items.length > 1;
  if (!workspace.set_up && !workspace.complete)
    return (
      <>
        <h1>{props.title}</h1>
        {isChoice && <Choice items={items} value={workspace.slug} />}
        <NotSetUp workspace={workspace.slug} />
      </>
    );
  const address = (path: string, query: Query = {}): string =>
    path + queryText(isChoice ? { ...query, workspace: workspace.slug } : query);
  return (
    <>
      {isChoice && <Choice items={items} value={workspace.slug} />}
      {!workspace.complete && <Syncing run={sync.reading} runs={sync.runs} workspace={workspace} />}
      {props.children({ workspace, address })}
    </>
  );
}

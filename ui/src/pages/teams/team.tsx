// One team: its members, past ones too, its working time and holidays.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { change } from "../../api/client";
import { type Team, type TeamList, teamPath } from "../../api/people";
import { type Account, atLeast } from "../../api/session";
import { Dialog } from "../../components/dialog";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { Failure, Skeleton } from "../../components/parts";
import { type Desk, WithWorkspace } from "../../components/workspace";
import { go } from "../../router";
import type { PageProps } from "../pages";
import { Holidays, Hours } from "./hours";
import { Members } from "./members";

/** Changes something of the team; @below its address. What comes back is shown. */
export type TeamChange = (
  method: "POST" | "PATCH" | "DELETE",
  below: string,
  body?: unknown,
  query?: Record<string, string>,
) => Promise<void>;

function RemoveDialog(props: { team: Team; workspace: string; gone: () => void; close: () => void }): JSX.Element {
  const { team } = props;
  const [error, setError] = useState<unknown>(null);
  const remove = (): void => {
    const query = team.members.length > 0 ? { past: "true" } : {};
    change("DELETE", teamPath(props.workspace, team.id, "", query))
      .then(props.gone)
      .catch((fault: unknown) => setError(fault));
  };
  return (
    <Dialog title={`Remove ${team.name}`} close={props.close}>
      <div class="stack">
        <p>
          {team.members.length === 0
            ? "It has no members and never had; nothing else changes."
            : "Its past goes with it: what its members did counts for no team, also in earlier months. To keep the past, end the memberships instead."}
        </p>
        {error !== null && <Failure error={error} />}
        <div class="row end">
          <button type="button" class="button" onClick={props.close} autofocus>
            Cancel
          </button>
          <button type="button" class="button danger" onClick={remove}>
            {team.members.length === 0 ? "Remove it" : "Remove it with its past"}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

function Content(props: { desk: Desk; account: Account; id: string }): JSX.Element {
  const { desk } = props;
  const workspace = desk.workspace.slug;
  const canChange = atLeast(props.account, "editor");
  const loaded = useLoad<TeamList>(teamPath(workspace, encodeURIComponent(props.id)));
  const [changed, setChanged] = useState<Team | null>(null);
  const [isRemoving, setRemoving] = useState(false);
  useEffect(() => setChanged(null), [loaded.value]);
  useFresh(loaded.reload, true);
  const team = changed ?? loaded.value?.teams[0] ?? null;
  useEffect(() => {
    if (team !== null) document.title = `${team.name} · Plumbline`;
  }, [team?.name]);
  const put: TeamChange = async (method, below, body, query) => {
    const answer = await change<TeamList>(method, teamPath(workspace, props.id, below, query ?? {}), body);
    setChanged(answer.teams[0] ?? null);
  };
  return (
    <>
      <div class="row between page-head">
        <div class="stack tight">
          <nav aria-label="Way here" class="small">
            <a href={desk.address("/settings/teams")}>Teams</a>
          </nav>
          <h1>{team?.name ?? "Team"}</h1>
        </div>
        {team !== null && <a href={desk.address("/flow", { team: team.name })}>Its flow</a>}
      </div>
      {!canChange && (
        <p class="soft">Editors and administrators change teams; your role is {props.account.role}.</p>
      )}
      {loaded.error !== null && <Failure error={loaded.error} retry={loaded.reload} />}
      {team === null && loaded.error === null && <Skeleton height="30rem" />}
      {team !== null && (
        <div class="main-aside">
          <div class="stack">
            <Members workspace={workspace} team={team} canChange={canChange} put={put} />
          </div>
          <div class="stack">
            <Hours key={team.id} team={team} canChange={canChange} put={put} />
            <Holidays team={team} canChange={canChange} put={put} />
            {canChange && (
              <div class="row">
                <button type="button" class="button danger" onClick={() => setRemoving(true)}>
                  Remove this team
                </button>
              </div>
            )}
          </div>
        </div>
      )}
      {isRemoving && team !== null && (
        <RemoveDialog
          team={team}
          workspace={workspace}
          gone={() => go(desk.address("/settings/teams"))}
          close={() => setRemoving(false)}
        />
      )}
    </>
  );
}

export default function TeamPage(props: PageProps): JSX.Element {
  const id = props.parts[0] ?? "";
  return (
    <WithWorkspace title="Team">
      {(desk) => <Content key={id} desk={desk} account={props.account} id={id} />}
    </WithWorkspace>
  );
}

// The teams: who is in them now, whose clocks they work by; making one, and files of all.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import { change, queryText } from "../../api/client";
import { type Team, type TeamList, hoursText, isMemberAt } from "../../api/people";
import { type Account, atLeast } from "../../api/session";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { Empty, Failure, Field, Notice, Skeleton } from "../../components/parts";
import { countText, manyText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import { go } from "../../router";
import type { PageProps } from "../pages";

function TeamRow(props: { team: Team; desk: Desk }): JSX.Element {
  const { team, desk } = props;
  const now = Date.now();
  return (
    <tr>
      <th scope="row">
        <a href={desk.address(`/settings/teams/${team.id}`)}>{team.name}</a>
      </th>
      <td class="right">{countText(team.members.filter((member) => isMemberAt(member, now)).length)}</td>
      <td class="nowrap">{team.zone ?? <span class="soft">the workspace’s</span>}</td>
      <td class="nowrap">{team.days ?? <span class="soft">the workspace’s</span>}</td>
      <td class="nowrap">{hoursText(team) ?? <span class="soft">the workspace’s</span>}</td>
      <td class="right">{countText(team.holidays.length)}</td>
    </tr>
  );
}

function Table(props: { teams: Team[]; desk: Desk }): JSX.Element {
  return (
    <section class="card table-wrap" role="region" aria-label="Teams" tabIndex={0}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Team</th>
            <th scope="col" class="right">
              Members now
            </th>
            <th scope="col">Time zone</th>
            <th scope="col">Days</th>
            <th scope="col">Hours</th>
            <th scope="col" class="right">
              Holidays
            </th>
          </tr>
        </thead>
        <tbody>
          {props.teams.map((team) => (
            <TeamRow key={team.id} team={team} desk={props.desk} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function NewTeam(props: { desk: Desk }): JSX.Element {
  const [error, setError] = useState<unknown>(null);
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    change<TeamList>("POST", `/teams${queryText({ workspace: props.desk.workspace.slug })}`, { name })
      .then((made) => go(props.desk.address(`/settings/teams/${made.teams[0]?.id ?? ""}`)))
      .catch((fault: unknown) => setError(fault));
  };
  return (
    <section class="card stack" aria-labelledby="new-team">
      <h2 id="new-team">Make a team</h2>
      {error !== null && <Failure error={error} />}
      <form class="row pattern-form" onSubmit={submit}>
        <Field label="Name" name="name" required maxLength={200} hint="Members and hours come next." />
        <button class="button primary">Make it</button>
      </form>
    </section>
  );
}

function Files(props: { desk: Desk; canChange: boolean; read: () => void }): JSX.Element {
  const workspace = queryText({ workspace: props.desk.workspace.slug });
  const [error, setError] = useState<unknown>(null);
  const [said, setSaid] = useState<string | null>(null);
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const file = new FormData(form).get("file");
    if (!(file instanceof File)) return;
    const answer = await change<{ teams: number; people: number }>("POST", `/team-file${workspace}`, {
      text: await file.text(),
    });
    form.reset();
    setError(null);
    setSaid(
      `${manyText(answer.teams, "team")} read; ${answer.people === 1 ? "1 person is" : `${countText(answer.people)} people are`} new in them.`,
    );
    props.read();
  };
  const onSubmit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    submit(event.currentTarget).catch((fault: unknown) => {
      setSaid(null);
      setError(fault);
    });
  };
  return (
    <section class="card stack" aria-labelledby="team-files">
      <h2 id="team-files">All teams as a file</h2>
      <p class="soft">
        A team file has a group per team, with its hours, holidays and members by address. Reading one makes the teams
        that are missing and changes those that are there; it takes nobody out of a team.
      </p>
      {error !== null && <Failure error={error} />}
      {said !== null && <Notice kind="good">{said}</Notice>}
      <div class="row">
        <a class="button" href={`/api/v1/team-file${workspace}`} download="teams.ini">
          Save teams.ini
        </a>
      </div>
      {props.canChange && (
        <form class="row pattern-form" onSubmit={onSubmit}>
          <Field label="Team file" name="file" type="file" required accept=".ini,.txt,text/plain" />
          <button class="button">Read it</button>
        </form>
      )}
    </section>
  );
}

function Content(props: { desk: Desk; account: Account }): JSX.Element {
  const { desk } = props;
  const canChange = atLeast(props.account, "editor");
  const list = useLoad<TeamList>(`/teams${queryText({ workspace: desk.workspace.slug })}`);
  useFresh(list.reload, true);
  const teams = list.value?.teams ?? [];
  return (
    <>
      <div class="stack tight">
        <h1>Teams</h1>
        <p class="soft">
          Every measure can be asked by team, in each team’s own working time. Teams are compared only where enough
          people stand behind a number, and nobody in them is ranked.
          {!canChange && ` Editors and administrators change teams; your role is ${props.account.role}.`}
        </p>
      </div>
      {list.error !== null && <Failure error={list.error} retry={list.reload} />}
      {list.value === null && list.error === null && <Skeleton height="12rem" />}
      {list.value !== null && teams.length === 0 && (
        <Empty>There is no team yet. {canChange ? "Make one below, or read a team file." : "An editor can make one."}</Empty>
      )}
      {teams.length > 0 && <Table teams={teams} desk={desk} />}
      {canChange && <NewTeam desk={desk} />}
      {list.value !== null && (canChange || teams.length > 0) && (
        <Files desk={desk} canChange={canChange} read={list.reload} />
      )}
    </>
  );
}

export default function TeamsPage(props: PageProps): JSX.Element {
  return <WithWorkspace title="Teams">{(desk) => <Content desk={desk} account={props.account} />}</WithWorkspace>;
}

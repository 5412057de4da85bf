// Who is in a team and when: putting people into it, moving them, ending memberships.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import { type Member, type Team, isMemberAt } from "../../api/people";
import { Dialog } from "../../components/dialog";
import { Empty, Failure, Field } from "../../components/parts";
import { type Picked, PersonPicker } from "../../components/person_picker";
import { calendarDayText } from "../../components/words";
import type { TeamChange } from "./team";

/** Now there first, then those to come, then those who were; each by name. */
function inOrder(members: Member[], now: number): Member[] {
  const rank = (member: Member): number =>
    isMemberAt(member, now) ? 0 : member.since !== null && Date.parse(member.since) > now ? 1 : 2;
  return [...members].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

function EndDialog(props: { member: Member; team: Team; put: TeamChange; close: () => void }): JSX.Element {
  const { member, team } = props;
  const [error, setError] = useState<unknown>(null);
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const until = String(new FormData(event.currentTarget).get("until") ?? "");
    props
      .put("DELETE", `/members/${member.person}`, undefined, until === "" ? {} : { until })
      .then(props.close)
      .catch((fault: unknown) => setError(fault));
  };
  return (
    <Dialog title={`${member.name} leaves ${team.name}`} close={props.close}>
      <form class="stack" onSubmit={submit}>
        <p class="soft">What {member.name} did before that day stays with the team.</p>
        {error !== null && <Failure error={error} />}
        <Field
          label="First day no longer in it"
          name="until"
          type="date"
          hint="Empty: now. The day on which it began: the membership never was."
        />
        <div class="row end">
          <button type="button" class="button" onClick={props.close}>
            Cancel
          </button>
          <button class="button primary">End the membership</button>
        </div>
      </form>
    </Dialog>
  );
}

function Row(props: { member: Member; now: number; end: ((member: Member) => void) | null }): JSX.Element {
  const { member, end } = props;
  const isNow = isMemberAt(member, props.now);
  return (
    <tr class={isNow ? "" : "member-past"}>
      <th scope="row">{member.name}</th>
      <td class="nowrap">{member.since === null ? "ever" : calendarDayText(member.since)}</td>
      <td class="nowrap">{member.until === null ? "still there" : calendarDayText(member.until)}</td>
      {end !== null && (
        <td class="act">
          {isNow && member.until === null && (
            <button type="button" class="button small-button" onClick={() => end(member)}>
              End<span class="visually-hidden"> the membership of {member.name}</span>
            </button>
          )}
        </td>
      )}
    </tr>
  );
}

function AddPeople(props: { workspace: string; team: Team; put: TeamChange }): JSX.Element {
  const [picked, setPicked] = useState<Picked[]>([]);
  const [error, setError] = useState<unknown>(null);
  const add = (person: Picked | null): void => {
    if (person !== null && !picked.some((one) => one.id === person.id)) setPicked([...picked, person]);
  };
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    const since = String(values.get("since") ?? "");
    props
      .put("POST", "/members", {
        people: picked.map((person) => person.id),
        since: since === "" ? null : since,
        move: values.get("move") !== null,
      })
      .then(() => {
        form.reset();
        setPicked([]);
        setError(null);
      })
      .catch((fault: unknown) => setError(fault));
  };
  return (
    <form class="stack sub-form" onSubmit={submit} aria-label={`Put people into ${props.team.name}`}>
      {error !== null && <Failure error={error} />}
      <PersonPicker workspace={props.workspace} label="Add people" value={null} pick={add} />
      {picked.length > 0 && (
        <ul class="row tight plain-row" aria-label="To be added">
          {picked.map((person) => (
            <li key={person.id} class="tag">
              {person.name}
              <button
                type="button"
                class="tag-button"
                aria-label={`Do not add ${person.name}`}
                onClick={() => setPicked(picked.filter((one) => one !== person))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="form-pair">
        <Field label="First day" name="since" type="date" hint="Empty: since ever; when moving, now." />
        <label class="check">
          <input type="checkbox" name="move" />
          <span>
            Move them here
            <span class="soft small block">They leave the team they are in on that day; what was before stays there.</span>
          </span>
        </label>
      </div>
      <div class="row">
        <button class="button primary" disabled={picked.length === 0}>
          Put into {props.team.name}
        </button>
      </div>
    </form>
  );
}

export function Members(props: { workspace: string; team: Team; canChange: boolean; put: TeamChange }): JSX.Element {
  const { team, canChange } = props;
  const [ending, setEnding] = useState<Member | null>(null);
  const now = Date.now();
  return (
    <section class="card stack" aria-labelledby="members">
      <h2 id="members">Members</h2>
      {team.members.length === 0 && <Empty>Nobody is in this team yet.</Empty>}
      {team.members.length > 0 && (
        <div class="table-wrap" role="region" aria-label={`Members of ${team.name}`} tabIndex={0}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Member</th>
                <th scope="col">Since</th>
                <th scope="col">Until</th>
                {canChange && (
                  <th scope="col" class="act">
                    <span class="visually-hidden">Action</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {inOrder(team.members, now).map((member) => (
                <Row
                  key={`${member.person} ${member.since}`}
                  member={member}
                  now={now}
                  end={canChange ? setEnding : null}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {canChange && <AddPeople workspace={props.workspace} team={team} put={props.put} />}
      {ending !== null && (
        <EndDialog member={ending} team={team} put={props.put} close={() => setEnding(null)} />
      )}
    </section>
  );
}

// By whose clocks a team works: its name, working time and holidays.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import { type Team, hoursText } from "../../api/people";
import { Failure, Field, Notice } from "../../components/parts";
import { calendarDayText, manyText } from "../../components/words";
import type { TeamChange } from "./team";

/** What browsers know of time zones; without it the field takes any text, and the server checks. */
function zones(): string[] {
  return "supportedValuesOf" in Intl ? Intl.supportedValuesOf("timeZone") : [];
}

function Facts(props: { team: Team }): JSX.Element {
  const { team } = props;
  return (
    <dl class="facts">
      <dt>Time zone</dt>
      <dd>{team.zone ?? "the workspace’s"}</dd>
      <dt>Working days</dt>
      <dd>{team.days ?? "the workspace’s"}</dd>
      <dt>Working hours</dt>
      <dd>{hoursText(team) ?? "the workspace’s"}</dd>
    </dl>
  );
}

export function Hours(props: { team: Team; canChange: boolean; put: TeamChange }): JSX.Element {
  const { team } = props;
  const [error, setError] = useState<unknown>(null);
  const [isSaved, setSaved] = useState(false);
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const word = (name: string): string | null => String(values.get(name) ?? "").trim() || null;
    const from = word("from");
    const until = word("until");
    setSaved(false);
    props
      .put("PATCH", "", {
        name: word("name") ?? "",
        zone: word("zone"),
        days: word("days"),
        hours: from === null && until === null ? null : `${from ?? ""}-${until ?? ""}`,
      })
      .then(() => {
        setError(null);
        setSaved(true);
      })
      .catch((fault: unknown) => setError(fault));
  };
  return (
    <section class="card stack" aria-labelledby="hours">
      <h2 id="hours">Name and working time</h2>
      {!props.canChange && <Facts team={team} />}
      {error !== null && <Failure error={error} />}
      {isSaved && <Notice kind="good">Saved. Working times are computed anew.</Notice>}
      {props.canChange && (
        <form class="stack" onSubmit={submit}>
          <div class="form-pair">
            <Field label="Name" name="name" defaultValue={team.name} required maxLength={200} />
            <Field
              label="Time zone"
              name="zone"
              list="zones"
              defaultValue={team.zone ?? ""}
              hint="Such as Europe/Berlin. Here and below, empty: as the workspace."
            />
            <Field label="Working days" name="days" defaultValue={team.days ?? ""} hint="Such as mon-fri or sun,mon-thu." />
            <div class="form-pair">
              <Field label="From" name="from" type="time" defaultValue={team.from ?? ""} />
              <Field label="Until" name="until" type="time" defaultValue={team.until ?? ""} />
            </div>
          </div>
          <datalist id="zones">
            {zones().map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <div class="row">
            <button class="button primary">Save</button>
          </div>
        </form>
      )}
    </section>
  );
}

export function Holidays(props: { team: Team; canChange: boolean; put: TeamChange }): JSX.Element {
  const { team } = props;
  const [error, setError] = useState<unknown>(null);
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const values = new FormData(form);
    const file = values.get("file");
    if (!(file instanceof File)) return;
    await props.put("POST", "/holidays", { text: await file.text(), replace: values.get("replace") !== null });
    form.reset();
    setError(null);
  };
  const onSubmit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    submit(event.currentTarget).catch((fault: unknown) => setError(fault));
  };
  return (
    <section class="card stack" aria-labelledby="holidays">
      <h2 id="holidays">Holidays</h2>
      {team.holidays.length === 0 && <p class="soft">None of its own. Those of the workspace hold for every team.</p>}
      {team.holidays.length > 0 && (
        <details>
          <summary>{manyText(team.holidays.length, "day")}</summary>
          <ul class="day-list">
            {team.holidays.map((holiday) => (
              <li key={holiday.day}>
                <span class="number">{calendarDayText(holiday.day)}</span> <span class="soft">{holiday.name}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {props.canChange && (
        <form class="stack" onSubmit={onSubmit}>
          {error !== null && <Failure error={error} />}
          <Field
            label="Calendar file"
            name="file"
            type="file"
            required
            accept=".ics,text/calendar"
            hint="All-day events of an iCalendar file, as calendar programs and public holiday sites give it."
          />
          <label class="check">
            <input type="checkbox" name="replace" />
            <span>Instead of the holidays it has</span>
          </label>
          <div class="row">
            <button class="button">Take its days</button>
          </div>
        </form>
      )}
    </section>
  );
}

// The workspace's clocks, working hours and holidays.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { change, queryText } from "../../api/client";
import { Failure, Field, Notice } from "../../components/parts";
import { dateText, manyText } from "../../components/words";
import { type Editing, type SettingList, SettingsForm } from "./form";

const DAYS = [
  ["mon", "Monday"],
  ["tue", "Tuesday"],
  ["wed", "Wednesday"],
  ["thu", "Thursday"],
  ["fri", "Friday"],
  ["sat", "Saturday"],
  ["sun", "Sunday"],
] as const;

const NAMES: string[] = DAYS.map(([name]) => name);

/** "sun,mon-thu" as a set of names; null: it cannot be read. */
export function daysOf(text: string): Set<string> | null {
  const days = new Set<string>();
  for (const part of text.toLowerCase().split(",")) {
    const [from, until = from] = part.split("-").map((word) => word.trim());
    const first = NAMES.indexOf(from ?? "");
    const last = NAMES.indexOf(until ?? "");
    if (first < 0 || last < 0) return null;
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(NAMES[day] ?? "");
      if (day === last) break;
    }
  }
  return days;
}

function textOf(days: Set<string>): string {
  const text = NAMES.filter((name) => days.has(name)).join(",");
  return text === "mon,tue,wed,thu,fri" ? "mon-fri" : text;
}

function WorkingDays(props: { editing: Editing }): JSX.Element {
  const { editing } = props;
  const chosen = daysOf(editing.values["calendar.days"] ?? "") ?? new Set<string>();
  const fault = editing.faultOf("calendar.days");
  const toggle = (name: string): void => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    editing.set("calendar.days", textOf(next));
  };
  return (
    <fieldset class="plain-fieldset">
      <legend class="field-legend">Working days</legend>
      <div class="row">
        {DAYS.map(([name, text]) => (
          <label key={name} class="switch">
            <input type="checkbox" checked={chosen.has(name)} onChange={() => toggle(name)} />
            {text}
          </label>
        ))}
      </div>
      {fault !== null && (
        <span class="fault" role="alert">
          {fault}
        </span>
      )}
    </fieldset>
  );
}

function zones(): string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
}

interface HolidayFile {
  days: { day: string; name: string }[];
  first_year: number;
  last_year: number;
}

/** Adds the days of an iCalendar file to those that are typed; nothing is kept before it is saved. */
function HolidayImport(props: { editing: Editing; workspace: string }): JSX.Element {
  const { editing } = props;
  const [error, setError] = useState<unknown>(null);
  const [read, setRead] = useState<(HolidayFile & { added: number }) | null>(null);
  const take = async (file: File): Promise<void> => {
    const answer = await change<HolidayFile>(
      "POST",
      `/settings/holiday-file${queryText({ workspace: props.workspace })}`,
      { text: await file.text() },
    );
    const before = new Set(daysListed(editing.values["calendar.holidays"] ?? ""));
    const added = answer.days.filter(({ day }) => !before.has(day)).length;
    for (const { day } of answer.days) before.add(day);
    editing.set("calendar.holidays", [...before].sort().join(","));
    setRead({ ...answer, added });
  };
  return (
    <div class="stack tight">
      <Field
        label="Take holidays from a calendar file"
        type="file"
        accept=".ics,text/calendar"
        hint="An iCalendar file (.ics), as most calendars export it. Its all-day events are added to the list above; then save."
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (!file) return;
          take(file)
            .then(() => setError(null))
            .catch((fault: unknown) => setError(fault));
        }}
      />
      {error !== null && <Failure error={error} />}
      {read !== null && (
        <Notice kind="good">
          {manyText(read.days.length, "day")} in the file from {read.first_year} to {read.last_year}, {read.added} new.
          {read.days.length > 0 &&
            ` The first is ${dateText(read.days[0]?.day ?? "")}${read.days[0]?.name ? ` (${read.days[0].name})` : ""}.`}{" "}
          Save to keep them.
        </Notice>
      )}
    </div>
  );
}

function daysListed(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .map((day) => day.trim())
    .filter((day) => day !== "");
}

function Holidays(props: { editing: Editing; workspace: string }): JSX.Element {
  const { editing } = props;
  const value = editing.values["calendar.holidays"] ?? "";
  const fault = editing.faultOf("calendar.holidays");
  return (
    <>
      <div class="field">
        <label for="holidays">Holidays</label>
        <textarea
          id="holidays"
          rows={3}
          spellcheck={false}
          value={daysListed(value).join("\n")}
          aria-invalid={fault !== null ? "true" : undefined}
          aria-describedby={fault !== null ? "holidays-hint holidays-fault" : "holidays-hint"}
          onChange={(event) => editing.set("calendar.holidays", daysListed(event.currentTarget.value).join(","))}
        />
        <span class="hint" id="holidays-hint">
          A day a line, such as 2026-12-25. {manyText(daysListed(value).length, "day")}. Teams may have further ones of
          their own.
        </span>
        {fault !== null && (
          <span class="fault" id="holidays-fault">
            {fault}
          </span>
        )}
      </div>
      {editing.isAdmin && <HolidayImport editing={editing} workspace={props.workspace} />}
    </>
  );
}

function nowIn(zone: string): string {
  try {
    return new Intl.DateTimeFormat(undefined, { timeStyle: "short", dateStyle: "medium", timeZone: zone }).format();
  } catch {
    return "";
  }
}

export function Calendar(props: {
  list: SettingList;
  isAdmin: boolean;
  saved: (list: SettingList) => void;
}): JSX.Element {
  return (
    <SettingsForm
      {...props}
      id="calendar"
      title="Working time"
      effect="Working time counts these hours only; days and weeks of charts and the weeks' throughput begin when this zone's clocks show midnight. Teams may set their own hours."
      keys={["calendar.zone", "calendar.days", "calendar.from", "calendar.until", "calendar.holidays"]}
    >
      {(editing) => (
        <>
          <Field
            label="Time zone"
            list="time-zones"
            value={editing.values["calendar.zone"]}
            spellcheck={false}
            autoComplete="off"
            hint={`Type a city to find it. It is ${nowIn(editing.values["calendar.zone"] ?? "") || "not a zone that this browser knows"} there.`}
            fault={editing.faultOf("calendar.zone")}
            onInput={(event) => editing.set("calendar.zone", event.currentTarget.value.trim())}
          />
          <datalist id="time-zones">
            {zones().map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <WorkingDays editing={editing} />
          <div class="row">
            <Field
              label="From"
              value={editing.values["calendar.from"]}
              inputMode="numeric"
              maxLength={5}
              hint="Such as 09:00"
              fault={editing.faultOf("calendar.from")}
              onInput={(event) => editing.set("calendar.from", event.currentTarget.value)}
            />
            <Field
              label="Until"
              value={editing.values["calendar.until"]}
              inputMode="numeric"
              maxLength={5}
              hint="24:00 is the day's end"
              fault={editing.faultOf("calendar.until")}
              onInput={(event) => editing.set("calendar.until", event.currentTarget.value)}
            />
          </div>
          <Holidays editing={editing} workspace={props.list.workspace} />
        </>
      )}
    </SettingsForm>
  );
}

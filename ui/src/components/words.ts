// How times and spans are said.

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function dateText(iso: string): string {
  return DATE.format(new Date(iso));
}

export function dateTimeText(iso: string): string {
  return DATE_TIME.format(new Date(iso));
}

/** "40 min", "21 h", "3 d": one unit, as the report says it. Microseconds in. */
export function spanText(microseconds: number): string {
  const minutes = microseconds / 60e6;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  if (hours < 48) return `${Math.round(hours)} h`;
  return `${Math.round(hours / 24)} d`;
}

// How times, spans and numbers are said.

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const ONE_DECIMAL = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const TENTHS = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const EXACT = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });

const CALENDAR_DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

/** "12 Oct 2026": a day of the calendar, of its first instant in UTC or of its date. */
export function calendarDayText(day: string): string {
  return unbroken(CALENDAR_DAY.format(new Date(`${day.slice(0, 10)}T00:00:00Z`)));
}

/** A date is not broken over lines; between date and time of day is where a line may end. */
function unbroken(text: string): string {
  return text.replace(/ (?!\d{1,2}:)/g, "\u00a0");
}

export function dateText(iso: string): string {
  return unbroken(DATE.format(new Date(iso)));
}

export function dateTimeText(iso: string): string {
  return unbroken(DATE_TIME.format(new Date(iso)));
}

/** "12 Oct": a day of the calendar, which has no time zone. */
export function dayText(day: string): string {
  return DAY.format(new Date(`${day.slice(0, 10)}T00:00:00Z`));
}

function few(value: number): string {
  return value < 9.95 ? ONE_DECIMAL.format(value) : WHOLE.format(value);
}

/** "40 min", "3.0 h", "21 h", "3.3 d": one unit, as the report and the findings' sentences say it. */
export function secondsText(seconds: number): string {
  const minutes = seconds / 60;
  if (minutes < 1) return `${WHOLE.format(seconds)} s`;
  if (minutes < 90) return `${WHOLE.format(minutes)} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${few(hours)} h` : `${few(hours / 24)} d`;
}

/** As secondsText, but never days: a working day is no day of 24 hours. */
export function workingText(seconds: number): string {
  return seconds < 48 * 3600 ? secondsText(seconds) : `${WHOLE.format(seconds / 3600)} h`;
}

/** As secondsText; microseconds in. */
export function spanText(microseconds: number): string {
  return secondsText(microseconds / 1e6);
}

export function countText(count: number): string {
  return WHOLE.format(count);
}

/** "1 finding", "3 findings". */
export function manyText(count: number, one: string, many = `${one}s`): string {
  return `${WHOLE.format(count)} ${count === 1 ? one : many}`;
}

/** "640 KB", "4.2 MB", "1.3 GB": one unit, a thousand of each. */
export function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${WHOLE.format(Math.ceil(bytes / 1e3))} KB`;
  return bytes < 1e9 ? `${few(bytes / 1e6)} MB` : `${few(bytes / 1e9)} GB`;
}

export function shareText(share: number): string {
  return share > 0 && share < 0.01 ? `${TENTHS.format(share * 100)}%` : `${WHOLE.format(share * 100)}%`;
}

/** A number as somebody would type it: at most three decimals. */
export function exactText(value: number): string {
  return EXACT.format(value);
}

/** How long before @now an instant lies. */
export function agoText(iso: string, now: string | number): string {
  const end = typeof now === "number" ? now : Date.parse(now);
  return secondsText(Math.max(0, (end - Date.parse(iso)) / 1000));
}

export function valueText(value: number | null, unit: string, clock: "wall" | "working" = "wall"): string {
  if (value === null) return "–";
  if (unit === "seconds") return clock === "working" ? workingText(value) : secondsText(value);
  if (unit === "share") return shareText(value);
  return value < 100 ? TENTHS.format(value) : WHOLE.format(value);
}

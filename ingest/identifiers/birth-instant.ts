/**
 * Birth dates that a system stored as instants or numbers. A birthday is a plain date: it was midnight somewhere, and the
 * question is of which day. China had summer time from 1986 to 1991 (UTC+9), which shifts those birthdays by an hour, and
 * so by a day, in systems that convert once with and once without it.
 */

interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Day 0 of Excel's 1900 calendar, its false 29 February 1900 counted. */
const EXCEL_DAY_0 = Date.UTC(1899, 11, 30);
const EPOCH = /^-?\d{9,14}$/;
/** Above this, epoch numbers are milliseconds (April 1970); as seconds it would be the year 2286. */
const SMALLEST_MS = 1e10;
/** Midnight in UTC, in Shanghai's summer time, in Shanghai: hours of the UTC day. */
const MIDNIGHTS = new Set([0, 15 * HOUR_MS, 16 * HOUR_MS]);

function calendarDate(ms: number): CalendarDate {
  const date = new Date(ms);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The date of an Excel serial (46037 = 2026-01-15). */
export function dateOfSerial(serial: number): CalendarDate {
  return calendarDate(EXCEL_DAY_0 + serial * DAY_MS);
}

/** The day whose midnight an instant was: nine hours on, 15:00Z (summer time), 16:00Z and 00:00Z all fall on it. */
export function dateOfInstant(ms: number): CalendarDate {
  return calendarDate(ms + 9 * HOUR_MS);
}

/**
 * An instant in milliseconds out of `yyyy-MM-dd` with a time in UTC (`T16:00:00Z`), or out of epoch seconds or milliseconds
 * that are somebody's midnight; null for other texts, whose date counts as written.
 */
export function readInstant(text: string, time?: string): number | null {
  if (time !== undefined) {
    const clock = /^(\d{2}:\d{2})(?::\d{2})?(?:\.\d+)?\s*(?:Z|\+00:?00)$/.exec(time)?.[1];
    const ms = clock === undefined ? Number.NaN : Date.parse(`${text}T${clock}:00Z`);
    return Number.isNaN(ms) ? null : ms;
  }
  if (!EPOCH.test(text)) return null;
  const ms = Math.abs(Number(text)) >= SMALLEST_MS ? Number(text) : Number(text) * 1000;
  return MIDNIGHTS.has(((ms % DAY_MS) + DAY_MS) % DAY_MS) ? ms : null;
}

/** The date after `date` if that was a summer-time day: its midnight, read without summer time, is 23:00 the day before. */
export function undoSummerTime(date: CalendarDate): CalendarDate {
  const { year, month, day } = date;
  const monthDay = month * 100 + day;
  const starts = year === 1986 ? 504 : 411;
  const inSummer = year >= 1986 && year <= 1991 && monthDay >= starts && monthDay <= 917;
  return inSummer ? calendarDate(Date.UTC(year, month - 1, day) + DAY_MS) : date;
}

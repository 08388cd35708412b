/** Time is passed in, never read where it is used: a root leaf open to every folder. */
import { DateTime } from 'luxon';

/** Says what time it is. Tests give one that stands still or is moved by hand. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** The brand's zone unless the configuration names another. */
export const DEFAULT_ZONE = 'Asia/Shanghai';

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** The business day (`yyyy-MM-dd`) an instant falls on in `zone`. */
export function businessDay(instant: Date, zone: string): string {
  const known = dayFormats.get(zone);
  // The Swedish form of a date is ISO's.
  const format = known ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone });
  if (known === undefined) dayFormats.set(zone, format);
  return format.format(instant);
}

/** The first and last day (both included) of a window of `days` days that ends on the day of `now` in `zone`. */
export function dayWindow(now: Date, days: number, zone: string): { from: string; to: string } {
  const today = DateTime.fromJSDate(now, { zone }).startOf('day');
  return { from: today.minus({ days: days - 1 }).toISODate() ?? '', to: today.toISODate() ?? '' };
}

const DAY_MS = 86_400_000;
const DAYS_KEPT = 50_000;
const days = new Map<number, string>();

/** `yyyy-MM-dd HH:mm:ss.SSS` in UTC: the text ClickHouse reads into DateTime64(3, 'UTC'). Days are remembered: every row has instants. */
export function clickhouseInstant(instant: Date): string {
  const ms = instant.getTime();
  const number = Math.floor(ms / DAY_MS);
  let day = days.get(number);
  if (day === undefined) {
    if (days.size >= DAYS_KEPT) days.clear();
    day = instant.toISOString().slice(0, 10);
    days.set(number, day);
  }
  const rest = ms - number * DAY_MS;
  const seconds = Math.floor(rest / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${day} ${two(h)}:${two(m)}:${two(s)}.${String(rest - seconds * 1000).padStart(3, '0')}`;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : `${number}`;
}

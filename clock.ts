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

let lastMs = Number.NaN;
let lastText = '';

/** `yyyy-MM-dd HH:mm:ss.SSS` in UTC: the text ClickHouse reads into DateTime64(3, 'UTC'). */
export function clickhouseInstant(instant: Date): string {
  const ms = instant.getTime();
  // Rows written together mostly carry the same instant.
  if (ms !== lastMs) {
    lastMs = ms;
    lastText = instant.toISOString().replace('T', ' ').slice(0, 23);
  }
  return lastText;
}

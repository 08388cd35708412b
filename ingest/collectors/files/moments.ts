/** Dates and times as tills write them. No zone = the brand's. Nothing here is read with floating point but Excel's serials. */
import { DateTime } from 'luxon';

/** What a cell says: a day, a time of day, or both; with a zone or an epoch number, an instant. */
export type Moment = { readonly instant: Date } | { readonly day: string | null; readonly clock: string | null };

const DAY_FIRST_MAX_MONTH = 12;
/** What nearly every export writes. */
const USUAL = /^(\d{4})-(0[1-9]|1[0-2])-(\d\d)(?:[ T]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d))?$/;
const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s]+(.+))?$/;
const CHINESE = /^(\d{4})年(\d{1,2})月(\d{1,2})[日号]?\s*(.*)$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:\s*(\d{2})(\d{2})(\d{2})?)?$/;
const YEAR_LAST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T\s]+(.+))?$/;
const CLOCK =
  /^(上午|下午|凌晨|早上|中午|晚上|am|pm)?\s*(\d{1,2})[:：时点](\d{1,2})(?:[:：分](\d{1,2})(?:\.(\d{1,6}))?)?[分秒]?\s*(am|pm)?\s*(z|[+-]\d{2}:?\d{2})?$/i;
const EPOCH = /^1\d{9}(?:\d{3})?$/;
const SERIAL = /^[2-7]\d{4}(?:\.\d+)?$/;
/** Excel's day 0, and the offset of its days. */
const SERIAL_ZERO = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;

const two = (digits: string | number) => String(digits).padStart(2, '0');

function dayOf(year: string, month: string, day: string): string | null {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (m < 1 || m > 12 || d < 1 || d > new Date(Date.UTC(y, m, 0)).getUTCDate()) return null;
  return `${year}-${two(m)}-${two(d)}`;
}

interface Clock {
  /** `HH:mm:ss.SSS`. */
  readonly text: string;
  readonly offset: string;
}

function clockOf(text: string): Clock | null {
  const parts = CLOCK.exec(text);
  if (!parts) return null;
  const [, before = '', hour = '', minute = '', second = '0', fraction = '', after = '', zone = ''] = parts;
  let h = Number(hour);
  const half = (before || after).toLowerCase();
  if (/^(?:下午|晚上|pm)$/.test(half) && h < 12) h += 12;
  if (/^(?:上午|凌晨|am)$/.test(half) && h === 12) h = 0;
  if (h > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const offset = zone === '' ? '' : /^z$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  return { text: `${two(h)}:${two(minute)}:${two(second)}.${fraction.slice(0, 3).padEnd(3, '0')}`, offset };
}

function together(day: string | null, rest: string | undefined): Moment | null {
  if (day === null) return null;
  if (rest === undefined || rest.trim() === '') return { day, clock: null };
  const clock = clockOf(rest.trim());
  if (clock === null) return null;
  if (clock.offset === '') return { day, clock: clock.text };
  const instant = new Date(`${day}T${clock.text}${clock.offset}`);
  return Number.isNaN(instant.getTime()) ? null : { instant };
}

function serialMoment(text: string): Moment {
  const ms = Math.round((Number(text) * DAY_MS) / 1000) * 1000;
  const [day = '', clock = ''] = new Date(SERIAL_ZERO + ms).toISOString().slice(0, -1).split('T');
  return { day, clock: text.includes('.') ? clock : null };
}

/**
 * Reads a cell: `2026-01-15 13:05:09`, `2026/1/15 13:05`, `20260115130509`, `15/01/2026`, `2026年1月15日`, `13:05`,
 * `2026-01-15T13:05:09+08:00`, `下午1:05`, epoch seconds and milliseconds, Excel's `46037`. Null for what is none of
 * these, a day that does not exist, or `03/04/2026`, whose month cannot be told.
 */
export function readMoment(given: string): Moment | null {
  const usual = USUAL.exec(given);
  if (usual && usual[3]! >= '01' && usual[3]! <= '28') return { day: given.slice(0, 10), clock: usual[4] ?? null };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: beyond ASCII is what is looked for
  const text = /^[\u0000-\u007f]*$/.test(given) ? given : given.normalize('NFKC');
  const iso = ISO.exec(text) ?? CHINESE.exec(text);
  if (iso) return together(dayOf(iso[1]!, iso[2]!, iso[3]!), iso[4]);
  if (EPOCH.test(text)) return { instant: new Date(Number(text) * (text.length === 10 ? 1000 : 1)) };
  const compact = COMPACT.exec(text);
  if (compact) {
    const [, year = '', month = '', day = '', h, m, s = '00'] = compact;
    return together(dayOf(year, month, day), h === undefined ? undefined : `${h}:${m}:${s}`);
  }
  const last = YEAR_LAST.exec(text);
  if (last) {
    const [, first = '', second = '', year = '', rest] = last;
    const [a, b] = [Number(first), Number(second)];
    if (a <= DAY_FIRST_MAX_MONTH && b <= DAY_FIRST_MAX_MONTH && a !== b) return null;
    return together(b > DAY_FIRST_MAX_MONTH ? dayOf(year, first, second) : dayOf(year, second, first), rest);
  }
  if (SERIAL.test(text)) return serialMoment(text);
  const clock = clockOf(text);
  return clock === null || clock.offset !== '' ? null : { day: null, clock: clock.text };
}

/** Where a day begins, and whether the zone's offset holds all through it. */
interface ZoneDay {
  readonly start: number;
  readonly even: boolean;
}

const DAYS_KEPT = 50_000;
let zoneDays = { zone: '', days: new Map<string, ZoneDay>() };

function zoneDay(day: string, zone: string): ZoneDay {
  if (zoneDays.zone !== zone || zoneDays.days.size >= DAYS_KEPT) zoneDays = { zone, days: new Map() };
  let found = zoneDays.days.get(day);
  if (found === undefined) {
    const start = DateTime.fromISO(day, { zone });
    found = { start: start.toMillis(), even: start.offset === start.plus({ days: 1 }).offset };
    zoneDays.days.set(day, found);
  }
  return found;
}

/** The instant of a day and a time of day in a zone. Days are remembered: converting one costs more than all else of a row. */
export function instantAt(day: string, clock: string, zone: string): Date {
  const { start, even } = zoneDay(day, zone);
  if (!even) return DateTime.fromISO(`${day}T${clock}`, { zone }).toJSDate();
  const seconds = clock.length > 5 ? Number(clock.slice(6)) : 0;
  const minutes = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
  return new Date(start + minutes * 60_000 + Math.round(seconds * 1000));
}

/** The day and time of day of an instant in a zone. */
export function localOf(instant: Date, zone: string): { day: string; clock: string } {
  const local = DateTime.fromJSDate(instant, { zone });
  return { day: local.toISODate() ?? '', clock: local.toFormat('HH:mm:ss.SSS') };
}

/** `yyyy-MM-dd` some days later. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

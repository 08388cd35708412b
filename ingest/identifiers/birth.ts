/** Reads a date of birth in the spellings of tills, platforms and Excel, and says how much of it is really known. */
import type { BirthDate, Rejection } from '../record.ts';
import { dateOfInstant, dateOfSerial, readInstant, undoSummerTime } from './birth-instant.ts';
import { isBlank } from './blank.ts';
import { mask } from './mask.ts';
import { LONGEST_CELL, tidy } from './text.ts';

export interface BirthCell {
  readonly path: string;
  readonly given: string;
  /** Dates after this are refused. */
  readonly now: Date;
}

export interface ReadBirth {
  readonly birth: BirthDate | null;
  readonly rejections: readonly Rejection[];
}

const REASONS = {
  'default-date': 'a date of birth; this is what systems store when they have none, so it counts as unknown',
  'in-future': 'a day that has been',
  'too-old': 'a day of the last 120 years',
  lunar: 'a date of the Gregorian calendar; lunar dates are not converted',
  'age-only': 'a date; an age ages',
  'two-digit-year': 'a year of four digits',
  ambiguous: 'year first; day and month cannot be told apart here',
  'not-a-date': 'a date such as 1987-02-28, 19870228, 1987/2/28, 1987年2月28日 or 02-28',
} as const;
type Reason = keyof typeof REASONS;
type Outcome = BirthDate | Reason;

/** A calendar date in numbers; 0 for a part that was given as zeros or stars. */
interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const OLDEST_YEARS = 120;
/** A leap year, so that 02-29 fits; stands for an unknown year (record.ts, BirthDate). */
const UNKNOWN_YEAR = 1904;
/** Years that systems fill in where a customer gave only month and day. */
const FILLER_YEARS = new Set([0, 1, 1900, UNKNOWN_YEAR]);
const DEFAULT_DATES = new Set(['1970-01-01', '1990-01-01', '2000-01-01', '1899-12-30', '1899-12-31', '1753-01-01']);

const TIME = '(?:[T\\s]+(?<time>\\D{0,2}\\s?\\d{1,2}:\\d{2}.*))?';
const YEAR_FIRST = new RegExp(
  `^(?<year>\\d{4}|\\*{2,4})[-/.年](?<month>\\d{1,2}|\\*{1,2})(?:[-/.月](?<day>\\d{1,2}|\\*{1,2})日?|月)?${TIME}$`,
);
const YEAR_LAST = new RegExp(`^(?<first>\\d{1,2})[-/.](?<second>\\d{1,2})[-/.](?<year>\\d{4})${TIME}$`);
const COMPACT = /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?:\d{6})?$/;
const MONTH_DAY = /^(?:--)?(?<month>\d{1,2})[-/.月](?<day>\d{1,2})日?$/;
const FOUR_DIGITS = /^(?<year>\d{4})年?$/;
const SERIAL = /^(?<serial>\d{5})(?:\.\d+)?$/;
const TWO_DIGIT_YEAR = /^\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?$/;
const AGE = /^\d{1,3}(?:周?岁)?$/;
const LUNAR = /[农阴][历曆]|農曆|陰曆|正月|腊月|冬月|闰|[初廿][一二三四五六七八九十]/;

function iso({ year, month, day }: Parts): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function isRealDate({ year, month, day }: Parts): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The parts of a date as a birth: fillers and defaults taken for what they are. `now` bounds it from above. */
function finish(parts: Parts, now: Date): Outcome {
  const { year, month, day } = parts;
  const whole = month > 0 && day > 0;
  if (FILLER_YEARS.has(year)) {
    const known = { ...parts, year: UNKNOWN_YEAR };
    if (!whole || (month === 1 && day === 1)) return 'default-date';
    return isRealDate(known) ? { date: iso(known), precision: 'month_day' } : 'not-a-date';
  }
  if (month > 12 || (whole && !isRealDate(parts))) return 'not-a-date';
  if (DEFAULT_DATES.has(iso(parts))) return 'default-date';
  const latest = new Date(now.getTime() + 14 * 3_600_000); // today where the day begins first
  const date = whole ? iso(parts) : iso({ year, month: 1, day: 1 });
  if (year >= latest.getUTCFullYear() && date > latest.toISOString().slice(0, 10)) return 'in-future';
  if (year < latest.getUTCFullYear() - OLDEST_YEARS) return 'too-old';
  return { date, precision: whole ? 'day' : 'year' };
}

function number(digits: string | undefined): number {
  return digits === undefined || digits.includes('*') ? 0 : Number(digits);
}

function readYearFirst({ year, month, day, time }: Record<string, string | undefined>, now: Date): Outcome {
  const parts = { year: number(year), month: number(month), day: number(day) };
  if (time === undefined || !isRealDate(parts)) return finish(parts, now);
  const instant = readInstant(iso(parts), time);
  if (instant !== null) return finish(dateOfInstant(instant), now);
  return finish(/^23:00/.test(time) ? undoSummerTime(parts) : parts, now);
}

/** `28/02/1987` and `02/28/1987` can be told apart, `03/04/1987` cannot. */
function readYearLast({ first, second, year }: Record<string, string | undefined>, now: Date): Outcome {
  const [a, b] = [number(first), number(second)];
  if (a <= 12 && b <= 12 && a !== b) return 'ambiguous';
  return finish({ year: number(year), month: Math.min(a, b), day: Math.max(a, b) }, now);
}

/** `1987` is a year; `0228` can only be month and day. */
function readFourDigits(text: string, now: Date): Outcome {
  const year = number(text);
  if (year === 0 || year >= 1900) return finish({ year, month: 0, day: 0 }, now);
  return finish({ year: 0, month: number(text.slice(0, 2)), day: number(text.slice(2)) }, now);
}

function read(text: string, now: Date): Outcome {
  const groups = (pattern: RegExp) => pattern.exec(text)?.groups;
  if (LUNAR.test(text)) return 'lunar';
  if (/^0+$/.test(text)) return 'default-date';
  const yearFirst = groups(YEAR_FIRST) ?? groups(COMPACT);
  if (yearFirst) return readYearFirst(yearFirst, now);
  const yearLast = groups(YEAR_LAST);
  if (yearLast) return readYearLast(yearLast, now);
  const monthDay = groups(MONTH_DAY);
  if (monthDay) return finish({ year: 0, month: number(monthDay.month), day: number(monthDay.day) }, now);
  const fourDigits = groups(FOUR_DIGITS)?.year;
  if (fourDigits) return readFourDigits(fourDigits, now);
  const serial = groups(SERIAL)?.serial;
  if (serial) return finish(dateOfSerial(Number(serial)), now);
  if (TWO_DIGIT_YEAR.test(text)) return 'two-digit-year';
  if (AGE.test(text)) return 'age-only';
  const instant = readInstant(text);
  return instant === null ? 'not-a-date' : finish(dateOfInstant(instant), now);
}

/**
 * Reads a birth cell. Blank gives nothing; default dates (1990-01-01, 0000-00-00 …), lunar dates, ages and what is no date
 * give a rejection and no birth. Month and day without a year are kept as such, and so is a bare year.
 */
export function readBirth({ path, given, now }: BirthCell): ReadBirth {
  if (isBlank(given)) return { birth: null, rejections: [] };
  const outcome = given.length > LONGEST_CELL ? 'not-a-date' : read(tidy(given), now);
  if (typeof outcome !== 'string') return { birth: outcome, rejections: [] };
  const code = `birth.${outcome}`;
  return {
    birth: null,
    rejections: [{ path, given: mask(given), expected: REASONS[outcome], code, wholeItem: false }],
  };
}

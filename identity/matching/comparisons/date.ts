/** Dates of birth as typed: day and month swapped, a digit off, dates that systems fill in. */
import { readBirth } from '../../../ingest/identifiers/index.ts';
import { both, type Comparison, same } from '../comparison.ts';

const DEFAULTS = /\.(?:default-date|age-only|lunar)$/;
const YEAR_LAST = /^(\d{1,2})\D(\d{1,2})\D(\d{4})\b/;

/** Eight digits, year first; zeros where a part is unknown; '' for nothing. What is no true date keeps its digits. */
export function readDate(given: string, now: Date): string {
  const { birth, rejections } = readBirth({ path: '', given, now });
  if (birth !== null) {
    const digits = birth.date.replaceAll('-', '');
    if (birth.precision === 'month_day') return `0000${digits.slice(4)}`;
    return birth.precision === 'year' ? `${digits.slice(0, 4)}0000` : digits;
  }
  if (rejections.some(({ code }) => DEFAULTS.test(code))) return '';
  const yearLast = YEAR_LAST.exec(given.trim());
  if (yearLast) return yearLast[3]! + yearLast[2]!.padStart(2, '0') + yearLast[1]!.padStart(2, '0');
  const digits = given.replace(/\D/g, '');
  return digits.length === 8 && !/^(.)\1*$/.test(digits) ? digits : '';
}

const part = (side: string, from: number, length: number) => `substring(${side}.date, ${from}, ${length})`;
const samePart = (from: number, length: number) => `${part('l', from, length)} = ${part('r', from, length)}`;
const [YEAR, MONTH, DAY] = [samePart(1, 4), samePart(5, 2), samePart(7, 2)];
const PARTIAL = [`l.date LIKE '0000%'`, `r.date LIKE '0000%'`, `l.date LIKE '%0000'`, `r.date LIKE '%0000'`];

export function date(id: string, words: string, of: { column: number; now: Date }): Comparison {
  const partial = `(${PARTIAL.join(' OR ')})`;
  return {
    id,
    words,
    features: [{ name: 'date', type: 'String' }],
    counted: [],
    known: `${both('date')} AND NOT (l.date LIKE '0000%' AND r.date LIKE '%0000' OR l.date LIKE '%0000' AND r.date LIKE '0000%')`,
    levels: [
      { words: 'the same date', sql: `${same('date')} AND NOT ${partial}`, frequency: 'date', key: 'date' },
      { words: 'what is known of it agrees', sql: `${partial} AND (${YEAR} OR (${MONTH} AND ${DAY}))` },
      {
        words: 'day and month swapped',
        sql: `${YEAR} AND ${part('l', 5, 2)} = ${part('r', 7, 2)} AND ${part('l', 7, 2)} = ${part('r', 5, 2)}`,
      },
      { words: 'one digit off or two swapped', sql: 'damerauLevenshteinDistance(l.date, r.date) = 1' },
      {
        words: 'two of year, month and day agree',
        sql: `(${YEAR} AND ${MONTH}) OR (${YEAR} AND ${DAY}) OR (${MONTH} AND ${DAY})`,
      },
      { words: 'the year agrees', sql: YEAR },
      { words: 'another date', sql: null },
    ],
    keys: [
      { name: 'date', sql: 'k.date' },
      { name: 'month', sql: `if(k.date LIKE '%0000', '', substring(k.date, 1, 6))` },
      { name: 'day', sql: `if(k.date LIKE '%0000', '', substring(k.date, 5, 4))` },
    ],
    read: (cells) => [readDate(cells[of.column]!, of.now)],
  };
}

/**
 * A phone in up to three columns: in clear, as md5, masked. A number in clear also has its md5 and its mask, so that each
 * form is compared with each.
 */
import { createHash } from 'node:crypto';
import { identifierDefinition, isBlank } from '../../../ingest/identifiers/index.ts';
import type { Comparison } from '../comparison.ts';

export interface PhoneColumns {
  readonly clear?: number;
  readonly md5?: number;
  readonly masked?: number;
}

interface PhoneRead {
  readonly clear: string;
  readonly hash: string;
  /** Eleven characters, `*` where unknown; '' for numbers of other countries. */
  readonly mask: string;
  /** First three and last four digits, where known. */
  readonly ends: string;
}

const NOTHING: PhoneRead = { clear: '', hash: '', mask: '', ends: '' };
const CHINA = '+86';
const SHORTEST = 6;

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const endsOf = (mask: string) => (/^\d{3}.{4}\d{4}$/.test(mask) ? mask.slice(0, 3) + mask.slice(-4) : '');

/** Only a cell with one number in it says whose it is. Numbers of other shapes (landlines elsewhere) keep their digits. */
function readClear(given: string): PhoneRead {
  const read = identifierDefinition('phone').normalise(given);
  if (read.ok) {
    const [value, ...more] = read.values;
    if (value === undefined || more.length > 0) return NOTHING;
    if (value.type === 'phone_masked') return { ...NOTHING, mask: value.value, ends: endsOf(value.value) };
    if (!value.value.startsWith(CHINA)) return { ...NOTHING, clear: value.value, hash: md5(value.value) };
    const national = value.value.slice(CHINA.length);
    return { clear: national, hash: md5(national), mask: national, ends: endsOf(national) };
  }
  if (/\.(?:junk|virtual|hash|excel-rounded|masked-wholly)$/.test(read.code)) return NOTHING;
  const digits = given.replace(/\D/g, '');
  return digits.length < SHORTEST || /^(.)\1*$/.test(digits)
    ? NOTHING
    : { ...NOTHING, clear: digits, hash: md5(digits) };
}

export function readPhone(cells: readonly string[], columns: PhoneColumns): PhoneRead {
  const cell = (column: number | undefined) => (column === undefined || isBlank(cells[column]!) ? '' : cells[column]!);
  const clear = cell(columns.clear) === '' ? NOTHING : readClear(cell(columns.clear));
  if (clear.hash !== '') return clear;
  const hashed = cell(columns.md5) === '' ? null : identifierDefinition('phone_md5').normalise(cell(columns.md5));
  const masked = clear.mask !== '' || cell(columns.masked) === '' ? clear : readClear(cell(columns.masked));
  if (masked.hash !== '') return masked;
  return { ...masked, hash: hashed?.ok === true ? hashed.values[0]!.value : '' };
}

const EXACT = `l.hash = r.hash AND l.hash != ''`;
const FITS = `l.mask != '' AND r.mask != '' AND (l.hash = '' OR r.hash = '')`;
const ENDS = `l.ends = r.ends AND l.ends != ''`;
/** A number that many records give is a family's, a cashier's or an agent's: how much less it is worth is learned. */
const GIVEN_BY = [
  { words: 'two records', most: 2 },
  { words: 'three records', most: 3 },
  { words: 'four records', most: 4 },
  { words: 'five to eight records', most: 8 },
];
const EACH_DIGIT = `arrayAll((a, b) -> a = b OR a = '*' OR b = '*', splitByString('', l.mask), splitByString('', r.mask))`;

export function phone(id: string, words: string, columns: PhoneColumns): Comparison {
  return {
    id,
    words,
    features: ['clear', 'hash', 'mask', 'ends'].map((name) => ({ name, type: 'String' })),
    counted: ['hash', 'ends'],
    known: `l.hash != '' AND r.hash != '' OR l.mask != '' AND r.mask != ''`,
    levels: [
      ...GIVEN_BY.map(({ words: by, most }) => ({
        words: `the same number, given by ${by}`,
        sql: `${EXACT} AND greatest(l.hash_n, r.hash_n) <= ${most}`,
        key: 'hash',
      })),
      { words: 'the same number, given by many records', sql: EXACT, key: 'hash' },
      ...GIVEN_BY.map(({ words: by, most }) => ({
        words: `the masked number fits, as do ${by}`,
        sql: `${FITS} AND ${ENDS} AND greatest(l.ends_n, r.ends_n) <= ${most}`,
        key: 'ends',
      })),
      { words: 'the masked number fits, as do many records', sql: `${FITS} AND ${ENDS}`, key: 'ends' },
      {
        words: 'what both show of the number fits',
        sql: `${FITS} AND (l.ends = '' OR r.ends = '') AND length(l.mask) = length(r.mask) AND ${EACH_DIGIT}`,
      },
      {
        words: 'one digit off or two swapped',
        sql: `l.clear != '' AND r.clear != '' AND damerauLevenshteinDistance(l.clear, r.clear) = 1`,
      },
      { words: 'another number', sql: null },
    ],
    keys: [
      { name: 'hash', sql: 'k.hash' },
      { name: 'ends', sql: 'k.ends' },
      { name: 'tail', sql: `if(k.clear = '', '', right(k.clear, 6))` },
      { name: 'head', sql: `if(length(k.clear) < 9, '', left(k.clear, length(k.clear) - 5))` },
    ],
    read(cells) {
      const { clear, hash, mask, ends } = readPhone(cells, columns);
      return [clear, hash, mask, ends];
    },
  };
}

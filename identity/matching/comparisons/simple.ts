/** Values that are the same or not: gender, categories; numbers and postcodes, which can be near. */
import { isBlank, readGender } from '../../../ingest/identifiers/index.ts';
import { both, type Comparison, same } from '../comparison.ts';
import { plain } from './text.ts';

interface Column {
  readonly id: string;
  readonly words: string;
  readonly column: number;
}

const text = (cell: string) => (isBlank(cell) ? '' : plain(cell));

export function category({ id, words, column }: Column, read: (cell: string) => string = text): Comparison {
  return {
    id,
    words,
    features: [{ name: 'value', type: 'String' }],
    counted: [],
    known: both('value'),
    levels: [
      { words: 'the same', sql: same('value'), frequency: 'value' },
      { words: 'another', sql: null },
    ],
    keys: [{ name: 'value', sql: 'k.value' }],
    read: (cells) => [read(cells[column]!)],
  };
}

/** ISO/IEC 5218, as GB/T 2261.1 and most platforms have it. */
const CODES = { 0: 'unknown', 1: 'male', 2: 'female', 9: 'unknown' } as const;

/** Words, letters and codes for male and female; anything else is compared as it stands. */
export function gender(of: Column): Comparison {
  return category(of, (cell) => {
    const { gender: found, rejections } = readGender({ path: '', given: cell, codes: CODES });
    return found ?? (rejections.length > 0 ? text(cell) : '');
  });
}

export function postcode({ id, words, column }: Column): Comparison {
  return {
    id,
    words,
    features: [{ name: 'code', type: 'String' }],
    counted: [],
    known: both('code'),
    levels: [
      { words: 'the same', sql: same('code'), frequency: 'code', key: 'code' },
      { words: 'one character off or two swapped', sql: 'damerauLevenshteinDistance(l.code, r.code) = 1' },
      { words: 'the same area', sql: 'substring(l.code, 1, 3) = substring(r.code, 1, 3)' },
      { words: 'another', sql: null },
    ],
    keys: [{ name: 'code', sql: 'k.code' }],
    read: (cells) => [text(cells[column]!).replaceAll(' ', '').replace(/^0+$/, '')],
  };
}

export function number({ id, words, column }: Column): Comparison {
  const near = (share: number) => `abs(l.amount - r.amount) <= ${share} * greatest(abs(l.amount), abs(r.amount))`;
  return {
    id,
    words,
    features: [
      { name: 'text', type: 'String' },
      { name: 'amount', type: 'Float64' },
    ],
    counted: [],
    known: both('text'),
    levels: [
      { words: 'the same', sql: same('text'), frequency: 'text', key: 'text' },
      { words: 'within one per cent', sql: near(0.01) },
      { words: 'within ten per cent', sql: near(0.1) },
      { words: 'another', sql: null },
    ],
    keys: [{ name: 'text', sql: 'k.text' }],
    read(cells) {
      const cell = cells[column]!.trim().replace(/,(?=\d{3}\b)/g, '');
      const amount = Number(cell);
      return isBlank(cell) || !Number.isFinite(amount) ? ['', 0] : [String(amount), amount];
    },
  };
}

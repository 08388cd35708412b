/** Reads a gender. Words mean the same everywhere; numbers do not (1 is male here and female there), so each source maps its own. */
import type { Rejection } from '../record.ts';
import { isBlank } from './blank.ts';
import { mask } from './mask.ts';
import { LONGEST_CELL, tidy } from './text.ts';

/** A source's own codes, as it spells them: `{ "1": "male", "2": "female", "0": "unknown" }`. They outrank the words. */
export type GenderCodes = Readonly<Record<string, 'male' | 'female' | 'unknown'>>;

export interface GenderCell {
  readonly path: string;
  readonly given: string;
  readonly codes: GenderCodes;
}

export interface ReadGender {
  readonly gender: 'male' | 'female' | null;
  readonly rejections: readonly Rejection[];
}

const WORDS: ReadonlyMap<string, 'male' | 'female' | 'unknown'> = new Map([
  ...['男', '男性', '先生', '男士', 'm', 'male'].map((word) => [word, 'male'] as const),
  ...['女', '女性', '女士', '小姐', 'f', 'female'].map((word) => [word, 'female'] as const),
  ...['未知', '保密', '其他', '不详', 'u', 'unknown', 'secret', 'other'].map((word) => [word, 'unknown'] as const),
]);

/** A code of this length tells nothing about anybody and is shown whole, so that it can be mapped. */
const LONGEST_CODE = 3;

/** Reads a gender cell; blank and words for unknown give null, a code the source has not mapped gives a rejection. */
export function readGender({ path, given, codes }: GenderCell): ReadGender {
  if (isBlank(given)) return { gender: null, rejections: [] };
  const text = given.length > LONGEST_CELL ? '' : tidy(given);
  const known = Object.hasOwn(codes, text) ? codes[text] : WORDS.get(text.toLowerCase());
  if (known !== undefined) return { gender: known === 'unknown' ? null : known, rejections: [] };
  const shown = text !== '' && text.length <= LONGEST_CODE ? text : mask(given);
  const expected = '男, 女, M, F, male, female …, or a code that the source maps to male, female or unknown';
  return {
    gender: null,
    rejections: [{ path, given: shown, expected, code: 'gender.unknown-code', wholeItem: false }],
  };
}

/**
 * The resident identity number: GB 11643-1999, its check character by ISO 7064 MOD 11-2. Also residence permits of
 * Hong Kong, Macau and Taiwan (81, 82, 83) and of foreigners (9), which are built alike.
 */
import { mask } from './mask.ts';
import { LONGEST_CELL, tidy } from './text.ts';
import type { IdentifierDefinition, Normalised } from './types.ts';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_CHARACTERS = '10X98765432';
const FULL = /^[1-9]\d{16}[\dX]$/;
const OLD = /^[1-9]\d{14}$/;
const ONE_CHARACTER = /^(.)\1+$/;
const SCIENTIFIC = /^\d(?:\.\d+)?E\+?\d+$/;

function checkCharacter(first17: string): string {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(first17[i]), 0);
  return CHECK_CHARACTERS[sum % 11] ?? '';
}

function holdsDate(id: string): boolean {
  const [year, month, day] = [id.slice(6, 10), id.slice(10, 12), id.slice(12, 14)];
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return Number(year) >= 1800 && !Number.isNaN(date.getTime()) && date.toISOString().slice(8, 10) === day;
}

function refuse(reason: 'junk' | 'masked' | 'excel-rounded' | 'not-valid', expected: string): Normalised {
  return { ok: false, code: `national_id.${reason}`, expected };
}

/** The 15 digits of before 1999 say the same without century and check character. */
function normalise(given: string): Normalised {
  const text = given.length > LONGEST_CELL ? '' : tidy(given).replace(/[\s-]/g, '').toUpperCase();
  if (text.includes('*')) return refuse('masked', 'a whole number; this one is masked');
  if (ONE_CHARACTER.test(text)) return refuse('junk', 'the number of one person, not one repeated digit');
  if (SCIENTIFIC.test(text)) return refuse('excel-rounded', 'all 18 characters; export the column as text');
  const first17 = OLD.test(text) ? `${text.slice(0, 6)}19${text.slice(6)}` : text.slice(0, 17);
  const value = OLD.test(text) ? first17 + checkCharacter(first17) : text;
  if (FULL.test(value) && holdsDate(value) && checkCharacter(first17) === value[17]) {
    return { ok: true, values: [{ type: 'national_id', value, weak: false }] };
  }
  if (/^\d{15}000$/.test(text)) return refuse('excel-rounded', 'all 18 characters; export the column as text');
  return refuse('not-valid', '18 characters with a true date and the right check character (or the old 15 digits)');
}

export const nationalId: IdentifierDefinition = {
  type: 'national_id',
  scope: 'none',
  joins: true,
  title: { zh: '身份证号', en: 'Resident identity number' },
  normalise,
  mask,
};

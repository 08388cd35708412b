/** Reads a phone cell in every shape tills, platforms, people and Excel give it. */
import { isBlank } from './blank.ts';
import { compact, isPlainMobile, isVirtual, maskedMobile, mobileIn, otherLine } from './phone-cn.ts';
import { isJunkDigits } from './phone-junk.ts';
import { isNorthAmerican, overseasForm, readOverseas } from './phone-overseas.ts';
import { refusePhone } from './phone-refusal.ts';
import { LONGEST_CELL, tidy } from './text.ts';
import type { Normalised, Refusal } from './types.ts';

const DASHES = /[\u2010-\u2015\u2212\u2500\u30fc~]/g;
/** A comma before a few last digits is no separator: they are an extension. */
const SEPARATORS = /(?:[/\\、;|\n]|,(?!\s*\d{1,6}$))+|或|和/;
const SCIENTIFIC = /^(\d)\.?(\d*)e\+?(\d{1,2})$/i;
const THOUSANDS = /^\d{1,3}(?:,\d{3})+(?:\.0+)?$/;
const FRACTION = /^\d+\.\d{1,2}$/;
const BRACKETS = /[()[\]]/g;
const MASK_LETTERS = /(?<=^[\d+-]*)[x•●]{3,}(?=\d*$)/i;
const HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i;
const MOBILE_LENGTH = 11;
/** A plus and the 15 digits of E.164; longer rows of digits are several things, not one junk number. */
const LONGEST_NUMBER = 16;

/** Parts that say clearly what else they are, and so leave no doubt which number of a cell is the person's. */
const CLEARLY_ANOTHER = new Set(['phone.landline', 'phone.hotline', 'phone.junk']);

function accept(mobile: string): Normalised {
  if (isJunkDigits(mobile)) return refusePhone('junk');
  return { ok: true, values: [{ type: 'phone', value: `+86${mobile}`, weak: false }] };
}

/** Undoes Excel: `13912345678.0`, `1.3912345678E10`. Null when it has rounded digits away. */
function undoExcel(text: string): string | null {
  const scientific = SCIENTIFIC.exec(text);
  if (!scientific) return text.replace(/^(\+?\d+)\.0+$/, '$1');
  const [, lead = '', fraction = '', exponent] = scientific;
  return fraction.length === Number(exponent) ? lead + fraction : null;
}

function refuseByLength(digits: string): Normalised {
  const length = digits.replace('+', '').length;
  if (length === MOBILE_LENGTH) return refusePhone('not-valid');
  return refusePhone(length < MOBILE_LENGTH ? 'too-short' : 'too-long');
}

/** Several mobiles with only spaces or dashes between (`139 0000 1234 138 0000 5678`); null when that does not come out even. */
function readRow(text: string): Normalised[] | null {
  const mobiles: Normalised[] = [];
  let digits = '';
  for (const token of text.split(/[\s-]+/)) {
    digits += token;
    const mobile = mobileIn(digits);
    if (mobile === null) continue;
    mobiles.push(accept(mobile));
    digits = '';
  }
  return digits === '' && mobiles.length > 1 ? mobiles : null;
}

function readMasked(part: string): Normalised {
  const value = maskedMobile(part);
  if (value === null) return refusePhone('masked-wholly');
  return { ok: true, values: [{ type: 'phone_masked', value, weak: true }] };
}

/** Reads one part of a cell: what stands between separators. */
function readPart(given: string): Normalised {
  if (isVirtual(given.replace(/\s/g, ''))) return refusePhone('virtual');
  if (given.includes('*')) return readMasked(given);
  const part = undoExcel(given);
  if (part === null) return refusePhone('excel-rounded');
  if (FRACTION.test(part)) return refusePhone('not-a-number');
  if (isNorthAmerican(part)) return readOverseas(`+${compact(part)}`);
  const digits = compact(part);
  const mobile = mobileIn(digits);
  if (mobile !== null) return accept(mobile);
  const row = readRow(part);
  if (row !== null) return join(row);
  if (HASH.test(part) && !/^\d+$/.test(part)) return refusePhone('hash');
  const isNumber = /^\+?\d+$/.test(digits);
  if (isNumber && digits.length <= LONGEST_NUMBER && isJunkDigits(digits.replace('+', ''))) return refusePhone('junk');
  const line = otherLine(part);
  if (line !== null) return refusePhone(line);
  if (!isNumber) return refusePhone('not-a-number');
  const overseas = overseasForm(part);
  if (overseas !== null) return readOverseas(overseas);
  return refuseByLength(digits);
}

/**
 * Puts the parts of a cell together. Two numbers are kept but weak: the cell does not say whose the second is (a spouse's,
 * the shop assistant's, an old one), and were both strong, one cell would make one person of everybody at either number.
 * The only mobile beside a landline, a hotline or junk stays strong; beside something unreadable it is weak too.
 */
function join(parts: readonly Normalised[]): Normalised {
  const values = new Map(parts.flatMap((part) => (part.ok ? part.values : [])).map((value) => [value.value, value]));
  const refused: Refusal[] = parts.flatMap((part) =>
    part.ok ? (part.refused ?? []) : [{ code: part.code, expected: part.expected }],
  );
  const [firstRefusal] = refused;
  if (values.size === 0) return firstRefusal ? { ok: false, ...firstRefusal } : refusePhone('not-a-number');
  const unclear = values.size > 1 || refused.some(({ code }) => !CLEARLY_ANOTHER.has(code));
  const read = Array.from(values.values(), (value) => ({ ...value, weak: value.weak || unclear }));
  return { ok: true, values: read, ...(refused.length > 0 && { refused }) };
}

/** Reads the phones of one cell into E.164, or into masked mobiles; the codes are those of phone-refusal.ts. */
export function readPhoneCell(given: string): Normalised {
  const national = given.startsWith('+86') ? given.slice(3) : given;
  if (isPlainMobile(national)) return accept(national);
  if (given.length > LONGEST_CELL) return refusePhone('not-a-number');
  const text = tidy(given).replace(DASHES, '-').replace(BRACKETS, '').replace(MASK_LETTERS, '****');
  const parts = (THOUSANDS.test(text) ? text.replaceAll(',', '') : text)
    .split(SEPARATORS)
    .map((part) => part.trim())
    .filter((part) => !isBlank(part));
  return parts.length === 1 ? readPart(parts[0]!) : join(parts.map(readPart));
}

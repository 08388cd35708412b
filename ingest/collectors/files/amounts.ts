/** Money and numbers as tills write them, read without floating point. */

const PLAIN = /^-?\d{1,12}(?:\.\d{1,2})?$/;
const AROUND = /[\s,，'＇]|^(?:RMB|CNY)|[￥¥$元圆]|(?:RMB|CNY)$/gi;
const BRACKETED = /^\((.*)\)$/;
const TRAILING_MINUS = /^([^-].*)-$/;
const NUMBER = /^([+-]?)(\d{0,12})(?:\.(\d{0,12}))?$/;

/**
 * Hundredths of a number: `1,234.50`, `￥12.00`, `12.00元`, `(12.00)`, `12.00-`, `１２．５`. More than two decimals are
 * rounded half away from zero. Null for what is no number or has more than 12 digits before the point.
 */
export function hundredths(text: string): number | null {
  if (PLAIN.test(text)) return plainHundredths(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: beyond ASCII is what is looked for
  const folded = /^[\u0000-\u007f]*$/.test(text) ? text : text.normalize('NFKC').replace(/[−–—]/g, '-');
  const bare = folded.replace(AROUND, '');
  const inBrackets = BRACKETED.exec(bare)?.[1];
  const trailing = TRAILING_MINUS.exec(bare)?.[1];
  const parts = NUMBER.exec(inBrackets ?? trailing ?? bare);
  if (!parts) return null;
  const [, sign = '', whole = '', decimals = ''] = parts;
  if (whole === '' && decimals === '') return null;
  const cents = Number(whole) * 100 + Number(decimals.slice(0, 2).padEnd(2, '0')) + (decimals.charAt(2) >= '5' ? 1 : 0);
  const negative = (sign === '-') !== (inBrackets !== undefined || trailing !== undefined);
  return negative && cents !== 0 ? -cents : cents;
}

function plainHundredths(text: string): number {
  const point = text.indexOf('.');
  if (point < 0) return Number(text) * 100 || 0;
  const decimals = text.length - point - 1;
  const units = Number(text.slice(0, point) + text.slice(point + 1));
  return (decimals === 1 ? units * 10 : units) || 0;
}

/** Fen of an amount cell. `fen`: the cell counts fen, so it must be a whole number. Null for what is no amount. */
export function fenOf(text: string, unit: 'yuan' | 'fen'): number | null {
  const cents = hundredths(text);
  if (cents === null || unit === 'yuan') return cents;
  return cents % 100 === 0 ? cents / 100 : null;
}

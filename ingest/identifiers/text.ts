/** Hygiene of typed and exported text that every reader of a cell shares. */

/** No value of a person is longer; longer cells are refused before any work is spent on them. */
export const LONGEST_CELL = 512;

/** Control, zero-width, bidirectional and soft-hyphen characters that copying and exporting leave behind. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const INVISIBLE = /[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;

/** Quotes and spaces around a cell: Excel's leading `'` and `="0012"`, CSV quotes that were not undone. */
const OUTER_START = /^(?:[\s"'`‘’“”]|=(?=["'“”]))+/;
const OUTER_END = /[\s"'`‘’“”]+$/;

/** What nearly every cell is: printable ASCII between a letter or digit and another, with nothing to take away. */
const CLEAN = /^[0-9A-Za-z](?:[\x20-\x7e]*[0-9A-Za-z])?$/;

/** Takes away what nobody typed: invisible characters, outer spaces, quotes, `="…"`. Letters stay as they are. */
export function bare(given: string): string {
  if (CLEAN.test(given)) return given;
  return given.replace(INVISIBLE, '').replace(OUTER_START, '').replace(OUTER_END, '');
}

/** `bare`, with full-width and other compatibility forms folded (Unicode NFKC): for text that people type. */
export function tidy(given: string): string {
  return CLEAN.test(given) ? given : bare(given.replace(INVISIBLE, '').normalize('NFKC'));
}

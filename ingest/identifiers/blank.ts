/** How sources spell that they have nothing to say. */

/** Lower case. `0` and `1900-01-01` are not here: they are nothing for a phone or a birthday, and something for an amount. */
const NOTHING = new Set([
  ...['null', '(null)', '<null>', '[null]', '\\n', 'nil', 'none', 'n/a', '#n/a', '#null!'],
  ...['-', '--', '---', '—', '——', '－', '/', '／', '\\', '.', '""', "''"],
  ...['无', '無', '空', '暂无', '未知', '未填', '未填写'],
]);

const LONGEST_WORD = 8;
const SPACE = /^[\s\u200b-\u200d\u2060\ufeff]+|[\s\u200b-\u200d\u2060\ufeff]+$/g;
const SOMETHING = /[^\s\u200b-\u200d\u2060\ufeff]/;

/** True for a cell without a value: empty, spaces, or NULL in one of the spellings tills and loyalty systems use. */
export function isBlank(cell: string): boolean {
  if (cell.length === 0) return true;
  const first = cell.charCodeAt(0);
  if (first >= 0x30 && first <= 0x39) return false; // no spelling of nothing starts with a digit
  if (!SOMETHING.test(cell)) return true;
  if (cell.length > 64) return false;
  const word = cell.replace(SPACE, '');
  return word.length <= LONGEST_WORD && NOTHING.has(word.toLowerCase());
}

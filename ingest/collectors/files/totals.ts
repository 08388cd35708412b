/** Lines that are no rows but speak of them (`合计`, `#TOTAL,1234`, `共1234条`), and whether what they say is so. */
import { hundredths } from './amounts.ts';
import type { Meaning } from './columns.ts';
import type { Column } from './headers.ts';
import { Repeats } from './repeats.ts';

const NOTE =
  /^(?:(?:本页|本店|以上)?(?:合计|总计|小计|总数|总条数|总记录数?|记录数)|以上共?|totals?|trailer|end|eof)[:：\s\d.,条行笔人户个元共]*$/i;
const COMMENT = /^(?:#\s*\p{L}|共\s*\d)/u;
const RULE = /^[-=_*]{3,}$/;
/** Whole of a file, as against a page or a group of it. */
const OF_FILE = /^(?:#?\s*(?:total|trailer|end)|合计|总计|共|以上|总数|总条数|记录数|总记录)/i;
const COUNT_WORDS = /(\d{1,12})\s*(?:条|行|笔|人|户|个|records?|rows?|lines?)/i;
const SUMMED: ReadonlySet<Column> = new Set([
  'points',
  'quantity',
  'unit_price',
  'ordered_amount',
  'paid',
  'discount',
  'delta',
]);

/** What a line says of the whole file and how it was found; told in quarantine where they differ. */
export interface Difference {
  readonly path: string;
  readonly given: string;
  readonly expected: string;
}

/** True for a line that is no row: a total, an end mark, a comment. */
export function isNote(cells: readonly string[]): boolean {
  const at = cells.findIndex((cell) => cell.trim() !== '');
  const first = cells[at]?.trim() ?? '';
  if (NOTE.test(first) || COMMENT.test(first)) return true;
  return RULE.test(first) && cells.every((cell, n) => n === at || cell.trim() === '');
}

export class Totals {
  readonly #repeats = new Repeats();
  #rows = 0;
  #whole = 0;
  #repeated = 0;
  #summed: readonly number[] = [];
  #sums: number[] = [];
  #sumsOnce: number[] = [];

  /** The columns from here on. */
  columns(meanings: readonly (Meaning | null)[]): void {
    this.#summed = meanings.flatMap((meaning, n) => (meaning && SUMMED.has(meaning.column) ? [n] : []));
  }

  /** Counts a row that had too few or too many cells. */
  misfit(): void {
    this.#rows += 1;
  }

  row(cells: readonly string[]): void {
    this.#rows += 1;
    this.#whole += 1;
    const again = this.#repeats.has(cells);
    if (again) this.#repeated += 1;
    for (const n of this.#summed) {
      const value = hundredths(cells[n]!) ?? 0;
      this.#sums[n] = (this.#sums[n] ?? 0) + value;
      if (!again) this.#sumsOnce[n] = (this.#sumsOnce[n] ?? 0) + value;
    }
  }

  /** What a total line says that is neither a number of rows nor a sum of its column. Empty for lines that say nothing. */
  differences(cells: readonly string[], headers: readonly string[]): Difference[] {
    const line = cells.join(' ').trim();
    if (!OF_FILE.test(line)) return [];
    const inWords = COUNT_WORDS.exec(line)?.[1];
    if (inWords !== undefined) return this.#isCount(Number(inWords)) ? [] : [this.#difference('', inWords)];
    if (cells.length !== headers.length) return this.#loneNumber(line);
    return cells.flatMap((cell, n) => {
      const value = cell.trim() === '' ? null : hundredths(cell.trim());
      if (value === null || !this.#summed.includes(n)) return [];
      const isSum = value === (this.#sums[n] ?? 0) || value === (this.#sumsOnce[n] ?? 0);
      return isSum || this.#isCount(value / 100) ? [] : [this.#difference(headers[n]!, cell.trim(), n)];
    });
  }

  /** `#TOTAL,1234`, `END 1234`: one whole number and no other is a number of rows. */
  #loneNumber(line: string): Difference[] {
    const [stated, ...others] = line.split(/[\s,|;:：=^]+/).filter((part) => /^\d/.test(part));
    if (stated === undefined || others.length > 0 || !/^\d{1,9}$/.test(stated)) return [];
    return this.#isCount(Number(stated)) ? [] : [this.#difference('', stated)];
  }

  #isCount(stated: number): boolean {
    if (!this.#repeats.exact && stated <= this.#whole) return true;
    return [this.#rows, this.#whole, this.#rows - this.#repeated, this.#whole - this.#repeated].includes(stated);
  }

  #difference(path: string, given: string, column?: number): Difference {
    const rows = `${this.#rows} rows (${this.#rows - this.#whole} not whole, ${this.#repeated} repeated)`;
    const sum =
      column === undefined ? '' : `, or ${((this.#sums[column] ?? 0) / 100).toFixed(2)} as the sum of this column`;
    return { path, given, expected: `what this file holds before this line: ${rows}${sum}` };
  }
}

/** Rows to items: what is archived, not interpreted. Header lines change the columns, blank lines are nothing, all else is an item. */
import type { SourceItem } from '../../record.ts';
import { columnsIn, missingFrom, type ReadHeader } from './columns.ts';
import { type Dialect, distinct } from './dialect.ts';
import { cellsOfJson } from './json-row.ts';
import { type FilePayload, itemOf } from './payload.ts';
import type { Row } from './rows.ts';
import type { FileFault } from './survey.ts';
import { isNote, Totals } from './totals.ts';

export interface ItemSource {
  readonly name: string;
  readonly digest: string;
  readonly deliveredAt: Date;
}

/** How much of a sha256 names a file: 64 bits. */
export const shortDigest = (digest: string) => digest.slice(0, 16);

function item(file: ItemSource, of: { kind: string; line: number; payload: FilePayload }): SourceItem {
  const { kind, line, payload } = of;
  const key = `${shortDigest(file.digest)}:${line}`;
  return itemOf(payload, { kind, key, position: line, deliveredAt: file.deliveredAt });
}

/** The one item of a file that cannot be read, or a word about a whole file behind its last row. */
export function faultItem(file: ItemSource, { fault, line }: { fault: FileFault; line: number }): SourceItem {
  return item(file, { kind: 'file_note', line, payload: { file: file.name, fault } });
}

/** Turns the rows of one file into items, one by one, in their order. */
export class Itemiser {
  /** Rows that do not fit the columns, and total lines that differ: with any, a file is not known to be whole. */
  doubts = 0;
  readonly #file: ItemSource;
  readonly #dialect: Dialect;
  readonly #read: ReadHeader;
  readonly #totals = new Totals();
  #headers: readonly string[] = [];

  constructor(file: ItemSource, dialect: Dialect, read: ReadHeader) {
    this.#file = file;
    this.#dialect = dialect;
    this.#read = read;
    this.#columns(dialect.headers);
  }

  /** Null for blank lines and header lines. */
  take({ line, cells }: Row): SourceItem | null {
    if (cells.length === 1 && cells[0]!.trim() === '') return null;
    if (this.#dialect.format === 'ndjson') return this.#json(line, cells[0]!);
    if (line < this.#dialect.firstLine) return line === this.#dialect.firstLine - 1 ? null : this.#note(line, cells);
    if (this.#isHeader(cells)) return null;
    if (isNote(cells)) return this.#note(line, cells);
    return this.#row(line, cells);
  }

  #row(line: number, cells: readonly string[]): SourceItem | null {
    const width = this.#headers.length;
    if (cells.length < width || cells.slice(width).some((cell) => cell.trim() !== '')) {
      if (cells.every((cell) => cell.trim() === '')) return null;
      this.#totals.misfit();
      return this.#misfit(line, cells);
    }
    this.#totals.row(cells);
    const named: Record<string, string> = {};
    let blank = true;
    for (let n = 0; n < width; n += 1) {
      const cell = cells[n]!;
      if (cell === '') continue;
      named[this.#headers[n]!] = cell;
      blank = false;
    }
    return blank ? null : this.#cells(line, named);
  }

  #json(line: number, text: string): SourceItem {
    const cells = cellsOfJson(text);
    if (cells === null) return this.#misfit(line, [text], []);
    return this.#cells(line, cells);
  }

  #cells(line: number, cells: Readonly<Record<string, string>>): SourceItem {
    return item(this.#file, { kind: `${this.#dialect.kind}_row`, line, payload: { file: this.#file.name, cells } });
  }

  #misfit(line: number, cells: readonly string[], headers = this.#headers): SourceItem {
    this.doubts += 1;
    const payload = { file: this.#file.name, misfit: cells, headers };
    return item(this.#file, { kind: `${this.#dialect.kind}_row`, line, payload });
  }

  #note(line: number, cells: readonly string[]): SourceItem {
    const differences = line < this.#dialect.firstLine ? [] : this.#totals.differences(cells, this.#headers);
    this.doubts += differences.length;
    const told = differences.map((one) => ({ code: 'file.total-differs', ...one }));
    return item(this.#file, { kind: 'file_note', line, payload: { file: this.#file.name, note: cells, told } });
  }

  /** The header again, or that of another file put behind the first: with other columns, these count from here on. */
  #isHeader(cells: readonly string[]): boolean {
    const first = cells[0]!.trim();
    // Nearly every row is data, and data begins with a number; asked first because it is asked of each.
    if (first !== this.#headers[0] && (/\d/.test(first) || this.#read(first) === null)) return false;
    const headers = distinct(cells);
    if (headers.length === this.#headers.length && headers.every((header, n) => header === this.#headers[n]))
      return true;
    const found = columnsIn(headers, this.#read);
    if (found.size * 2 <= headers.length || missingFrom(found, this.#dialect.kind).length > 0) return false;
    this.#columns(headers);
    return true;
  }

  #columns(headers: readonly string[]): void {
    this.#headers = headers;
    this.#totals.columns(headers.map((header) => this.#read(header)));
  }
}

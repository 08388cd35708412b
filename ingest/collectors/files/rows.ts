/**
 * Text to rows of cells, with their line numbers, in bounded memory. Papaparse reads blocks of whole lines (it splits
 * where there are no quotes, 500,000 lines a second; csv-parse reads 120,000). A quote that is never closed costs its own
 * line, not the rest of the file: the lines it would swallow are read one by one.
 */
import Papa from 'papaparse';

export interface Row {
  /** Number of its first line in the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface RowFormat {
  /** '' = a line is one cell. */
  readonly separator: string;
  /** Cells a row should have; a row over several lines that has others is taken for lines with a stray quote. 0 = unknown. */
  readonly columns: number;
  readonly loneCr: boolean;
}

/** A quoted cell may hold line breaks, but not without end. */
const LONGEST_ROW = 64 * 1024;

/** Reads blocks of rows. Every line of the text stands in exactly one row; blank lines are rows of one empty cell. */
export async function* readRows(text: AsyncIterable<string>, format: RowFormat): AsyncIterable<readonly Row[]> {
  const lineBreak = format.loneCr ? '\r' : '\n';
  let rest = '';
  let line = 1;
  for await (const chunk of text) {
    const all = rest + chunk;
    const end = all.lastIndexOf(lineBreak) + 1;
    if (end === 0) {
      rest = all;
      continue;
    }
    const block = plainBreaks(all.slice(0, end - 1), format);
    const read = readBlock(block, { ...format, line, last: false });
    yield read.rows;
    rest = read.open === '' ? all.slice(end) : `${read.open}${lineBreak}${all.slice(end)}`;
    line = read.nextLine;
  }
  const end = rest.endsWith(lineBreak) ? rest.slice(0, -1) : rest;
  if (rest !== '') yield readBlock(plainBreaks(end, format), { ...format, line, last: true }).rows;
}

function plainBreaks(text: string, { loneCr }: RowFormat): string {
  if (loneCr) return text.replaceAll('\r', '\n');
  const even = text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text;
  return even.endsWith('\r') ? even.slice(0, -1) : even;
}

interface Block extends RowFormat {
  /** Number of the block's first line. */
  readonly line: number;
  readonly last: boolean;
}

/** `open`: the lines at the end that may be one row with lines to come. */
function readBlock(text: string, block: Block): { rows: Row[]; open: string; nextLine: number } {
  const rows: Row[] = [];
  let line = block.line;
  if (text === '') return { rows: [{ line, cells: [''] }], open: '', nextLine: line + 1 };
  if (block.separator === '') {
    for (const one of text.split('\n')) rows.push({ line: line++, cells: [one] });
    return { rows, open: '', nextLine: line };
  }
  const parsed = Papa.parse<string[]>(text, { delimiter: block.separator, newline: '\n' });
  if (!text.includes('"')) {
    for (const cells of parsed.data) rows.push({ line: line++, cells });
    return { rows, open: '', nextLine: line };
  }
  const strays = new Set(parsed.errors.filter(({ type }) => type === 'Quotes').map(({ row }) => row));
  const lines = text.split('\n');
  for (const [n, cells] of parsed.data.entries()) {
    const span = 1 + breaksWithin(cells);
    const own = lines.slice(line - block.line, line - block.line + span);
    const isOpen = strays.has(n) && n === parsed.data.length - 1 && !block.last;
    if (isOpen && own.reduce((sum, one) => sum + one.length, 0) < LONGEST_ROW) {
      return { rows, open: own.join('\n'), nextLine: line };
    }
    const isStray = strays.has(n) || (span > 1 && block.columns > 0 && cells.length !== block.columns);
    if (isStray)
      for (const [k, one] of own.entries()) rows.push({ line: line + k, cells: readLine(one, block.separator) });
    else rows.push({ line, cells });
    line += span;
  }
  return { rows, open: '', nextLine: line };
}

function breaksWithin(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) breaks += 1;
  }
  return breaks;
}

/** One line by itself; where its quotes make no sense they are characters like others. */
function readLine(line: string, separator: string): string[] {
  const { data, errors } = Papa.parse<string[]>(line, { delimiter: separator, newline: '\n' });
  return data.length === 1 && errors.length === 0 ? data[0]! : line.split(separator);
}

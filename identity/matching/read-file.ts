/** A CSV file as rows of cells: UTF-8 or GB18030, with a header line. Streamed. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import Papa from 'papaparse';
import { messageOf, QuanyuError } from '../../errors.ts';

const HEAD_BYTES = 1 << 20;
const CHUNK_BYTES = 1 << 20;

export interface CsvFile {
  readonly path: string;
  readonly encoding: 'utf-8' | 'gb18030';
  readonly delimiter: string;
  readonly headers: readonly string[];
}

/** Reads the header line. Throws 'match.file-invalid' for a file that cannot be read or has no header. */
export async function openCsv(path: string): Promise<CsvFile> {
  const head = await readHead(path);
  const encoding = encodingOf(head);
  const text = new TextDecoder(encoding).decode(head);
  const { data, meta } = Papa.parse<string[]>(text, { preview: 1, delimitersToGuess: [',', '\t', ';', '|'] });
  const headers = (data[0] ?? []).map((header) => header.trim());
  if (headers.every((header) => header === '')) {
    throw new QuanyuError('match.file-invalid', `${path} has no header line: the first line must name the columns.`);
  }
  const twice = headers.find((header, n) => header !== '' && headers.indexOf(header) < n);
  if (twice !== undefined) {
    throw new QuanyuError('match.file-invalid', `${path} has two columns named "${twice}": name each once.`);
  }
  return { path, encoding, delimiter: meta.delimiter, headers };
}

async function readHead(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw new QuanyuError('match.file-invalid', `${path} cannot be read: ${messageOf(thrown)}`);
  }
}

/** `stream`: a character cut off at the end of the head is no fault. */
function encodingOf(head: Buffer): CsvFile['encoding'] {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return 'utf-8';
  } catch {
    return 'gb18030';
  }
}

/** Blocks of rows without the header; each row has as many cells as there are headers. Blank lines are left out. */
export async function* csvRows({ path, encoding, delimiter, headers }: CsvFile): AsyncIterable<string[][]> {
  const decoder = new TextDecoder(encoding);
  let rest = '';
  let first = true;
  const take = (text: string, end: number): string[][] => {
    rest = text.slice(end);
    const { data } = Papa.parse<string[]>(text.slice(0, end), { delimiter, newline: '\n', skipEmptyLines: 'greedy' });
    const rows = first ? data.slice(1) : data;
    if (data.length > 0) first = false;
    return rows.map((row) => headers.map((_, n) => (row[n] ?? '').replace(/\r$/, '')));
  };
  for await (const bytes of createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    const text = rest + decoder.decode(bytes, { stream: true }).replaceAll('\r\n', '\n');
    const rows = take(text, endOfWholeRows(text));
    if (rows.length > 0) yield rows;
  }
  const rows = take(rest, rest.length);
  if (rows.length > 0) yield rows;
}

const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/** Behind the last line break that stands outside quotes. */
function endOfWholeRows(text: string): number {
  if (!text.includes('"')) return text.lastIndexOf('\n') + 1;
  let end = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) quoted = !quoted;
    else if (code === LINE_FEED && !quoted) end = i + 1;
  }
  return end;
}

/** The first of two passes over a file: its digest, its encoding, its number of lines, and whether it is text at all. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { contentOf, firstBytes, isGzip } from './content.ts';
import { type Encoding, EncodingWatch, encodingOfMark } from './encoding.ts';
import type { FileRule } from './settings.ts';

/** Why a file as a whole cannot be read, in the words of its rejection. */
export interface FileFault {
  readonly code: string;
  readonly given: string;
  readonly expected: string;
}

export interface Survey {
  /** sha256 of the bytes as they lie in the folder: the file's identity, whatever its name. */
  readonly digest: string;
  readonly md5: string;
  readonly gzip: boolean;
  readonly encoding: Encoding;
  /** Lines end with a lone CR (old exports), as the first does; else a CR within a line is text. */
  readonly loneCr: boolean;
  readonly lines: number;
  /** The first bytes, unpacked. */
  readonly head: Buffer;
  readonly fault: FileFault | null;
}

const HEAD_BYTES = 64 * 1024;
const LONGEST_LINE = 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;

const SIGNATURES: readonly (readonly [Buffer, FileFault])[] = [
  [
    Buffer.from('PK\u0003\u0004'),
    {
      code: 'file.archive',
      given: 'a zip archive or an .xlsx workbook',
      expected: 'a text file: unpack the archive, or save the sheet as CSV UTF-8',
    },
  ],
  [
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0]),
    { code: 'file.workbook', given: 'an .xls workbook', expected: 'a text file: save the sheet as CSV UTF-8' },
  ],
];

/** Reads the whole file once, in bounded memory. Throws what the file system throws. */
export async function survey(handle: FileHandle, rule: FileRule): Promise<Survey> {
  const first = await firstBytes(handle);
  const gzip = isGzip(first);
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  const watch = new LineWatch();
  const encodings = new EncodingWatch();
  let packing: FileFault | null = null;
  const bytes = contentOf(handle, { gzip, raw: (chunk) => void [sha256.update(chunk), md5.update(chunk)] });
  try {
    for await (const chunk of bytes) {
      watch.see(chunk);
      encodings.see(chunk);
    }
  } catch (thrown) {
    if (!gzip || !String((thrown as NodeJS.ErrnoException).code).startsWith('Z_')) throw thrown;
    packing = {
      code: 'file.gzip-broken',
      given: 'a gzip file that cannot be unpacked to its end',
      expected: 'the whole file: deliver it again',
    };
  }
  const own = rule.encoding && rule.encoding !== 'auto' ? rule.encoding : null;
  const encoding = own ?? encodingOfMark(watch.head) ?? encodings.end();
  return {
    // A broken gzip file may not have been read to its end: what was read of it names it well enough.
    digest: sha256.digest('hex'),
    md5: md5.digest('hex'),
    gzip,
    encoding,
    loneCr: beginsWithLoneCr(watch.head, encoding),
    lines: watch.lines,
    head: watch.head,
    fault: packing ?? faultOf(first, watch, encoding),
  };
}

/** No byte of another character is a CR or an LF in UTF-8 and GB18030; in UTF-16 it can be. */
function beginsWithLoneCr(head: Buffer, encoding: Encoding): boolean {
  const text = encoding.startsWith('utf-16') ? new TextDecoder(encoding).decode(head) : head.toString('latin1');
  const at = text.search(/[\r\n]/);
  return text[at] === '\r' && text[at + 1] !== '\n';
}

function faultOf(first: Buffer, watch: LineWatch, encoding: Encoding): FileFault | null {
  const known = SIGNATURES.find(([signature]) => first.subarray(0, signature.length).equals(signature));
  if (known) return known[1];
  if (watch.bytes === 0) {
    const expected = 'at least a header line: an export of a closed shop has one, so this one failed';
    return { code: 'file.empty', given: '0 bytes', expected };
  }
  const isWide = encoding.startsWith('utf-16');
  if (watch.longest > LONGEST_LINE || (!isWide && watch.head.subarray(0, 512).includes(0))) {
    return {
      code: 'file.not-text',
      given: 'bytes that are no lines of text',
      expected: 'a text file with one row a line',
    };
  }
  return null;
}

class LineWatch {
  head: Buffer = Buffer.alloc(0);
  bytes = 0;
  lines = 0;
  longest = 0;
  #sinceBreak = 0;

  see(chunk: Buffer): void {
    if (this.head.length < HEAD_BYTES)
      this.head = Buffer.concat([this.head, chunk.subarray(0, HEAD_BYTES - this.head.length)]);
    this.bytes += chunk.length;
    const before = this.lines;
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      this.#measure(end - start);
      this.#sinceBreak = 0;
      this.lines += 1;
      start = end + 1;
    }
    // Where no line feed is, a carriage return is taken for a break: only the length matters here.
    const from = before === this.lines ? Math.max(start, chunk.lastIndexOf(CR) + 1) : start;
    if (from > start) this.#sinceBreak = 0;
    this.#measure(chunk.length - from);
  }

  #measure(length: number): void {
    this.#sinceBreak += length;
    if (this.#sinceBreak > this.longest) this.longest = this.#sinceBreak;
  }
}

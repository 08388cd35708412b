/**
 * Bytes to text. Text is decoded before it is split: the second byte of a GBK character can be `|` or `\`.
 * Measured in Node 20 with full ICU: the labels gbk and gb18030 decode the same table, four-byte sequences included.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** `mixed`: each line by itself, for files put together from UTF-8 and GBK ones. */
export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be' | 'mixed';

/** What a file begins with, when it says so. */
export function encodingOfMark(head: Buffer): Encoding | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return null;
}

/** Watches the bytes of a whole file: strict UTF-8, else strict GB18030, else line by line. */
export class EncodingWatch {
  #utf8: TextDecoder | null = new TextDecoder('utf-8', { fatal: true });
  #gb18030: TextDecoder | null = new TextDecoder('gb18030', { fatal: true });

  see(chunk: Buffer): void {
    if (this.#utf8 && !decodes(this.#utf8, chunk)) this.#utf8 = null;
    if (this.#gb18030 && !decodes(this.#gb18030, chunk)) this.#gb18030 = null;
  }

  end(): Encoding {
    if (this.#utf8 && decodes(this.#utf8)) return 'utf-8';
    return this.#gb18030 && decodes(this.#gb18030) ? 'gb18030' : 'mixed';
  }
}

function decodes(decoder: TextDecoder, chunk?: Buffer): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch {
    return false;
  }
}

/** Decodes a stream of bytes. What cannot be decoded becomes U+FFFD, which costs its cell and no more. */
export async function* decodeText(bytes: AsyncIterable<Buffer>, encoding: Encoding): AsyncIterable<string> {
  if (encoding === 'mixed') {
    yield* decodeLines(bytes);
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

const LF = 0x0a;
const CR = 0x0d;

async function* decodeLines(bytes: AsyncIterable<Buffer>): AsyncIterable<string> {
  const decode = lineDecoder();
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const mark = all.includes(LF) ? LF : CR;
    const lines: string[] = [];
    let start = 0;
    for (let end = all.indexOf(mark); end >= 0; end = all.indexOf(mark, start)) {
      lines.push(decode(all.subarray(start, end + 1)));
      start = end + 1;
    }
    rest = all.subarray(start);
    yield lines.join('');
  }
  if (rest.length > 0) yield decode(rest);
}

/**
 * Decodes line after line. Short GBK texts can be valid UTF-8 too (`一些` reads as `һЩ`): a line that is both is read as
 * the lines before it were.
 */
function lineDecoder(): (line: Buffer) => string {
  const utf8 = new TextDecoder('utf-8');
  const gb18030 = new TextDecoder('gb18030');
  const strictGb18030 = new TextDecoder('gb18030', { fatal: true });
  let last = gb18030;
  return (line) => {
    if (!isAscii(line)) {
      const [isU, isG] = [isUtf8(line), decodes(strictGb18030, line)];
      if (isU !== isG) last = isU ? utf8 : gb18030;
    }
    return last.decode(line);
  };
}

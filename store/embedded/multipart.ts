/** Reads multipart/form-data (RFC 7578) part by part, each as a stream of its own. */
import { exception } from './exception.ts';

const HEAD_BYTES_MAX = 16 * 1024;
const LINE_END = Buffer.from('\r\n');

export interface Part {
  readonly name: string;
  readonly isFile: boolean;
  /** The part's bytes. What is left of them is skipped when the next part is asked for. */
  readonly data: AsyncGenerator<Uint8Array>;
}

/** The parts of a body, in their order. Throws when the body is no multipart with the boundary that was announced. */
export async function* partsOf(body: AsyncIterator<Uint8Array>, contentType: string): AsyncGenerator<Part> {
  const announced = /boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  if (announced === null) throw malformed('the Content-Type names no boundary');
  const delimiter = Buffer.from(`\r\n--${announced[1] ?? announced[2]}`);
  const scanner = new Scanner(body, LINE_END);
  await skip(scanner.upTo(delimiter));
  for (;;) {
    const head: Uint8Array[] = [];
    for await (const chunk of scanner.upTo(LINE_END)) head.push(chunk);
    if (Buffer.concat(head).toString('latin1').startsWith('--')) return;
    const disposition = await readDisposition(scanner);
    const name = /[;\s]name="([^"]*)"/i.exec(disposition)?.[1];
    if (name === undefined) throw malformed('a part has no name');
    const data = scanner.upTo(delimiter);
    yield { name, isFile: /[;\s]filename\*?=/i.test(disposition), data };
    await skip(data);
  }
}

/** The value of a part's Content-Disposition. */
async function readDisposition(scanner: Scanner): Promise<string> {
  const head: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of scanner.upTo(Buffer.from('\r\n\r\n'))) {
    head.push(chunk);
    length += chunk.length;
    if (length > HEAD_BYTES_MAX) throw malformed('the head of a part is too long');
  }
  return /^content-disposition:(.*)$/im.exec(Buffer.concat(head).toString('utf8'))?.[1] ?? '';
}

/** Finds marks in a stream of bytes. */
class Scanner {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Buffer;

  constructor(source: AsyncIterator<Uint8Array>, first: Buffer) {
    this.#source = source;
    this.#held = first;
  }

  /** The bytes before the next `mark`, which is read over. Asked for more after its end it gives nothing. */
  async *upTo(mark: Buffer): AsyncGenerator<Uint8Array> {
    for (;;) {
      const at = this.#held.indexOf(mark);
      const safe = at === -1 ? Math.max(0, this.#held.length - mark.length + 1) : at;
      const bytes = this.#held.subarray(0, safe);
      this.#held = this.#held.subarray(at === -1 ? safe : at + mark.length);
      if (bytes.length > 0) yield bytes;
      if (at !== -1) return;
      const next = await this.#source.next();
      if (next.done) {
        // The last boundary need not be followed by a line end.
        if (mark === LINE_END) return void (yield this.#held);
        throw malformed('the body ends within a part');
      }
      this.#held = Buffer.concat([this.#held, next.value]);
    }
  }
}

async function skip(data: AsyncGenerator<Uint8Array>): Promise<void> {
  for await (const _ of data);
}

function malformed(what: string): Error {
  return exception(36, 'BAD_ARGUMENTS', `Malformed multipart/form-data: ${what}`);
}

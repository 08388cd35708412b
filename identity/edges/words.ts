/** Reads RowBinary rows of 32-bit words (a UInt128 is four, the lowest first) without making an object a row. */
import type { Readable } from 'node:stream';
import { QuanyuError } from '../../errors.ts';

const BUFFER_BYTES = 1 << 20;

/**
 * Calls `take` with whole rows of `width` words as they arrive; the array is used again afterwards. Throws
 * store.unavailable when the stream ends within a row.
 */
export async function eachBatch(
  stream: Readable,
  width: number,
  take: (words: Uint32Array, rows: number) => void,
): Promise<void> {
  const rowBytes = width * 4;
  const bytes = new Uint8Array(BUFFER_BYTES);
  const words = new Uint32Array(bytes.buffer);
  let held = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    while (from < chunk.length) {
      const part = chunk.subarray(from, from + bytes.length - held);
      bytes.set(part, held);
      held += part.length;
      from += part.length;
      const rows = Math.floor(held / rowBytes);
      if (rows > 0) take(words, rows);
      bytes.copyWithin(0, rows * rowBytes, held);
      held -= rows * rowBytes;
    }
  }
  if (held !== 0)
    throw new QuanyuError(
      'store.unavailable',
      'The result of a query ended within a row: the engine stopped half-way.',
    );
}

/** The UInt128 that stands in four words from `at`, in decimal. */
export function decimalOf(words: Uint32Array, at: number): string {
  const low = (BigInt(words[at + 1]!) << 32n) | BigInt(words[at]!);
  const high = (BigInt(words[at + 3]!) << 32n) | BigInt(words[at + 2]!);
  return ((high << 64n) | low).toString();
}

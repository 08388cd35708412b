import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { decimalOf, eachBatch } from '../../identity/edges/words.ts';

async function read(chunks: Buffer[], width: number): Promise<number[]> {
  const found: number[] = [];
  await eachBatch(Readable.from(chunks), width, (words, rows) => found.push(...words.subarray(0, rows * width)));
  return found;
}

describe('reading rows of words', () => {
  it('gives every row whole, wherever the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 9 })),
        async (numbers, cuts) => {
          const words = numbers.slice(0, numbers.length - (numbers.length % 3));
          const bytes = Buffer.from(Uint32Array.from(words).buffer);
          const chunks: Buffer[] = [];
          let from = 0;
          for (const cut of cuts) {
            chunks.push(bytes.subarray(from, from + cut));
            from += cut;
          }
          chunks.push(bytes.subarray(from));
          assert.deepEqual(await read(chunks, 3), words);
        },
      ),
    );
  });

  it('takes a result that ends within a row for what it is: cut off', async () => {
    await assert.rejects(read([Buffer.alloc(30)], 2), { code: 'store.unavailable' });
  });

  it('reads a UInt128 from four words, the lowest first', () => {
    assert.equal(decimalOf(Uint32Array.of(0, 1, 0, 0, 0), 1), '1');
    assert.equal(
      decimalOf(Uint32Array.of(2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1), 0),
      (2n ** 128n - 1n).toString(),
    );
  });
});

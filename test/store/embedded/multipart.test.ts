import assert from 'node:assert/strict';
import fc from 'fast-check';
import { partsOf } from '../../../store/embedded/multipart.ts';

const TYPE = 'multipart/form-data; boundary=XX';

async function read(body: Uint8Array, sizes: readonly number[] = [7]): Promise<[string, boolean, string][]> {
  async function* chunks() {
    for (let at = 0, turn = 0; at < body.length; turn += 1) {
      const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
      yield body.subarray(at, at + size);
      at += size;
    }
  }
  const found: [string, boolean, string][] = [];
  for await (const part of partsOf(chunks(), TYPE)) {
    const bytes: Uint8Array[] = [];
    for await (const chunk of part.data) bytes.push(chunk);
    found.push([part.name, part.isFile, Buffer.concat(bytes).toString('latin1')]);
  }
  return found;
}

const part = (name: string, value: string) =>
  `--XX\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

describe('a form', () => {
  it('gives its fields and files in their order', async () => {
    const file =
      '--XX\r\nContent-Disposition: form-data; name="t"; filename="t.csv"\r\nContent-Type: text/csv\r\n\r\n1,2\r\n';
    const body = Buffer.from(`${part('query', 'SELECT 1')}${file}--XX--\r\n`);
    assert.deepEqual(await read(body), [
      ['query', false, 'SELECT 1'],
      ['t', true, '1,2'],
    ]);
  });

  it('gives every byte, wherever the chunks are cut', async () => {
    const value = fc.string({ unit: fc.constantFrom('\r', '\n', '-', 'X', '\0', 'é', 'a') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(value),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        async (values, sizes) => {
          fc.pre(values.every((one) => !`\r\n${one}\r\n`.includes('\r\n--XX')));
          const body = Buffer.from(`${values.map((one, index) => part(`v${index}`, one)).join('')}--XX--`, 'latin1');
          assert.deepEqual(
            await read(body, sizes),
            values.map((one, index) => [`v${index}`, false, one]),
          );
        },
      ),
    );
  });

  for (const [what, body] of [
    ['has no boundary', 'nothing'],
    ['ends within a part', '--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\nrest'],
    ['has a part without a name', '--XX\r\nContent-Type: text/plain\r\n\r\nx\r\n--XX--'],
  ] as const) {
    it(`is refused when it ${what}`, async () => {
      await assert.rejects(read(Buffer.from(body)), /Malformed multipart/);
    });
  }
});

import assert from 'node:assert/strict';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { spoolKeysOf } from '../../../ingest/index.ts';
import { openSpoolWriter, readCall, readSpool, type SpooledCall, segmentsIn } from '../../../ingest/spool/index.ts';
import { TEST_KEYS } from '../../helpers/store.ts';
import { temporary } from '../../helpers/tracked.ts';

const KEYS = spoolKeysOf(TEST_KEYS);
const call = (id: string, body = `{"n":"${id}"}`): SpooledCall => ({
  id,
  receivedAt: new Date(0),
  type: 'track',
  body,
});

async function read(folder: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { call: one } of readSpool({ folder, keys: KEYS }, null)) if (one !== null) ids.push(one.id);
  return ids;
}

describe('a spool on the disk', () => {
  let folder: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ folder, remove } = await temporary());
  });
  afterEach(() => remove());

  it('gives back every call once and in order, over segments and starts of the process', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `call-${n}`);
    for (let at = 0; at < 30; at += 10) {
      const writer = openSpoolWriter(folder, () => KEYS);
      await Promise.all(ids.slice(at, at + 5).map((id) => writer.append(call(id))));
      await writer.rotate();
      await Promise.all(ids.slice(at + 5, at + 10).map((id) => writer.append(call(id, '中'.repeat(5_000)))));
      await writer.close();
    }
    assert.deepEqual(await read(folder), ids);
  });

  it('gives the calls before a cut or a change at any byte, and those of the next segment', async () => {
    const writer = openSpoolWriter(folder, () => KEYS);
    for (const id of ['a', 'b', 'c']) await writer.append(call(id));
    await writer.rotate();
    await writer.append(call('d'));
    await writer.close();
    const [first] = await segmentsIn(folder);
    const file = join(folder, `${first}.spool`);
    const whole = await readFile(file);
    const expected = ['a', 'b', 'c', 'd'];
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 16, max: whole.length - 1 }), fc.boolean(), async (at, cut) => {
        const changed = Buffer.from(whole);
        changed[at]! ^= 1;
        await writeFile(file, changed);
        if (cut) await truncate(file, at);
        const ids = await read(folder);
        assert.equal(ids.at(-1), 'd');
        assert.deepEqual(ids.slice(0, -1), expected.slice(0, ids.length - 1));
        assert.ok(ids.length < 4);
      }),
      { numRuns: 150 },
    );
  });

  it('says which key is missing, and drops nothing', async () => {
    const writer = openSpoolWriter(folder, () => KEYS);
    await writer.append(call('a'));
    await writer.close();
    const other = { current: 2, byId: new Map([[2, Buffer.alloc(32)]]) };
    await assert.rejects(readSpool({ folder, keys: other }, null).next(), { code: 'vault.key-missing' });
    assert.deepEqual(await read(folder), ['a']);
  });
});

describe('the body of a call', () => {
  it('is cut into as many messages as it holds, however it is spelled', () => {
    const list = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 6 });
    const spelling = fc.constantFrom('batch', '\\u0062atch', 'ba\\u0074ch');
    fc.assert(
      fc.property(list, spelling, fc.boolean(), (batch, name, spaced) => {
        const text = JSON.stringify(batch, null, spaced ? 2 : 0);
        const { messages } = readCall({ type: '', body: `{"sentAt":"x", "${name}" : ${text}}` });
        assert.deepEqual(
          messages.map((one) => JSON.parse(one) as unknown),
          JSON.parse(text),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('never makes the reader fail', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (body) => {
        assert.deepEqual(readCall({ type: '', body: `{"batch":[${body}` }).messages.length >= 0, true);
      }),
      { numRuns: 500 },
    );
    assert.deepEqual(readCall({ type: '', body: `{"batch":${'['.repeat(100_000)}` }).messages, []);
  });
});

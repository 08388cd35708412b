import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spoolForgets, spoolKeysOf } from '../../ingest/index.ts';
import type { ForgetContext, Forgotten } from '../../privacy/index.ts';
import { raw } from '../../store/index.ts';
import { TEST_KEYS } from '../helpers/store.ts';
import { basic, KEY, openTracked, post, type Tracked } from '../helpers/tracked.ts';

const PHONE = '13911110001';
const who = { values: [PHONE, 'anna-1234'] } as unknown as Forgotten;

describe('a spool', function () {
  this.timeout(60_000);
  let api: Tracked;
  before(async () => {
    api = await openTracked();
  });
  after(() => api.close());

  it('holds nothing in clear, forgets who asks for it, and keeps the others', async () => {
    const batch = [
      { type: 'identify', userId: 'bernd-5678', traits: { plan: 'gold' } },
      { type: 'identify', userId: 'somebody', traits: { phone: '\\u0031' } },
      { type: 'track', event: 'Seen', userId: 'anna-1234' },
      { type: 'track', event: 'Seen', userId: 'bernd-5678' },
    ];
    // Her phone, spelled with an escape.
    const body = JSON.stringify({ batch }).replace('\\\\u0031', `\\u0031${PHONE.slice(1)}`);
    assert.equal((await post(api.base, '/v1/batch', body)).status, 200);
    assert.equal((await post(api.base, '/v1/track', batch[2], { authorization: basic(KEY) })).status, 200);
    await api.tracking.rotate();
    const folder = join(api.store.dataDir, 'spool', 'web');
    for (const file of await readdir(folder)) {
      const bytes = await readFile(join(folder, file));
      assert.ok(!bytes.includes(PHONE.slice(1)) && !bytes.includes('bernd') && !bytes.includes('Seen'), file);
    }
    const forgets = spoolForgets(spoolKeysOf(TEST_KEYS));
    const context = { dataDir: api.store.dataDir } as ForgetContext;
    assert.deepEqual(await forgets.search(context, who), { messages: 3 });
    assert.deepEqual(await forgets.erase(context, who), { messages: 3 });
    assert.deepEqual(await forgets.search(context, who), { messages: 0 });
    const view = await api.pull();
    assert.deepEqual([view.status, view.counts.items, view.counts.rejections], ['done', 2, 0]);
    assert.equal((await readdir(folder)).length, 1, 'what was written is gone from the spool');
    const [row] = await api.store.store.rows<{ people: number }>(raw('SELECT count() AS people FROM accounts'));
    assert.equal(row!.people, 1);
  });
});

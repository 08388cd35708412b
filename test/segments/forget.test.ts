import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Forgotten } from '../../privacy/index.ts';
import { exportAudience, readExport, runAudience, segmentsForget } from '../../segments/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { idOf, insertAccounts, insertLinks, profileRow, published } from './rows.ts';

const NOW = new Date('2026-06-29T16:30:00Z');
const clock = { now: () => NOW };

/** Account 2 and 5, of which 2 founded a profile: everything of theirs goes. */
const WHO: Forgotten = {
  requestId: 'r',
  accountOrdinals: [2, 5],
  profileOrdinals: [2],
  profileIds: [idOf(2)],
  accountTokens: [],
  identifierTokens: [],
  values: ['13800005678'],
};

describe('segments forget a person', () => {
  let test: TestStore;
  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());

  it('in profiles of every version, audiences and exports, and takes back the files they stood in', async () => {
    const { store, vault, dataDir } = test;
    await insertAccounts(store, { 1: 'pos', 2: 'pos', 3: 'pos', 5: 'pos' });
    await insertLinks(store, 1, { 1: 1, 2: 2, 3: 3, 5: 2 });
    await store.insert('profiles', [
      profileRow({ profile_ordinal: 1 }),
      profileRow({ profile_ordinal: 2, accounts: [2, 5], level: '金卡' }),
      profileRow({ profile_ordinal: 3 }),
      profileRow({ profile_ordinal: 5, version: 0 }),
    ]);
    await store.insert('staged_links', [{ account_ordinal: 2, profile_ordinal: 2 }]);
    const shared = { store, published: published(), now: NOW, zone: 'Asia/Shanghai' };
    const is = (operator: string) => ({ kind: 'trait', trait: 'level', operator, values: ['金卡'] });
    await runAudience({ ...shared, segment: 'a', condition: is('is'), runId: 'with' });
    await runAudience({ ...shared, segment: 'b', condition: is('is_not'), runId: 'without' });
    const request = {
      columns: ['level'],
      reveal: false,
      purpose: 'm',
      via: 'any',
      require_consent: false,
      by: 'k',
    } as const;
    for (const name of ['with', 'without'])
      await exportAudience({
        store,
        vault,
        clock,
        published: published(),
        dataDir,
        request: { ...request, export_id: name, audience: name },
      });
    await mkdir(join(dataDir, 'exports'), { recursive: true });
    await writeFile(join(dataDir, 'exports', 'older.csv'), `${'x'.repeat(70_000)}13800005678`);

    const context = { store, vault, clock, dataDir };
    const found = await segmentsForget.search(context, WHO);
    assert.deepEqual(found, { profiles: 2, audience_members: 1, export_members: 1, files: 1 });
    const erased = await segmentsForget.erase(context, WHO);
    assert.deepEqual(erased, { profiles: 2, audience_members: 1, export_members: 1, files: 2 });

    const left = await segmentsForget.search(context, WHO);
    assert.deepEqual(left, { profiles: 0, audience_members: 0, export_members: 0, files: 0 });
    assert.equal((await readExport(store, 'with'))?.file, '');
    assert.deepEqual(
      [existsSync(join(dataDir, 'exports', 'with.csv')), existsSync(join(dataDir, 'exports', 'without.csv'))],
      [false, true],
    );
    assert.equal((await readExport(store, 'without'))?.row_count, 2);
  });
});

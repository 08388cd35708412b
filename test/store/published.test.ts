import assert from 'node:assert/strict';
import { type Published, publish, readPublished, sql } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';

const clock = { now: () => new Date('2026-03-01T04:00:00Z') };
const next = (n: number): Omit<Published, 'version' | 'published_at'> => ({
  rules_version: 1,
  identity_version: n,
  tags_version: n,
  resolved_to: n * 10,
  data_up_to: `2026-03-01 0${n}:00:00.000`,
});

describe('what is published', () => {
  let test: TestStore;
  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());

  it('is nothing before the first publish', async () => {
    const nothing = await readPublished(test.store);
    assert.deepEqual([nothing.version, nothing.identity_version, nothing.resolved_to], [0, 0, 0]);
  });

  it('is the last whole version, and each gets the next number', async () => {
    const first = await publish(test.store, clock, next(1));
    assert.deepEqual([first.version, first.published_at], [1, '2026-03-01 04:00:00.000']);
    assert.deepEqual(await readPublished(test.store), first);
    const second = await publish(test.store, clock, next(2));
    assert.equal(second.version, 2);
    assert.deepEqual(await readPublished(test.store), second);
  });

  it('stays what it was while the rows of the next version are being written', async () => {
    const before = await readPublished(test.store);
    const link = (account: number, profile: number, version: number) => ({
      account_ordinal: account,
      version,
      profile_ordinal: profile,
      component_ordinal: profile,
      rules_version: 1,
      linked_at: '2026-03-01 04:00:00.000',
    });
    await test.store.insert('identity_links', [link(1, 1, 2), link(2, 2, 2)]);
    const profileOf = async (account: number, published: Published) => {
      const rows = await test.store.rows<{ profile: number }>(sql`
        SELECT argMax(profile_ordinal, version) AS profile FROM identity_links
        WHERE account_ordinal = ${{ type: 'UInt32', value: account }}
          AND version <= ${{ type: 'UInt32', value: published.identity_version }}`);
      return rows[0]?.profile;
    };
    await test.store.insert('identity_links', [link(2, 1, 3)]);
    assert.deepEqual(await readPublished(test.store), before);
    assert.equal(await profileOf(2, before), 2, 'rows of an unpublished version do not count');
    const after = await publish(test.store, clock, next(3));
    assert.equal(await profileOf(2, after), 1);
    assert.equal(await profileOf(2, before), 2, 'a reader that began before keeps to its version');
  });
});

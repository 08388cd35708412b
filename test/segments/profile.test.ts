import assert from 'node:assert/strict';
import { readProfile } from '../../segments/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { idOf, insertAccounts, insertLinks, profileRow, published } from './rows.ts';

describe('one profile', () => {
  let test: TestStore;
  before(async () => {
    test = await openTestStore();
    const { store } = test;
    await insertAccounts(store, { 1: 'loyalty', 2: 'pos', 3: 'pos' });
    await insertLinks(store, 1, { 1: 1, 2: 1, 3: 3 });
    await insertLinks(store, 2, { 2: 2 });
    const record = { source: 'crm', kind: 'membership', seen_at: '2026-01-01 00:00:00.000' };
    await store.insert('profiles', [
      profileRow({
        profile_ordinal: 1,
        accounts: [1, 2],
        records: [
          { ...record, account_ordinal: 1, record_id: '340282366920938463463374607431768211455' },
          { ...record, account_ordinal: 2, record_id: '22', source: 'till' },
        ],
        gender: 'female',
        gender_from: 2,
        birth_date: '1904-05-06',
        birth_precision: 'month_day',
        birth_from: 1,
        points: 5,
        membership_account: 1,
        membership_source: 'crm',
        membership_record_id: '11',
        last_purchase: '2026-06-01',
        reachable: ['sms'],
      }),
      profileRow({ profile_ordinal: 3 }),
    ]);
  });
  after(() => test.close());

  it('is found by the id of any of its accounts, with its tags and the record each trait came from', async () => {
    for (const account of [1, 2]) {
      const found = await readProfile(test.store, { published: published(), accountId: String(1000 + account) });
      assert.equal(found?.profile_id, idOf(1));
      assert.deepEqual(found.accounts, [1, 2]);
      const origin = { account_ordinal: 1, source: 'crm', kind: 'membership', seen_at: '2026-01-01 00:00:00.000' };
      const { gender, birth_date, birth_month, birth_year, points, name_masked } = found.traits;
      assert.deepEqual(gender, {
        value: 'female',
        from: { ...origin, account_ordinal: 2, source: 'till', record_id: '22' },
      });
      const born = { ...origin, record_id: '340282366920938463463374607431768211455' };
      assert.deepEqual([birth_date, found.birth_precision], [{ value: '1904-05-06', from: born }, 'month_day']);
      assert.deepEqual([birth_month?.value, birth_year?.value], [5, null]);
      assert.deepEqual(points, { value: 5, from: { ...origin, record_id: '11', seen_at: null } });
      assert.deepEqual(name_masked, { value: null, from: null });
      assert.deepEqual([found.tags.last_purchase, found.tags.reachable], ['2026-06-01', ['sms']]);
      assert.equal(found.freshness.identity_version, 1);
    }
  });

  it('is none for an id nobody has, nor where its version was not computed', async () => {
    assert.equal(await readProfile(test.store, { published: published(), accountId: '5' }), null);
    const later = published({ identity_version: 2 });
    assert.equal(await readProfile(test.store, { published: later, accountId: '1002' }), null);
  });
});

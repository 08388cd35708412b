import assert from 'node:assert/strict';
import { computeProfiles } from '../../segments/index.ts';
import { sql } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { accountRecord, empty, identifier, insertAccounts, insertLinks, membership, profileRows } from './rows.ts';

const ZONE = 'Asia/Shanghai';
const NOW = new Date('2026-06-29T17:00:00Z');

describe('the profiles of one version', () => {
  let test: TestStore;
  const compute = (version: number, identityVersion = 1) =>
    computeProfiles({ store: test.store, identityVersion, version, now: NOW, zone: ZONE });

  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());
  beforeEach(() =>
    empty(
      test.store,
      ...['accounts', 'identity_links', 'account_records', 'memberships', 'bindings', 'order_lines'],
      'profiles',
    ),
  );

  it('keeps the trait of the loyalty system, a verified phone, else the latest, each with its record', async () => {
    const { store } = test;
    await insertAccounts(store, { 1: 'loyalty', 2: 'pos', 3: 'wechat' });
    await insertLinks(store, 1, { 1: 1, 2: 1, 3: 1 });
    await store.insert('account_records', [
      accountRecord({
        account_ordinal: 1,
        record_id: '11',
        source: 'crm',
        channel: 'loyalty',
        gender: 'female',
        name_masked: '张**',
        phone_masked: '138****0001',
        seen_at: '2024-01-01 00:00:00.000',
      }),
      accountRecord({
        account_ordinal: 2,
        record_id: '22',
        source: 'till',
        gender: 'male',
        city: '上海',
        province: '上海',
        birth_date: '1904-05-06',
        birth_precision: 'month_day',
        seen_at: '2026-01-01 00:00:00.000',
      }),
      accountRecord({
        account_ordinal: 2,
        record_id: '23',
        source: 'till',
        kind: 'order_line',
        province: '浙江',
        city: '杭州',
        seen_at: '2026-02-01 00:00:00.000',
      }),
      accountRecord({
        account_ordinal: 3,
        record_id: '33',
        source: 'wx',
        channel: 'wechat',
        kind: 'event',
        phone_masked: '139****0003',
        ...identifier('phone', '5', 'verified'),
      }),
    ]);

    await compute(1);

    const rows = await profileRows(
      store,
      1,
      `gender, toString(records[gender_from].record_id) AS gender_record, name_masked, phone_masked,
       records[phone_from].source AS phone_source, city, records[region_from].kind AS city_kind, birth_date, birth_precision,
       email_masked, email_from`,
    );
    assert.deepEqual(rows.get(1), {
      gender: 'female',
      gender_record: '11',
      name_masked: '张**',
      phone_masked: '139****0003',
      phone_source: 'wx',
      city: '杭州',
      city_kind: 'order_line',
      birth_date: '1904-05-06',
      birth_precision: 'month_day',
      email_masked: '',
      email_from: 0,
    });
  });

  it('lets an active membership speak before a closed one', async () => {
    const { store } = test;
    await insertAccounts(store, { 1: 'loyalty', 2: 'loyalty', 3: 'loyalty' });
    await insertLinks(store, 1, { 1: 1, 2: 1, 3: 3 });
    await store.insert('memberships', [
      membership({
        account_ordinal: 1,
        record_id: '1',
        level: '金卡',
        points: 12.5,
        joined_at: '2025-05-31 16:30:00.000',
      }),
      membership({ account_ordinal: 2, record_id: '2', level: '普通', status: 'closed', version: '9' }),
      membership({ account_ordinal: 3, record_id: '3', status: 'closed', joined_at: null, points: null }),
    ]);

    await compute(1);

    const rows = await profileRows(store, 1, 'member_status, is_member, level, points, joined_at, membership_count');
    assert.deepEqual(rows.get(1), {
      member_status: 'active',
      is_member: true,
      level: '金卡',
      points: 12.5,
      joined_at: '2025-06-01',
      membership_count: 1,
    });
    assert.deepEqual(rows.get(3), {
      member_status: 'closed',
      is_member: false,
      level: '普通',
      points: null,
      joined_at: null,
      membership_count: 0,
    });
  });

  it('reads links as they stood at the identity version it was given, without accounts that are gone', async () => {
    const { store } = test;
    await insertAccounts(store, { 1: 'pos', 2: 'pos', 3: 'pos' });
    await insertLinks(store, 1, { 1: 1, 2: 2, 3: 3 });
    await insertLinks(store, 2, { 2: 1, 3: 4294967295 });

    await compute(1, 1);
    await compute(2, 2);

    assert.deepEqual([...(await profileRows(store, 1, 'accounts')).keys()], [1, 2, 3]);
    assert.deepEqual([...(await profileRows(store, 2, 'accounts')).entries()], [[1, { accounts: [1, 2] }]]);
  });

  it('can be run again over what a killed run left, and keeps three versions and the pinned ones', async () => {
    const { store } = test;
    await insertAccounts(store, { 1: 'pos' });
    await insertLinks(store, 1, { 1: 1 });
    await compute(1);
    await compute(1);
    assert.equal((await profileRows(store, 1, 'accounts')).size, 1);

    for (const version of [2, 3, 4]) await compute(version);
    const options = { store, identityVersion: 1, version: 5, now: NOW, zone: ZONE, pinned: [2] };
    await computeProfiles(options);

    const kept = await store.rows<{ version: number }>(sql`SELECT DISTINCT version FROM profiles ORDER BY version`);
    assert.deepEqual(
      kept.map((row) => row.version),
      [2, 3, 4, 5],
    );
  });
});

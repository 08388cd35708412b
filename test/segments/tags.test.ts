import assert from 'node:assert/strict';
import { computeProfiles, readTagParameters, TAGS, TRAITS } from '../../segments/index.ts';
import { sql } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import {
  accountRecord,
  consent,
  empty,
  identifier,
  insertAccounts,
  insertLinks,
  orderLine,
  profileRows,
  refund,
} from './rows.ts';

const ZONE = 'Asia/Shanghai';
/** 2026-06-30 in Shanghai, still the 29th in UTC. */
const NOW = new Date('2026-06-29T17:00:00Z');

describe('tags', () => {
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
      ...['accounts', 'identity_links', 'account_records', 'memberships', 'bindings', 'consents', 'order_lines'],
      ...['refunds', 'suppressed', 'identifier_index', 'identifier_status', 'profiles'],
    ),
  );

  it('sums purchases over all accounts of a profile, in days of the brand and windows that count today', async () => {
    const { store } = test;
    await insertAccounts(store, { 1: 'loyalty', 2: 'tmall', 3: 'pos' });
    await insertLinks(store, 1, { 1: 1, 2: 1, 3: 3 });
    await store.insert('order_lines', [
      orderLine({ order_no: 'edge', account_ordinal: 1, business_date: '2025-07-01', paid_fen: 100 }),
      orderLine({ order_no: 'too-old', account_ordinal: 1, business_date: '2025-06-30', paid_fen: 7000 }),
      orderLine({ order_no: 'T', channel: 'tmall', account_ordinal: 2, business_date: '2026-06-30', paid_fen: 900 }),
      orderLine({
        order_no: 'T',
        channel: 'tmall',
        line_no: '2',
        account_ordinal: 2,
        business_date: '2026-06-30',
        category: 'hats',
        paid_fen: 5000,
      }),
      orderLine({ order_no: 'tomorrow', account_ordinal: 2, business_date: '2026-07-01', paid_fen: 1 }),
    ]);
    await store.insert('refunds', [
      refund({ refund_no: 'R', order_no: 'T', line_no: '2', refunded_fen: 4500 }),
      refund({ refund_no: 'no bill', account_ordinal: 1, refunded_fen: 30, business_date: '2026-01-01' }),
    ]);

    await compute(1);

    const columns = TAGS.map((tag) => tag.id).join(', ');
    const rows = await profileRows(store, 1, columns);
    assert.deepEqual(rows.get(1), {
      channels: ['tmall', 'loyalty'],
      is_member: false,
      reachable: [],
      first_purchase: '2025-06-30',
      last_purchase: '2026-06-30',
      purchase_count: 3,
      purchase_count_365d: 2,
      net_amount_fen: 100 + 7000 + 900 + 500 - 30,
      net_amount_365d_fen: 100 + 900 + 500 - 30,
      preferred_channel: 'tmall',
      favourite_category: 'shoes',
      rfm_group: 'important_value',
      lifecycle_stage: 'active',
    });
    assert.deepEqual(rows.get(3), {
      channels: ['pos'],
      is_member: false,
      reachable: [],
      first_purchase: null,
      last_purchase: null,
      purchase_count: 0,
      purchase_count_365d: 0,
      net_amount_fen: 0,
      net_amount_365d_fen: 0,
      preferred_channel: '',
      favourite_category: '',
      rfm_group: '',
      lifecycle_stage: 'prospect',
    });
  });

  it('splits RFM at the means of the run and states them', async () => {
    const { store } = test;
    await insertAccounts(store, { 1: 'pos', 2: 'pos', 3: 'pos', 4: 'pos' });
    await insertLinks(store, 1, { 1: 1, 2: 2, 3: 3, 4: 4 });
    const bought = (account_ordinal: number, business_date: string, paid_fen: number) =>
      orderLine({ order_no: `${account_ordinal}/${business_date}`, account_ordinal, business_date, paid_fen });
    await store.insert('order_lines', [
      bought(1, '2026-06-30', 30000),
      bought(1, '2026-06-29', 30000),
      bought(1, '2026-06-28', 30000),
      bought(2, '2026-06-20', 1000),
      bought(3, '2025-09-03', 80000),
      bought(4, '2020-01-01', 99999),
    ]);

    const { parameters } = await compute(1);

    const measured = parameters.filter((one) => one.parameter.startsWith('rfm'));
    assert.deepEqual(measured, [
      { parameter: 'rfm_recency_days', value: (0 + 10 + 300) / 3, basis: 'measured' },
      { parameter: 'rfm_frequency', value: 5 / 3, basis: 'measured' },
      { parameter: 'rfm_monetary_fen', value: 171000 / 3, basis: 'measured' },
    ]);
    assert.deepEqual(
      [...(await profileRows(store, 1, 'rfm_group')).values()].map((row) => row.rfm_group),
      ['important_value', 'general_develop', 'important_win_back', ''],
    );
    assert.equal((await readTagParameters(store, 1)).length, parameters.length);
  });

  it("steps the lifecycle by the brand's own purchase intervals, by defaults while there are few", async () => {
    const { store } = test;
    await insertAccounts(store, { 1: 'pos', 2: 'pos', 3: 'pos', 4: 'pos', 5: 'pos' });
    await insertLinks(store, 1, { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5 });
    const bought = (account_ordinal: number, daysAgo: number) => {
      const day = new Date(Date.UTC(2026, 5, 30 - daysAgo)).toISOString().slice(0, 10);
      return orderLine({ order_no: `${account_ordinal}/${daysAgo}`, account_ordinal, business_date: day });
    };
    const twice = [10, 60, 120, 400].flatMap((days, n) => [bought(n + 1, days), bought(n + 1, days + 5)]);
    await store.insert('order_lines', [...twice, bought(5, 10)]);

    const { parameters } = await compute(1);

    const stages = async (version: number) =>
      [...(await profileRows(store, version, 'lifecycle_stage')).values()].map((row) => row.lifecycle_stage);
    assert.deepEqual(
      parameters.filter((one) => one.parameter.startsWith('lifecycle')).map((one) => one.basis),
      ['default', 'default', 'default'],
    );
    assert.deepEqual(await stages(1), ['active', 'cooling', 'sleeping', 'lost', 'new']);

    // 100 intervals of 70 days more: now 60 days of silence are nothing out of the way.
    await insertAccounts(store, { 6: 'pos' });
    await insertLinks(store, 1, { 6: 6 });
    await store.insert(
      'order_lines',
      Array.from({ length: 101 }, (_, n) => bought(6, 70 * n)),
    );
    const second = await compute(2);
    assert.deepEqual(
      second.parameters.filter((one) => one.parameter.startsWith('lifecycle')).map((one) => one.value),
      [70, 70, 70],
    );
    assert.deepEqual(await stages(2), ['active', 'active', 'lost', 'lost', 'new', 'active']);
  });

  it('says by what a profile can be reached: own identifiers, no refusal on any account, not suppressed', async () => {
    const { store } = test;
    await insertAccounts(store, Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((n) => [n, 'loyalty'])));
    await insertLinks(store, 1, { 1: 1, 2: 1, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7 });
    const record = (n: number, type: string, token: string, strength?: string) =>
      accountRecord({ account_ordinal: n, record_id: String(n), ...identifier(type, token, strength) });
    await store.insert('account_records', [
      record(1, 'phone', '101'),
      record(2, 'openid', '102'),
      record(3, 'phone', '103', 'weak'),
      record(4, 'phone', '104'),
      record(5, 'email', '105'),
      record(6, 'phone', '106'),
      record(7, 'phone', '107'),
    ]);
    await store.insert('identifier_index', [{ token: '106', account_ordinal: 6 }]);
    await store.insert('identifier_status', [
      { id_token: '104', id_type: 'phone', status: 'shared', accounts: 40, version: 1 },
    ]);
    await store.insert('suppressed', [
      { token: '106', kind: 'identifier', request_id: 'r', since: '2026-01-01 00:00:00.000' },
    ]);
    await store.insert('consents', [
      consent({ account_ordinal: 2, record_id: '1', granted: 0, happened_at: '2026-01-01 00:00:00.000' }),
      consent({ account_ordinal: 1, record_id: '2', granted: 1, happened_at: '2026-02-01 00:00:00.000' }),
      consent({ account_ordinal: 5, record_id: '3', granted: 0, via: 'any' }),
      consent({ account_ordinal: 7, record_id: '4', granted: 0, happened_at: '2026-01-01 00:00:00.000' }),
      consent({ account_ordinal: 7, record_id: '5', granted: 1, happened_at: '2026-02-01 00:00:00.000' }),
    ]);

    await compute(1);

    const rows = await profileRows(store, 1, 'reachable');
    assert.deepEqual(Object.fromEntries([...rows].map(([profile, row]) => [profile, row.reachable])), {
      1: ['phone', 'wechat'],
      3: [],
      4: [],
      5: [],
      6: [],
      7: ['sms', 'phone'],
    });
  });

  it('holds the channels of accounts and of bindings that were not undone', async () => {
    const { store } = test;
    await insertAccounts(store, { 1: 'loyalty' });
    await insertLinks(store, 1, { 1: 1 });
    const binding = { account_ordinal: 1, source: 'crm', channel: 'loyalty', version: '1', deleted: 0 };
    await store.insert('bindings', [
      { ...binding, record_id: '1', bound_channel: 'tmall', unbound_at: null },
      { ...binding, record_id: '2', bound_channel: 'douyin', unbound_at: '2026-01-01 00:00:00.000' },
    ]);

    await compute(1);

    assert.deepEqual((await profileRows(store, 1, 'channels, channels_bits')).get(1), {
      channels: ['tmall', 'loyalty'],
      channels_bits: 17,
    });
  });

  it('has a column for every trait and tag, with words in both languages', async () => {
    const columns = await test.store.rows<{ name: string }>(sql`
      SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'profiles'`);
    const names = new Set(columns.map((column) => column.name));
    const traits = TRAITS.filter((trait) => trait.sql === undefined);
    for (const one of [...TAGS, ...traits]) assert.ok(names.has(one.id), one.id);
    for (const one of [...TAGS, ...TRAITS])
      for (const words of [one.title, one.sentence, ...Object.values(one.values ?? {})])
        assert.ok(/[\u4e00-\u9fff]|RFM/.test(words.zh) && /^[\x20-\x7e]+$/.test(words.en), `${one.id}: ${words.en}`);
  });
});

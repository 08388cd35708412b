/** Facts of some million people, made by SQL inside the engine, with profiles computed of them. */
import { computeProfiles } from '../../segments/index.ts';
import { startEngine } from '../../store/embedded/index.ts';
import { migrate, openStore, openVault, type Published, p, type Store, sql, type Vault } from '../../store/index.ts';
import type { BenchContext } from './bench.ts';

export const NOW = new Date('2026-06-30T04:00:00Z');
export const ZONE = 'Asia/Shanghai';
const ORDERS_PER_PROFILE = 2;
const REFUNDS_PER_HUNDRED = 4;

export interface Opened {
  readonly store: Store;
  readonly vault: Vault;
  readonly enginePid: number;
}

export async function withStore<T>({ dir }: BenchContext, work: (opened: Opened) => Promise<T>): Promise<T> {
  const engine = await startEngine({ dataDir: dir });
  const store = openStore({ ...engine.connection, database: 'quanyu' });
  const vault = openVault({ token: '0f'.repeat(16), sealing: { 1: '11'.repeat(32) }, current: 1 });
  try {
    await migrate(store);
    return await work({ store, vault, enginePid: engine.pid! });
  } finally {
    await store.close();
    await engine.stop();
  }
}

export const PUBLISHED: Published = {
  version: 1,
  rules_version: 1,
  identity_version: 1,
  tags_version: 1,
  resolved_to: 1,
  data_up_to: '2026-06-30 03:00:00.000',
  published_at: '2026-06-30 03:30:00.000',
};

/**
 * `profiles` people with two accounts each (a membership, and a shop or a till), traits, consents, two orders of two
 * lines and some refunds; then their profiles. Returns the seconds the computation took.
 */
export async function makeProfiles(store: Store, profiles: number): Promise<number> {
  const n = p('UInt32', profiles);
  const token = (what: string) => sql`reinterpretAsUInt128(sipHash128(${p('String', what)}, number))`;
  await store.run(sql`INSERT INTO accounts (account_id, account_ordinal, source, channel, kind, given_at)
    SELECT ${token('account')}, number + 1, if(number < ${n}, 'crm', 'shop'),
      if(number < ${n}, 'loyalty', ['tmall', 'pos', 'wechat'][1 + number % 3]), 'member_no', '2026-01-01'
    FROM numbers(2 * ${n})`);
  await store.run(sql`INSERT INTO identity_links (account_ordinal, version, profile_ordinal, component_ordinal)
    SELECT number + 1, 1, 1 + number % ${n}, 1 + number % ${n} FROM numbers(2 * ${n})`);
  await store.run(sql`INSERT INTO account_records
      (account_ordinal, source, kind, record_id, channel, seen_at, id_type, id_scope, id_token, id_strength,
       gender, birth_date, birth_precision, province, city, name_masked, phone_masked, commit_seq, version)
    SELECT number + 1, if(number < ${n}, 'crm', 'shop'), 'membership', ${token('record')},
      if(number < ${n}, 'loyalty', 'tmall'), toDateTime64('2026-01-01', 3, 'UTC') + number % 100000,
      ['phone'], [''], [${token('phone')}], ['stated'], ['female', 'male', ''][1 + number % 3],
      toDate32('1970-01-01') + number % 12000, 'day', ['上海', '浙江', '江苏', '广东'][1 + number % 4],
      ['上海', '杭州', '南京', '广州'][1 + number % 4], '张**', concat('138****', leftPad(toString(number % 10000), 4, '0')), 1, 1
    FROM numbers(2 * ${n})`);
  await store.run(sql`INSERT INTO memberships (account_ordinal, source, channel, record_id, status, level, points, joined_at, version)
    SELECT number + 1, 'crm', 'loyalty', ${token('member')}, if(number % 20 = 0, 'closed', 'active'),
      ['普通', '银卡', '金卡'][1 + number % 3], number % 5000, toDateTime64('2024-01-01', 3, 'UTC') + (number * 61) % 60000000, 1
    FROM numbers(${n})`);
  await store.run(sql`INSERT INTO consents (account_ordinal, source, channel, record_id, purpose, via, granted, happened_at, version)
    SELECT number + 1, 'crm', 'loyalty', ${token('consent')}, 'marketing', 'sms', number % 50 != 0, '2026-01-01', 1 FROM numbers(${n})`);
  await insertOrders(store, profiles);
  const began = performance.now();
  await computeProfiles({ store, identityVersion: 1, version: 1, now: NOW, zone: ZONE });
  return (performance.now() - began) / 1000;
}

async function insertOrders(store: Store, profiles: number): Promise<void> {
  const orders = p('UInt32', profiles * ORDERS_PER_PROFILE);
  await store.run(sql`INSERT INTO order_lines
      (source, order_no, line_no, channel, account_ordinal, is_platform, state, line_kind, sold_by, created_at, paid_at,
       business_date, product_id, category, quantity, ordered_fen, paid_fen, commit_seq, version)
    WITH intDiv(number, 2) AS place, cityHash64(place) AS dice
    SELECT 'shop', toString(1000000000 + place), toString(1 + number % 2), ['tmall', 'pos', 'wechat'][1 + dice % 3],
      1 + dice % (2 * ${p('UInt32', profiles)}), 1, ['finished', 'finished', 'shipped', 'closed_unpaid'][1 + dice % 4], 'goods', 'S1',
      '2026-01-01', '2026-01-01', toDate32('2026-06-30') - (intDiv(dice, 7) % 700), toString(dice % 500),
      ['鞋', '帽', '衣', '裤', '袜'][1 + intDiv(dice, 11) % 5], 1, 20000, 5000 + intDiv(dice, 13) % 40000, 1, 1
    FROM numbers(2 * ${orders})`);
  await store.run(sql`INSERT INTO refunds
      (source, refund_no, channel, order_no, line_no, quantity, refunded_fen, status, refund_kind, created_at, business_date, commit_seq, version)
    SELECT 'shop', toString(number), 'tmall', toString(1000000000 + number * ${p('UInt32', 100 / REFUNDS_PER_HUNDRED)}), '1', 1, 3000,
      'success', 'return', '2026-06-01', '2026-06-01', 1, 1
    FROM numbers(intDiv(${orders}, ${p('UInt32', 100 / REFUNDS_PER_HUNDRED)}))`);
}

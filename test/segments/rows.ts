/** Small rows of fact tables with sound defaults: a test names only what it is about. */
import type { Channel } from '../../ingest/record.ts';
import { maskOf } from '../../segments/bits.ts';
import { channelMask } from '../../segments/channels.ts';
import { VIAS } from '../../segments/index.ts';
import type { Published, Store } from '../../store/index.ts';
import { p, raw, sql } from '../../store/index.ts';

export type Row = Record<string, unknown>;

const RECORD: Row = { source: 'till', channel: 'pos', version: '1', deleted: 0, mapper_version: 1, item_id: '0' };

/** A paid line of goods: 100 yuan, one piece, no member. */
export function orderLine(of: Row & { order_no: string }): Row {
  return {
    ...RECORD,
    line_no: '1',
    account_ordinal: 0,
    platform_order_no: '',
    is_platform: 0,
    suspected_double: 0,
    state: 'finished',
    line_kind: 'goods',
    sold_by: 'S1',
    fulfilled_by: '',
    credited_store: '',
    credited_guide: '',
    scene: '',
    terminal: '',
    bill_no: '',
    created_at: '2026-03-01 04:00:00.000',
    paid_at: '2026-03-01 04:00:00.000',
    business_date: '2026-03-01',
    product_id: 'P1',
    sku_id: '',
    title: '',
    category: 'shoes',
    quantity: 1,
    ordered_fen: 10000,
    paid_fen: 10000,
    discount_fen: 0,
    freight_fen: 0,
    platform_subsidy_fen: 0,
    coupon_fen: 0,
    points_fen: 0,
    stored_value_fen: 0,
    deposit_fen: 0,
    delivery: '',
    custom: {},
    commit_seq: 1,
    ...of,
  };
}

/** A successful return of one piece for 100 yuan that names nothing. */
export function refund(of: Row & { refund_no: string }): Row {
  return {
    ...RECORD,
    account_ordinal: 0,
    order_no: '',
    line_no: '',
    store_code: 'S1',
    terminal: '',
    original_bill_no: '',
    original_date: '',
    product_id: '',
    quantity: 1,
    refunded_fen: 10000,
    status: 'success',
    refund_kind: 'return',
    created_at: '2026-03-10 04:00:00.000',
    refunded_at: '2026-03-10 04:00:00.000',
    business_date: '2026-03-10',
    delivery: '',
    commit_seq: 1,
    ...of,
  };
}

/** What a record says of an account; no identifiers and no traits unless given. */
export function accountRecord(of: Row & { account_ordinal: number; record_id: string }): Row {
  return {
    ...RECORD,
    kind: 'membership',
    seen_at: '2026-01-01 00:00:00.000',
    id_type: [],
    id_scope: [],
    id_token: [],
    id_strength: [],
    gender: '',
    birth_date: null,
    birth_precision: '',
    province: '',
    city: '',
    name_masked: '',
    phone_masked: '',
    email_masked: '',
    commit_seq: 1,
    ...of,
  };
}

export function membership(of: Row & { account_ordinal: number; record_id: string }): Row {
  return {
    ...RECORD,
    source: 'loyalty',
    channel: 'loyalty',
    status: 'active',
    level: '普通',
    points: 0,
    joined_at: '2025-01-01 00:00:00.000',
    store_code: '',
    guide: '',
    custom: {},
    ...of,
  };
}

export function consent(of: Row & { account_ordinal: number; record_id: string; granted: number }): Row {
  return {
    ...RECORD,
    source: 'loyalty',
    channel: 'loyalty',
    purpose: 'marketing',
    via: 'sms',
    happened_at: '2026-01-01 00:00:00.000',
    ...of,
  };
}

/** Accounts 1..n (account_id = 1000 + ordinal), each in the channel given. */
export async function insertAccounts(store: Store, channels: Readonly<Record<number, string>>): Promise<void> {
  await store.insert(
    'accounts',
    Object.entries(channels).map(([ordinal, channel]) => ({
      account_id: String(1000 + Number(ordinal)),
      account_ordinal: Number(ordinal),
      source: channel,
      channel,
      kind: 'user_id',
      given_at: '2026-01-01 00:00:00.000',
    })),
  );
}

/** Links of one identity version: account ordinal -> profile ordinal. */
export async function insertLinks(store: Store, version: number, links: Readonly<Record<number, number>>) {
  await store.insert(
    'identity_links',
    Object.entries(links).map(([account, profile]) => ({
      account_ordinal: Number(account),
      version,
      profile_ordinal: profile,
      component_ordinal: profile,
      rules_version: 1,
      linked_at: '2026-01-01 00:00:00.000',
    })),
  );
  // Tests write an account's link of one version twice, which no run does: the last one is to count at once.
  await store.run(raw('OPTIMIZE TABLE identity_links FINAL'));
}

/** Empties the tables a test wrote. */
export async function empty(store: Store, ...tables: string[]): Promise<void> {
  for (const table of tables) await store.run(sql`TRUNCATE TABLE ${raw(table)}`);
}

/** Column values of the given profiles, by profile ordinal. */
export async function profileRows(store: Store, version: number, columns: string): Promise<Map<number, Row>> {
  const rows = await store.rows<Row & { profile_ordinal: number }>(
    sql`SELECT profile_ordinal, ${raw(columns)} FROM profiles WHERE version = ${p('UInt32', version)} ORDER BY profile_ordinal`,
  );
  return new Map(rows.map(({ profile_ordinal, ...row }) => [profile_ordinal, row]));
}

/** A row of `profiles` at version 1, founded by account `profile_ordinal` (account_id = 1000 + ordinal); a member in stores. */
export function profileRow(of: Row & { profile_ordinal: number }): Row {
  const channels = (of.channels as Channel[] | undefined) ?? ['pos'];
  return {
    version: 1,
    profile_id: String(1000 + of.profile_ordinal),
    accounts: [of.profile_ordinal],
    member_status: 'active',
    is_member: true,
    level: '普通',
    lifecycle_stage: 'prospect',
    ...of,
    channels,
    channels_bits: channelMask(channels),
    reachable_bits: maskOf((of.reachable as string[] | undefined) ?? [], VIAS),
  };
}

/** What readPublished would give for these versions. */
export function published(of: Partial<Published> = {}): Published {
  return {
    version: 1,
    rules_version: 1,
    identity_version: 1,
    tags_version: 1,
    resolved_to: 1,
    data_up_to: '2026-06-29 15:00:00.000',
    published_at: '2026-06-29 16:00:00.000',
    ...of,
  };
}

/** The public id of the profile founded by account `ordinal`. */
export function idOf(ordinal: number): string {
  return `p_${(1000 + ordinal).toString(16).padStart(32, '0')}`;
}

/** The identifier columns of a record that gives one identifier. */
export const identifier = (type: string, token: string, strength = 'stated') => ({
  id_type: [type],
  id_scope: [''],
  id_token: [token],
  id_strength: [strength],
});

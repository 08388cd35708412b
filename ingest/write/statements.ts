/** The statements of a commit that work on staged rows inside ClickHouse: tokens, sealing, quarantine, tombstones. */

import { type Clock, clickhouseInstant } from '../../clock.ts';
import {
  accountToken,
  identifierToken,
  p,
  raw,
  recordToken,
  type SqlFragment,
  type Store,
  sql,
  type Vault,
} from '../../store/index.ts';
import type { Completeness } from '../record.ts';
import type { Group } from './group.ts';
import { digestOf, tombstoneVersion, versionOf } from './rows.ts';

export interface Context {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
}

/** The key with which one shop's 会员通 hashes phones; `scope` is the shop. */
export interface MixMobileKey {
  readonly scope: string;
  readonly key: string;
}

const itemId = (vault: Vault) =>
  recordToken(vault, { source: raw('source'), kind: raw('item_kind'), key: raw('item_key') });

/** The tokens of a staged record's identifiers. */
const idTokens = (vault: Vault) =>
  sql`arrayMap((type, scope, value) -> ${identifierToken(vault, { type: raw('type'), scope: raw('scope'), value: raw('value') })}, id_type, id_scope, id_value)`;

const except = (suppressed: ReadonlySet<number>, column: 'n' | 'item_n'): SqlFragment =>
  suppressed.size === 0
    ? raw('1')
    : sql`${raw(column)} NOT IN (SELECT arrayJoin(${p('Array(UInt32)', [...suppressed])}))`;

/**
 * Numbers of the staged items that give an identifier of somebody who asked to be forgotten, and of those `unmapped` ones
 * (nothing of them became a record) that went with somebody before.
 */
export async function suppressedItems({ store, vault }: Context, unmapped: readonly number[]): Promise<Set<number>> {
  const known =
    unmapped.length === 0
      ? raw('')
      : sql`UNION DISTINCT SELECT n FROM staged_items WHERE n IN (SELECT arrayJoin(${p('Array(UInt32)', unmapped)}))
              AND (source, item_kind, ${itemId(vault)}) IN (SELECT source, item_kind, item_id FROM item_tombstones)`;
  const rows = await store.rows<{ item_n: number }>(sql`
    SELECT DISTINCT item_n
    FROM (SELECT item_n, arrayJoin(${idTokens(vault)}) AS token FROM staged_records
          UNION ALL
          SELECT item_n, ${identifierToken(vault, { type: raw('kind'), scope: raw('scope'), value: raw('key') })} AS token
          FROM staged_keys WHERE what = 'account')
    WHERE token IN (SELECT token FROM suppressed) ${known}`);
  return new Set(rows.map((row) => row.item_n));
}

/**
 * Stages a first row for every new account (ordinal above `after`): its own key as an identifier, sealed too. It has no
 * time: which record of an account comes first depends on the order of arrival, and nothing that is derived may.
 */
export async function stageAccounts(
  { store, vault }: Context,
  of: { mapperVersion: number; after: number },
): Promise<void> {
  const id = accountToken(vault, { source: raw('source'), kind: raw('kind'), key: raw('key') });
  await store.run(sql`
    INSERT INTO staged_records
      (n, item_n, account_ordinal, source, channel, kind, record_key, id_type, id_scope, id_value, id_strength,
       personal, mapper_version, version)
    SELECT n, item_n, given.account_ordinal, source, given.channel, 'account', concat(kind, '\0', key),
           if(guest, [], [kind]), if(guest, [], [scope]), if(guest, [], [key]), if(guest, [], ['verified']),
           concat('{"account":', toJSONString(CAST((kind, scope, key), 'Tuple(kind String, scope String, key String)')),
                  ',"identifiers":', if(guest, '[]', toJSONString([[kind, scope, key]])), '}'),
           ${p('UInt16', of.mapperVersion)}, 1
    FROM (SELECT *, kind = 'guest' AS guest, ${id} AS account_id FROM staged_keys WHERE what = 'account') AS named
    ANY INNER JOIN (SELECT account_id, account_ordinal, channel FROM accounts
                    WHERE account_ordinal > ${p('UInt32', of.after)}) AS given USING account_id`);
}

/** Seals the staged items into the archive; items of suppressed people leave a tombstone only. */
export async function archiveItems({ store, vault }: Context, suppressed: ReadonlySet<number>): Promise<void> {
  await store.run(sql`
    INSERT INTO source_items
      (source, item_kind, item_id, item_hash, page_id, position, delivered_at, account_ordinals, key_id, iv, sealed)
    SELECT source, item_kind, ${itemId(vault)}, ${vault.token(raw('payload'))}, page_id, position, delivered_at,
           account_ordinals, ${p('UInt16', vault.currentKeyId)}, iv, ${vault.seal(raw("concat(item_key, '\\0', payload)"), raw('iv'))}
    FROM (SELECT *, randomFixedString(12) AS iv FROM staged_items WHERE ${except(suppressed, 'n')})`);
  if (suppressed.size === 0) return;
  await store.run(sql`
    INSERT INTO item_tombstones (source, item_kind, item_id, delivered_at)
    SELECT source, item_kind, ${itemId(vault)}, delivered_at
    FROM staged_items WHERE NOT (${except(suppressed, 'n')})`);
}

/** People of the staged records: traits and identifiers as tokens, the index by token, phone hashes, sealed values. */
export async function writePeople(
  context: Context & { readonly mixMobileKeys: readonly MixMobileKey[] },
  commit: { commitSeq: number; suppressed: ReadonlySet<number>; phones: boolean },
): Promise<void> {
  const { store, vault } = context;
  const kept = except(commit.suppressed, 'item_n');
  const recordId = recordToken(vault, { source: raw('source'), kind: raw('kind'), key: raw('record_key') });
  await Promise.all([
    store.run(sql`
      INSERT INTO account_records
        (account_ordinal, source, kind, record_id, channel, item_id, seen_at, id_type, id_scope, id_token, id_strength,
         gender, birth_date, birth_precision, province, city, name_masked, phone_masked, email_masked,
         mapper_version, commit_seq, version, deleted)
      SELECT account_ordinal, source, kind, ${recordId}, channel, items.item_id, seen_at,
             id_type, id_scope, ${idTokens(vault)}, id_strength,
             gender, birth_date, birth_precision, province, city, name_masked, phone_masked, email_masked,
             mapper_version, ${p('UInt64', commit.commitSeq)}, version, deleted
      FROM staged_records ANY LEFT JOIN (SELECT n AS item_n, ${itemId(vault)} AS item_id FROM staged_items) AS items USING item_n
      WHERE ${kept}`),
    store.run(sql`
      INSERT INTO identifier_index (token, account_ordinal)
      SELECT DISTINCT arrayJoin(${idTokens(vault)}), account_ordinal FROM staged_records WHERE ${kept}`),
    store.run(sql`
      INSERT INTO vault (account_ordinal, source, kind, record_id, key_id, iv, sealed, version, deleted)
      SELECT account_ordinal, source, kind, ${recordId}, if(deleted, 0, ${p('UInt16', vault.currentKeyId)}), iv,
             if(deleted, '', ${vault.seal(raw('personal'), raw('iv'))}), version, deleted
      FROM (SELECT *, randomFixedString(12) AS iv FROM staged_records WHERE ${kept})`),
    ...(commit.phones ? [store.run(phoneHashes(context, { ...commit, kept }))] : []),
  ]);
}

/** Every clear phone stands for its md5, its sha256 and its mix_mobile under each configured shop key. */
function phoneHashes(
  { vault, mixMobileKeys }: Context & { readonly mixMobileKeys: readonly MixMobileKey[] },
  commit: { commitSeq: number; kept: SqlFragment },
): SqlFragment {
  const hashed = (type: string, scope: SqlFragment, value: SqlFragment) =>
    identifierToken(vault, { type: sql`${p('String', type)}`, scope, value });
  const national = raw('national');
  const scopes = p(
    'Array(String)',
    mixMobileKeys.map((one) => one.scope),
  );
  const keys = p(
    'Array(String)',
    mixMobileKeys.map((one) => one.key),
  );
  const mixed = raw("lower(hex(MD5(lower(hex(MD5(concat('tmall', national, key)))))))");
  return sql`
    INSERT INTO phone_hashes (hash_token, phone_token, commit_seq)
    SELECT arrayJoin(arrayConcat(
             [${hashed('phone_md5', raw("''"), sql`lower(hex(MD5(${national})))`)},
              ${hashed('phone_sha256', raw("''"), sql`lower(hex(SHA256(${national})))`)}],
             arrayMap((scope, key) -> ${hashed('mix_mobile', raw('scope'), mixed)}, ${scopes}, ${keys}))),
           phone_token, ${p('UInt64', commit.commitSeq)}
    FROM (SELECT DISTINCT substring(phone, 4) AS national,
                 ${identifierToken(vault, { type: raw("'phone'"), scope: raw("''"), value: raw('phone') })} AS phone_token
          FROM (SELECT arrayJoin(arrayFilter((value, type) -> type = 'phone' AND startsWith(value, '+86'), id_value, id_type)) AS phone
                FROM staged_records WHERE ${commit.kept}))`;
}

/** Quarantine: what could not become a record. Older rejections of the same items that did not come up again are settled. */
export async function writeRejections(
  { store, vault, clock }: Context,
  of: { group: Group; itemIds: readonly string[]; suppressed: ReadonlySet<number>; settle: boolean },
): Promise<void> {
  const { group, itemIds } = of;
  const now = clickhouseInstant(clock.now());
  const rows = group.rejections
    .filter(({ itemN }) => !of.suppressed.has(itemN))
    .map(({ itemN, rejection }) => {
      const { item, pageId } = group.items[itemN]!;
      return {
        source: group.source.id,
        item_kind: item.kind,
        item_id: itemIds[itemN],
        path: rejection.path,
        code: rejection.code,
        given: rejection.given,
        expected: rejection.expected,
        whole_item: rejection.wholeItem ? 1 : 0,
        page_id: pageId,
        position: item.position,
        mapper_version: group.mapperVersion,
        happened_at: now,
        version: versionOf(null, { deliveredAt: item.deliveredAt, digest: digestOf(item) }),
        settled: 0,
      };
    });
  if (of.settle) await settleMended({ store, vault }, { group, rows });
  await store.insert('rejections', rows);
}

async function settleMended(
  { store, vault }: Pick<Context, 'store' | 'vault'>,
  of: { group: Group; rows: readonly { item_id: string | undefined; path: string; code: string }[] },
): Promise<void> {
  const again = of.rows.map((row) => `${row.item_id}|${row.path}|${row.code}`);
  await store.run(sql`
    INSERT INTO rejections
    SELECT * REPLACE (1 AS settled, toUInt128(version + 1) AS version) FROM
    (SELECT * FROM rejections FINAL WHERE source = ${p('String', of.group.source.id)} AND settled = 0
      AND item_id IN (SELECT ${itemId(vault)} FROM staged_items)
      AND concat(toString(item_id), '|', path, '|', code) NOT IN (SELECT arrayJoin(${p('Array(String)', again)})))`);
}

/** Tombstones for every page of the group that ends a whole delivery. */
export async function writeTombstones({ store }: Context, of: { group: Group; commitSeq: number }): Promise<void> {
  for (const { complete, deliveredAt } of of.group.pages) {
    if (complete === undefined) continue;
    await tombstoneDelivery(store, { source: of.group.source.id, complete, deliveredAt, commitSeq: of.commitSeq });
  }
}

/** A whole delivery: lines and returns of its stores and days that it no longer holds become tombstones. */
export async function tombstoneDelivery(
  store: Store,
  of: { source: string; complete: Completeness; deliveredAt: Date; commitSeq: number },
): Promise<void> {
  const { complete } = of;
  const version = p('UInt128', tombstoneVersion(of.deliveredAt));
  const stores = p(
    'Array(String)',
    complete.storeDays.map((one) => one.store),
  );
  const days = p(
    'Array(Date32)',
    complete.storeDays.map((one) => one.businessDate),
  );
  for (const [table, store_column] of [
    ['order_lines', 'sold_by'],
    ['refunds', 'store_code'],
  ] as const) {
    await store.run(sql`
      INSERT INTO ${raw(table)}
      SELECT * REPLACE (1 AS deleted, ${version} AS version, ${p('UInt64', of.commitSeq)} AS commit_seq)
      FROM (SELECT * FROM ${raw(table)} FINAL
      WHERE source = ${p('String', of.source)} AND version < ${version}
        AND delivery != ${p('String', complete.delivery)}
        AND (${raw(store_column)}, business_date) IN
            (SELECT arrayJoin(arrayZip(${stores}, ${days})) AS store_day))`);
  }
}

/** The statements that write a staged group to its tables: archive, people, facts. */
import { type Clock, clickhouseInstant } from '../../clock.ts';
import { identifierToken, p, raw, type SqlFragment, sql, type Vault } from '../../store/index.ts';
import type { RecordKind } from '../record.ts';
import { FACT_BY_KIND } from './facts.ts';
import { type Group, stagingOf } from './group.ts';
import { type Engine, except, itemIdOf } from './staging.ts';

/** The key with which one shop's 会员通 hashes phones; `scope` is the shop. */
export interface MixMobileKey {
  readonly scope: string;
  readonly key: string;
}

/** Double keys of one block are left to merges and to FINAL, as those of two blocks are: putting them together costs more than the insert. */
const AS_THEY_COME = raw('SETTINGS optimize_on_insert = 0');

/** A staged group, its number, and the numbers of the items that are left out. */
export interface Commit {
  readonly group: Group;
  readonly commitSeq: number;
  readonly hidden: ReadonlySet<number>;
}

/** Adds the new accounts with their ordinals. */
export async function writeAccounts({ store, clock }: Engine & { readonly clock: Clock }, commit: Commit) {
  const { source } = commit.group;
  const givenAt = p("DateTime64(3, 'UTC')", clickhouseInstant(clock.now()));
  await store.run(sql`
    INSERT INTO accounts (account_id, account_ordinal, source, channel, kind, given_at)
    ${AS_THEY_COME}
    SELECT account_id, account_ordinal, ${p('String', source.id)}, ${p('String', source.channel)}, kind, ${givenAt}
    FROM staged_accounts WHERE is_new AND ${except(commit.hidden, 'item_n')} ORDER BY n`);
}

/** Seals the staged items into the archive; items of suppressed people leave a tombstone only. */
export async function archiveItems({ store, vault }: Engine, { group, hidden }: Commit): Promise<void> {
  const source = p('String', group.source.id);
  const itemId = itemIdOf(vault, group);
  await store.run(sql`
    INSERT INTO source_items
      (source, item_kind, item_id, item_hash, page_id, position, delivered_at, account_ordinals, key_id, iv, sealed)
    ${AS_THEY_COME}
    SELECT ${source}, item_kind, ${itemId}, ${vault.token(raw('payload'))}, page_id, position, delivered_at,
           about.account_ordinals, ${p('UInt16', vault.currentKeyId)}, iv,
           ${vault.seal(raw("concat(item_key, '\\0', payload)"), raw('iv'))}
    FROM (SELECT *, randomFixedString(12) AS iv FROM staged_items WHERE ${except(hidden, 'n')}) AS items
    ANY LEFT JOIN (SELECT item_n AS n, groupUniqArray(account_ordinal) AS account_ordinals
                   FROM staged_ids WHERE account_ordinal > 0 GROUP BY item_n) AS about USING n`);
  if (hidden.size === 0) return;
  await store.run(sql`
    INSERT INTO item_tombstones (source, item_kind, item_id, delivered_at)
    SELECT ${source}, item_kind, ${itemId}, delivered_at FROM staged_items WHERE NOT (${except(hidden, 'n')})`);
}

/** What is said of the staged people: identifiers as tokens, and traits. Written behind what `besidePeople` says. */
export function peopleStatement({ group, commitSeq }: Commit): SqlFragment {
  return sql`
    INSERT INTO account_records
      (account_ordinal, source, kind, record_id, channel, item_id, seen_at, id_type, id_scope, id_token, id_strength,
       gender, birth_date, birth_precision, province, city, name_masked, phone_masked, email_masked,
       mapper_version, commit_seq, version, deleted)
    ${AS_THEY_COME}
    SELECT account_ordinal, ${p('String', group.source.id)}, kind, record_id, ${p('String', group.source.channel)},
           item_id, seen_at, id_type, id_scope, id_token, id_strength,
           gender, birth_date, birth_precision, province, city, name_masked, phone_masked, email_masked,
           ${p('UInt16', group.mapperVersion)}, ${p('UInt64', commitSeq)}, version, deleted
    FROM staged_people`;
}

/** The index by token, sealed values and phone hashes of the staged people. */
export function besidePeople(
  { vault, mixMobileKeys }: Engine & { readonly mixMobileKeys: readonly MixMobileKey[] },
  { group, commitSeq }: Commit,
): SqlFragment[] {
  const source = sql`${p('String', group.source.id)}`;
  const seq = p('UInt64', commitSeq);
  return [
    sql`INSERT INTO identifier_index (token, account_ordinal)
      ${AS_THEY_COME}
      SELECT DISTINCT arrayJoin(id_token), account_ordinal FROM staged_people`,
    sql`INSERT INTO vault (account_ordinal, source, kind, record_id, key_id, iv, sealed, version, deleted)
      ${AS_THEY_COME}
      SELECT account_ordinal, ${source}, kind, record_id, if(deleted, 0, ${p('UInt16', vault.currentKeyId)}), iv,
             if(deleted, '', ${vault.seal(raw('personal'), raw('iv'))}), version, deleted
      FROM (SELECT *, randomFixedString(12) AS iv FROM staged_people)`,
    ...(group.hasPhones ? [phoneHashes(vault, mixMobileKeys, seq)] : []),
  ];
}

/** Every clear phone stands for its md5, its sha256 and its mix_mobile under each configured shop key. */
function phoneHashes(vault: Vault, mixMobileKeys: readonly MixMobileKey[], seq: ReturnType<typeof p>): SqlFragment {
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
    ${AS_THEY_COME}
    SELECT arrayJoin(arrayConcat(
             [${hashed('phone_md5', raw("''"), sql`lower(hex(MD5(${national})))`)},
              ${hashed('phone_sha256', raw("''"), sql`lower(hex(SHA256(${national})))`)}],
             arrayMap((scope, key) -> ${hashed('mix_mobile', raw('scope'), mixed)}, ${scopes}, ${keys}))),
           phone_token, ${seq}
    FROM (SELECT DISTINCT substring(phone, 4) AS national, phone_token
          FROM (SELECT arrayJoin(arrayFilter(one -> one.1 = 'phone' AND startsWith(one.2, '+86'), arrayZip(id_type, id_value, id_token))) AS given,
                       given.2 AS phone, given.3 AS phone_token
                FROM staged_people))`;
}

/** The statements that write the staged facts. Of hidden items an order stays, as nobody's; all else is left out. */
export function factStatements({ group, commitSeq }: Commit): SqlFragment[] {
  return [...group.kinds].map((kind) => factStatement(kind, { group, commitSeq }));
}

function factStatement(kind: RecordKind, { group, commitSeq }: Pick<Commit, 'group' | 'commitSeq'>): SqlFragment {
  const { table, about, columns, hasCustom } = FACT_BY_KIND[kind];
  const own =
    about === 'account' ? ', account_ordinal, record_id' : about === 'order' ? ', account_ordinal, commit_seq' : '';
  const ids =
    about === 'account'
      ? raw(', ids.account_ordinal, ids.record_id')
      : about === 'order'
        ? sql`, ids.account_ordinal, ${p('UInt64', commitSeq)}`
        : raw('');
  const values = columns.map((column) =>
    column === 'custom' && hasCustom ? 'if(ids.hidden, CAST(map(), toTypeName(custom)), custom)' : column,
  );
  return sql`
    INSERT INTO ${raw(table)} (${raw(columns.join(', '))}, source, channel, item_id, mapper_version, version, deleted${raw(own)})
    ${AS_THEY_COME}
    SELECT ${raw(values.join(', '))}, ${p('String', group.source.id)}, ${p('String', group.source.channel)}, ids.item_id,
           ${p('UInt16', group.mapperVersion)}, ids.version, ids.deleted${ids}
    FROM ${raw(stagingOf(kind))} ANY INNER JOIN staged_ids AS ids USING n
    WHERE ${raw(about === 'account' ? 'NOT ids.hidden' : '1')}`;
}

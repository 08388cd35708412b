/**
 * The one writer. A commit takes some pages of one source, in this order: stage in memory, give ordinals, leave out the
 * suppressed, archive, people and facts, quarantine, then the commit's own row. Checkpoints follow (checkpoint.ts).
 * Every row is keyed by its own identity with a version from the data, so a commit that was cut off is simply made again.
 */
import { type Clock, clickhouseInstant } from '../../clock.ts';
import { accountToken, raw, recordToken, type Store, sql, type Vault } from '../../store/index.ts';
import { accountKey, type Group } from './group.ts';
import { leaveOut } from './leave-out.ts';
import { FACT_TABLES, factRow, needsAccount, type RowContext } from './rows.ts';
import { hasPhones, stagedItems, stagedKeys, stageRecords } from './staging.ts';
import {
  archiveItems,
  type MixMobileKey,
  stageAccounts,
  writePeople,
  writeRejections,
  writeTombstones,
} from './statements.ts';

export interface CommitCounts {
  readonly commitSeq: number;
  readonly items: number;
  readonly records: number;
  readonly rejections: number;
  readonly suppressed: number;
}

export interface Writer {
  commit(group: Group): Promise<CommitCounts>;
}

interface WriterOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  /** Keys with which every clear phone is hashed as the shops' 会员通 does it. */
  readonly mixMobileKeys: readonly MixMobileKey[];
}

interface AccountRow {
  readonly account_id: string;
  readonly account_ordinal: number;
  readonly source: string;
  readonly channel: string;
  readonly kind: string;
  readonly given_at: string;
}

interface Given {
  /** Ordinal by accountKey. */
  readonly ordinals: ReadonlyMap<string, number>;
  /** Account rows to insert, by accountKey. */
  readonly fresh: ReadonlyMap<string, AccountRow>;
  /** Accounts that asked to be forgotten, by accountKey. */
  readonly suppressed: ReadonlySet<string>;
  readonly ids: ReadonlyMap<string, string>;
}

/** Opens the writer: reads the last ordinal and commit number. There must be only one in an installation. */
export async function openWriter(options: WriterOptions): Promise<Writer> {
  const [last] = await options.store.rows<{ ordinal: number; seq: number }>(sql`
    SELECT greatest((SELECT max(account_ordinal) FROM accounts), (SELECT max(account_ordinal) FROM suppressed)) AS ordinal,
           greatest((SELECT max(commit_seq) FROM commits), (SELECT max(commit_seq) FROM account_records),
                    (SELECT max(commit_seq) FROM order_lines), (SELECT max(commit_seq) FROM refunds)) AS seq`);
  const quarantined = await options.store.rows<{ source: string }>(
    sql`SELECT DISTINCT source FROM rejections WHERE settled = 0`,
  );
  // A writer that was killed leaves what it had staged.
  await clearStaging(options.store);
  return new GroupWriter(options, {
    ordinal: last?.ordinal ?? 0,
    seq: last?.seq ?? 0,
    quarantined: new Set(quarantined.map((row) => row.source)),
  });
}

class GroupWriter implements Writer {
  readonly #options: WriterOptions;
  /** Sources with open rejections. */
  readonly #quarantined: Set<string>;
  #lastOrdinal: number;
  #lastSeq: number;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: WriterOptions, last: { ordinal: number; seq: number; quarantined: Set<string> }) {
    this.#options = options;
    this.#lastOrdinal = last.ordinal;
    this.#lastSeq = last.seq;
    this.#quarantined = last.quarantined;
  }

  /** One commit at a time, so that commit_seq grows in the order in which rows become visible. */
  commit(group: Group): Promise<CommitCounts> {
    const result = this.#turn.then(() => this.#write(group));
    // What a commit staged is gone before the next one begins, also when it failed.
    this.#turn = result.then(
      () => clearStaging(this.#options.store),
      () => clearStaging(this.#options.store).catch(() => undefined),
    );
    return result;
  }

  async #write(group: Group): Promise<CommitCounts> {
    const { store } = this.#options;
    const commitSeq = ++this.#lastSeq;
    await store.insert('staged_keys', stagedKeys(group));
    const lastOrdinal = this.#lastOrdinal;
    const given = await this.#giveOrdinals(group);
    const staged = stageRecords(group, given);
    await Promise.all([
      store.insert('staged_items', stagedItems(group, given)),
      store.insert('staged_records', staged),
    ]);
    const [hidden, tokens] = await Promise.all([leaveOut(this.#options, { group, given }), readTokens(this.#options)]);

    const accounts = [...given.fresh].filter(([key]) => !hidden.accounts.has(key)).map(([, row]) => row);
    await store.insert('accounts', accounts);
    if (accounts.length > 0)
      await stageAccounts(this.#options, { mapperVersion: group.mapperVersion, after: lastOrdinal });
    await archiveItems(this.#options, hidden.items);
    const facts = factRows({ group, given, tokens, suppressed: hidden.items, commitSeq });
    await Promise.all([
      ...(staged.length > 0 || accounts.length > 0
        ? [writePeople(this.#options, { commitSeq, suppressed: hidden.items, phones: hasPhones(staged, accounts) })]
        : []),
      ...[...facts].map(([table, rows]) => store.insert(table, rows)),
      this.#quarantine(group, { itemIds: tokens.items, suppressed: hidden.items }),
    ]);
    await writeTombstones(this.#options, { group, commitSeq });
    const counts: CommitCounts = {
      commitSeq,
      items: group.items.length,
      records: [...facts.values()].reduce((sum, rows) => sum + rows.length, 0),
      rejections: group.rejections.length,
      suppressed: hidden.items.size,
    };
    await store.insert('commits', [commitRow(group, counts, this.#options.clock)]);
    return counts;
  }

  /** Older rejections are looked for only at sources that have open ones. */
  async #quarantine(group: Group, of: { itemIds: readonly string[]; suppressed: ReadonlySet<number> }): Promise<void> {
    const source = group.source.id;
    await writeRejections(this.#options, { ...of, group, settle: this.#quarantined.has(source) });
    if (group.rejections.length > 0) this.#quarantined.add(source);
  }

  async #giveOrdinals(group: Group): Promise<Given> {
    const entries = [...group.accounts];
    const given = {
      ordinals: new Map<string, number>(),
      fresh: new Map<string, AccountRow>(),
      suppressed: new Set<string>(),
      ids: new Map<string, string>(),
    };
    if (entries.length === 0) return given;
    const given_at = clickhouseInstant(this.#options.clock.now());
    for (const row of await knownAccounts(this.#options)) {
      const [key, { account }] = entries[row.n]!;
      given.ids.set(key, row.account_id);
      if (row.suppressed === 1) given.suppressed.add(key);
      const account_ordinal = row.account_ordinal || ++this.#lastOrdinal;
      given.ordinals.set(key, account_ordinal);
      if (row.account_ordinal !== 0) continue;
      const { id: source, channel } = group.source;
      given.fresh.set(key, {
        account_id: row.account_id,
        account_ordinal,
        source,
        channel,
        kind: account.kind,
        given_at,
      });
    }
    return given;
  }
}

/** The staged accounts with their ids, their ordinals (0 = not seen before) and whether they asked to be forgotten. */
function knownAccounts({ store, vault }: WriterOptions) {
  const id = accountToken(vault, { source: raw('source'), kind: raw('kind'), key: raw('key') });
  return store.rows<{ n: number; account_id: string; account_ordinal: number; suppressed: number }>(sql`
    WITH named AS (SELECT n, ${id} AS account_id FROM staged_keys WHERE what = 'account')
    SELECT n, toString(named.account_id) AS account_id, known.account_ordinal AS account_ordinal,
           named.account_id IN (SELECT token FROM suppressed) AS suppressed
    FROM named LEFT ANY JOIN
      (SELECT account_id, account_ordinal FROM accounts WHERE account_id IN (SELECT account_id FROM named)) AS known
    ON named.account_id = known.account_id
    ORDER BY n`);
}

function commitRow(group: Group, counts: CommitCounts, clock: Clock): object {
  return {
    commit_seq: counts.commitSeq,
    source: group.source.id,
    items: counts.items,
    records: counts.records,
    rejections: counts.rejections,
    delivered_up_to: clickhouseInstant(group.deliveredUpTo),
    committed_at: clickhouseInstant(clock.now()),
  };
}

async function clearStaging(store: Store): Promise<void> {
  await Promise.all(
    ['staged_keys', 'staged_items', 'staged_records'].map((table) => store.run(raw(`TRUNCATE TABLE ${table}`))),
  );
}

interface Tokens {
  /** item_id by item number. */
  readonly items: readonly string[];
  /** record_id by record number, for records that hang on an account. */
  readonly records: ReadonlyMap<number, string>;
}

async function readTokens({ store, vault }: WriterOptions): Promise<Tokens> {
  const itemId = recordToken(vault, { source: raw('source'), kind: raw('item_kind'), key: raw('item_key') });
  const recordId = recordToken(vault, { source: raw('source'), kind: raw('kind'), key: raw('key') });
  const [items, records] = await Promise.all([
    store.rows<{ id: string }>(sql`SELECT toString(${itemId}) AS id FROM staged_items ORDER BY n`),
    store.rows<{ n: number; id: string }>(
      sql`SELECT n, toString(${recordId}) AS id FROM staged_keys WHERE what = 'record'`,
    ),
  ]);
  return { items: items.map((row) => row.id), records: new Map(records.map((row) => [row.n, row.id])) };
}

function factRows(of: {
  group: Group;
  given: Given;
  tokens: Tokens;
  suppressed: ReadonlySet<number>;
  commitSeq: number;
}): Map<string, object[]> {
  const tables = new Map<string, object[]>();
  of.group.records.forEach(({ itemN, record, version }, n) => {
    const hidden = of.suppressed.has(itemN);
    if (hidden && needsAccount(record.kind)) return;
    const ordinal = record.account === null || hidden ? 0 : (of.given.ordinals.get(accountKey(record.account)) ?? 0);
    const context: RowContext = {
      source: of.group.source.id,
      channel: of.group.source.channel,
      mapperVersion: of.group.mapperVersion,
      commitSeq: of.commitSeq,
      ordinal,
      itemId: of.tokens.items[itemN]!,
      recordId: of.tokens.records.get(n) ?? '0',
      version,
    };
    const table = FACT_TABLES[record.kind];
    const rows = tables.get(table) ?? [];
    rows.push(factRow(hidden ? { ...record, custom: {} } : record, context));
    tables.set(table, rows);
  });
  return tables;
}

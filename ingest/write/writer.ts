/**
 * The one writer. A commit takes some pages of one source, in this order: stage in memory, name accounts, leave out the
 * suppressed, accounts, archive, people and facts, quarantine, then the commit's own row. Checkpoints follow
 * (checkpoint.ts). Every row is keyed by its own identity with a version from the data, so a commit that was cut off is
 * simply made again.
 */
import { type Clock, clickhouseInstant } from '../../clock.ts';
import { join, p, raw, type Store, sql, type Vault } from '../../store/index.ts';
import { needsAccount } from './facts.ts';
import { type Group, stagingOf } from './group.ts';
import { leaveOut } from './leave-out.ts';
import { writeRejections } from './quarantine.ts';
import { clearStaging, nameAccounts, namePeople, nameRecords, openStaging, stageGroup } from './staging.ts';
import {
  archiveItems,
  besidePeople,
  type Commit,
  factStatements,
  type MixMobileKey,
  peopleStatement,
  writeAccounts,
} from './statements.ts';
import { tombstoneDelivery } from './tombstones.ts';

export interface CommitCounts {
  readonly commitSeq: number;
  readonly items: number;
  readonly records: number;
  readonly rejections: number;
  readonly suppressed: number;
}

export interface Writer {
  /** Writes a group. With `urgent` (somebody waits for an answer) it goes before those that wait already. */
  commit(group: Group, options?: { readonly urgent: boolean }): Promise<CommitCounts>;
}

interface Waiting {
  readonly group: Group;
  readonly urgent: boolean;
  readonly written: (counts: CommitCounts) => void;
  readonly failed: (thrown: unknown) => void;
}

interface WriterOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  /** Keys with which every clear phone is hashed as the shops' 会员通 does it. */
  readonly mixMobileKeys: readonly MixMobileKey[];
}

/** Opens the writer: reads the last ordinal and commit number. There must be only one in an installation. */
export async function openWriter(options: WriterOptions): Promise<Writer> {
  const { store } = options;
  const [last] = await store.rows<Last>(sql`
    SELECT greatest((SELECT max(account_ordinal) FROM accounts), (SELECT max(account_ordinal) FROM suppressed)) AS ordinal,
           greatest((SELECT max(commit_seq) FROM commits), (SELECT max(commit_seq) FROM account_records),
                    (SELECT max(commit_seq) FROM order_lines), (SELECT max(commit_seq) FROM refunds)) AS seq,
           (SELECT max(whole_to) FROM commits) AS wholeTo`);
  const quarantined = await store.rows<{ source: string }>(
    sql`SELECT DISTINCT source FROM rejections WHERE settled = 0`,
  );
  // A writer that was killed leaves what it had staged.
  await openStaging(store);
  return new GroupWriter(options, {
    last: last ?? { ordinal: 0, seq: 0, wholeTo: 0 },
    quarantined: new Set(quarantined.map((row) => row.source)),
  });
}

interface Last {
  readonly ordinal: number;
  readonly seq: number;
  /** Up to this ordinal every account has its first row among what is said of people. */
  readonly wholeTo: number;
}

class GroupWriter implements Writer {
  readonly #options: WriterOptions;
  /** Sources with open rejections. */
  readonly #quarantined: Set<string>;
  #lastOrdinal: number;
  #lastSeq: number;
  #wholeTo: number;
  /** Accounts of commits that were cut off before their first row was written; null = to be read. */
  #unfinished: ReadonlySet<number> | null = null;
  /** Something is staged that could not be taken away. */
  #isStaged = false;
  readonly #waiting: Waiting[] = [];
  #busy = false;

  constructor(options: WriterOptions, { last, quarantined }: { last: Last; quarantined: Set<string> }) {
    this.#options = options;
    this.#lastOrdinal = last.ordinal;
    this.#lastSeq = last.seq;
    this.#wholeTo = last.wholeTo;
    this.#quarantined = quarantined;
  }

  /** One commit at a time, so that commit_seq grows in the order in which rows become visible. */
  commit(group: Group, { urgent } = { urgent: false }): Promise<CommitCounts> {
    return new Promise((written, failed) => {
      this.#waiting.push({ group, urgent, written, failed });
      if (!this.#busy) void this.#writeWaiting();
    });
  }

  async #writeWaiting(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const urgent = this.#waiting.findIndex((one) => one.urgent);
      const [next] = this.#waiting.splice(Math.max(0, urgent), 1);
      await this.#writeOne(next!);
    }
    this.#busy = false;
  }

  /** What a commit staged is gone before the next one begins, also when it failed. */
  async #writeOne({ group, written, failed }: Waiting): Promise<void> {
    await this.#write(group).then(written, (thrown: unknown) => {
      this.#unfinished = null;
      failed(thrown);
    });
    await clearStaging(this.#options.store, group).catch(() => {
      this.#isStaged = true;
    });
  }

  async #write(group: Group): Promise<CommitCounts> {
    const { store } = this.#options;
    if (this.#isStaged) await openStaging(store);
    this.#isStaged = false;
    await stageGroup(store, group);
    await this.#nameAccounts(group);
    const hidden = await leaveOut(this.#options, group);
    const commit: Commit = { group, hidden, commitSeq: ++this.#lastSeq };
    await Promise.all([nameRecords(this.#options, commit), writeAccounts(this.#options, commit)]);
    await Promise.all([archiveItems(this.#options, commit), namePeople(this.#options, commit)]);
    const beside = besidePeople(this.#options, commit).map((statement) => store.run(statement));
    await Promise.all([
      // Behind all else that is said of people: an account without its first row here is one that was cut off.
      Promise.all(beside).then(() => store.run(peopleStatement(commit))),
      ...factStatements(commit).map((statement) => store.run(statement)),
      this.#quarantine(commit),
    ]);
    for (const { complete, deliveredAt } of group.pages) {
      if (complete === undefined) continue;
      await tombstoneDelivery(store, { source: group.source.id, complete, deliveredAt, commitSeq: commit.commitSeq });
    }
    const counts = await this.#counts(commit);
    await this.#finish(group, counts);
    return counts;
  }

  async #nameAccounts(group: Group): Promise<void> {
    const { store } = this.#options;
    this.#unfinished ??= await unfinishedAccounts(store, this.#wholeTo);
    await nameAccounts(this.#options, { group, lastOrdinal: this.#lastOrdinal, unfinished: this.#unfinished });
    const [last] = await store.rows<{ ordinal: number }>(
      sql`SELECT max(account_ordinal) AS ordinal FROM staged_accounts`,
    );
    this.#lastOrdinal = Math.max(this.#lastOrdinal, last?.ordinal ?? 0);
  }

  /** Older rejections are looked for only at sources that have open ones. */
  async #quarantine(commit: Commit): Promise<void> {
    const source = commit.group.source.id;
    await writeRejections(this.#options, { ...commit, settle: this.#quarantined.has(source) });
    if (commit.group.counts.rejections > 0) this.#quarantined.add(source);
  }

  async #counts({ group, hidden, commitSeq }: Commit): Promise<CommitCounts> {
    const { items, records, rejections } = group.counts;
    const counts = { commitSeq, items, rejections, suppressed: hidden.size };
    if (hidden.size === 0) return { ...counts, records };
    const kinds = [...group.kinds].filter(needsAccount).map(stagingOf);
    const hiddenRecords = kinds.map((table) => sql`SELECT n FROM ${raw(table)}`);
    const [hiddenOnes] = await this.#options.store.rows<{ left: number }>(sql`
      SELECT count() AS left FROM staged_ids WHERE hidden AND n IN (${join(hiddenRecords, ' UNION ALL ')})`);
    return { ...counts, records: records - (hiddenOnes?.left ?? 0) };
  }

  /** The commit's own row, behind all others. */
  async #finish(group: Group, counts: CommitCounts): Promise<void> {
    const { store, clock } = this.#options;
    if (this.#unfinished !== null && this.#unfinished.size > 0)
      this.#unfinished = await unfinishedAccounts(store, this.#wholeTo);
    const wholeTo = this.#unfinished?.size === 0 ? this.#lastOrdinal : this.#wholeTo;
    const row = {
      commit_seq: counts.commitSeq,
      source: group.source.id,
      items: counts.items,
      records: counts.records,
      rejections: counts.rejections,
      delivered_up_to: clickhouseInstant(group.deliveredUpTo),
      committed_at: clickhouseInstant(clock.now()),
      whole_to: wholeTo,
    };
    await store.insert('commits', [row]);
    this.#wholeTo = wholeTo;
  }
}

async function unfinishedAccounts(store: Store, wholeTo: number): Promise<Set<number>> {
  const after = p('UInt32', wholeTo);
  const rows = await store.rows<{ account_ordinal: number }>(sql`
    SELECT account_ordinal FROM accounts WHERE account_ordinal > ${after}
      AND account_ordinal NOT IN (SELECT account_ordinal FROM account_records WHERE kind = 'account' AND account_ordinal > ${after})`);
  return new Set(rows.map((row) => row.account_ordinal));
}

/** Facts about accounts, written as the writer writes them but by hand: any version, in any order, under any ordinal. */
import { clickhouseInstant } from '../../clock.ts';
import {
  DEFAULT_RULES,
  type IdentityRules,
  loadLinks,
  profileOf,
  type Resolved,
  resolve,
} from '../../identity/index.ts';
import { deriveFromPhone, type IdentifierType } from '../../ingest/identifiers/index.ts';
import type { Strength } from '../../ingest/record.ts';
import { accountToken, identifierToken, p, publish, raw, recordToken, type Store, sql } from '../../store/index.ts';
import type { TestStore } from '../helpers/store.ts';

export interface Given {
  readonly type: IdentifierType;
  readonly scope?: string;
  readonly value: string;
  /** @default 'verified' */
  readonly strength?: Strength;
}

/** One version of one record. `account` = `<kind> <scope> <key>`: an account's name. */
export interface Fact {
  readonly account: string;
  /** @default 'membership' */
  readonly record?: string;
  /** @default 1 */
  readonly version?: number;
  readonly deleted?: boolean;
  readonly gives: readonly Given[];
  /** Day of 2024 on which it was seen. @default 1 */
  readonly day?: number;
}

const TABLES = [
  ...['accounts', 'account_records', 'identifier_index', 'phone_hashes', 'commits', 'decisions', 'published'],
  ...['identity_links', 'held_links', 'identifier_status'],
];
export const NOW = new Date('2024-06-01T00:00:00Z');
const clock = { now: () => NOW };
const dayOf = (day: number) => clickhouseInstant(new Date(Date.UTC(2024, 0, day)));

export class Facts {
  readonly ordinals = new Map<string, number>();
  readonly #test: TestStore;
  readonly #tokens = new Map<string, string>();
  #commits = 0;
  #nextOrdinal = 1;

  constructor(test: TestStore) {
    this.#test = test;
  }

  get store(): Store {
    return this.#test.store;
  }

  /** Empties the tables for another story in the same database. */
  async clear(): Promise<void> {
    await Promise.all(TABLES.map((table) => this.store.run(raw(`TRUNCATE TABLE ${table}`))));
    this.ordinals.clear();
    this.#commits = 0;
    this.#nextOrdinal = 1;
  }

  /** Gives accounts their ordinals and first rows, writes the facts and ends the commit. */
  async commit(facts: readonly Fact[]): Promise<void> {
    const seq = ++this.#commits;
    await this.#learnTokens(facts);
    await this.#addAccounts([...new Set(facts.map((fact) => fact.account))], seq);
    const rows = facts.map((fact) => this.#row(fact, seq));
    await this.store.insert('account_records', rows);
    await this.store.insert('identifier_index', indexRows(rows));
    await this.store.insert('phone_hashes', this.#phoneHashes(facts, seq));
    await this.store.insert('commits', [{ commit_seq: seq }]);
  }

  /** Erases accounts as a privacy request does: their rows are deleted, nothing says so. */
  async forget(accounts: readonly string[]): Promise<void> {
    const ordinals = accounts.map((name) => this.ordinals.get(name)!);
    for (const table of ['accounts', 'account_records', 'identifier_index'])
      await this.store.run(
        sql`ALTER TABLE ${raw(table)} DELETE WHERE account_ordinal IN ${p('Array(UInt32)', ordinals)}`,
        {
          settings: { mutations_sync: '2' },
        },
      );
    for (const name of accounts) this.ordinals.delete(name);
  }

  async decide(
    id: string,
    of: { verdict: 'one' | 'not'; a: string; b: string; withdrawn?: boolean; revision?: number },
  ) {
    await this.store.insert('decisions', [
      {
        decision_id: id,
        revision: of.revision ?? 1,
        verdict: of.verdict,
        account_a: this.accountId(of.a),
        account_b: this.accountId(of.b),
        decided_at: clickhouseInstant(NOW),
        withdrawn: of.withdrawn ? 1 : 0,
      },
    ]);
  }

  accountId(account: string): string {
    return this.#tokens.get(`account ${account}`)!;
  }

  token(given: Given): string {
    return this.#tokens.get(idKey(given))!;
  }

  resolve(more: { rules?: IdentityRules; full?: boolean; store?: Store } = {}): Promise<Resolved> {
    const { vault, store } = this.#test;
    return resolve({ store, vault, clock, rules: DEFAULT_RULES, mixMobileKeys: [], ...more });
  }

  async resolveAndPublish(more: { rules?: IdentityRules; full?: boolean } = {}): Promise<Resolved> {
    const resolved = await this.resolve(more);
    const { identity_version, rules_version, resolved_to } = resolved;
    const data_up_to = clickhouseInstant(NOW);
    await publish(this.store, clock, { identity_version, rules_version, resolved_to, tags_version: 0, data_up_to });
    return resolved;
  }

  /** Accounts of each profile at a version, by name; accounts and profiles sorted. */
  async profiles(version: number): Promise<string[][]> {
    const links = await loadLinks(this.store, version);
    const found = new Map<number, string[]>();
    for (const [name, ordinal] of this.ordinals) {
      const profile = profileOf(links, ordinal);
      if (profile !== null) found.set(profile, [...(found.get(profile) ?? []), name]);
    }
    return [...found.values()].map((group) => group.sort()).sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
  }

  async #learnTokens(facts: readonly Fact[]): Promise<void> {
    const { vault } = this.#test;
    const columns = { source: raw('one.2'), kind: raw('one.3'), key: raw('one.4') };
    const asked = facts.flatMap((fact) => {
      const [kind, scope, key] = fact.account.split(' ') as [IdentifierType, string, string];
      const ids = [{ type: kind, scope, value: key }, ...fact.gives].flatMap((one) => [one, ...hashesOf(one)]);
      return [
        [`account ${fact.account}`, 'source', kind, `${scope} ${key}`, 'account'],
        [`record ${fact.account} account`, 'source', 'account', fact.account, 'record'],
        [`record ${recordKey(fact)}`, 'source', 'membership', recordKey(fact), 'record'],
        ...ids.map((one) => [idKey(one), one.type, one.scope ?? '', one.value, 'identifier']),
      ];
    });
    const rows = await this.store.rows<{ name: string; token: string }>(sql`
      SELECT one.1 AS name, toString(multiIf(
          one.5 = 'account', ${accountToken(vault, columns)}, one.5 = 'record', ${recordToken(vault, columns)},
          ${identifierToken(vault, { type: raw('one.2'), scope: raw('one.3'), value: raw('one.4') })})) AS token
      FROM (SELECT arrayJoin(arrayMap(row -> (row[1], row[2], row[3], row[4], row[5]), ${p('Array(Array(String))', asked)})) AS one)`);
    for (const row of rows) this.#tokens.set(row.name, row.token);
  }

  async #addAccounts(names: readonly string[], seq: number): Promise<void> {
    const fresh = names.filter((name) => !this.ordinals.has(name));
    for (const name of fresh) this.ordinals.set(name, this.#nextOrdinal++);
    await this.store.insert(
      'accounts',
      fresh.map((name) => {
        const [kind] = name.split(' ');
        return {
          account_id: this.accountId(name),
          account_ordinal: this.ordinals.get(name),
          source: 'source',
          channel: 'pos',
          kind,
          given_at: dayOf(1),
        };
      }),
    );
    const rows = fresh.map((name) => {
      const [type, scope, value] = name.split(' ') as [IdentifierType, string, string];
      const row = this.#row({ account: name, gives: [{ type, scope, value }], day: seq }, seq);
      return { ...row, kind: 'account', record_id: this.#tokens.get(`record ${name} account`) };
    });
    await this.store.insert('account_records', rows);
    await this.store.insert('identifier_index', indexRows(rows));
  }

  #row(fact: Fact, seq: number) {
    return {
      account_ordinal: this.ordinals.get(fact.account)!,
      source: 'source',
      kind: 'membership',
      record_id: this.#tokens.get(`record ${recordKey(fact)}`),
      channel: 'pos',
      seen_at: dayOf(fact.day ?? 1),
      id_type: fact.gives.map((one) => one.type),
      id_scope: fact.gives.map((one) => one.scope ?? ''),
      id_token: fact.gives.map((one) => this.token(one)),
      id_strength: fact.gives.map((one) => one.strength ?? 'verified'),
      phone_masked: fact.gives.some((one) => one.type === 'phone') ? '138****5678' : '',
      commit_seq: seq,
      version: fact.version ?? 1,
      deleted: fact.deleted ? 1 : 0,
    };
  }

  #phoneHashes(facts: readonly Fact[], commit_seq: number) {
    return facts
      .flatMap((fact) => fact.gives)
      .flatMap((one) =>
        hashesOf(one).map((hash) => ({ hash_token: this.token(hash), phone_token: this.token(one), commit_seq })),
      );
  }
}

const idKey = (given: Given) => `${given.type} ${given.scope ?? ''} ${given.value}`;
const recordKey = (fact: Fact) => `${fact.account} ${fact.record ?? 'membership'}`;
const hashesOf = (given: Given): Given[] => (given.type === 'phone' ? deriveFromPhone(given.value, []) : []);

function indexRows(rows: readonly { account_ordinal: number; id_token: readonly string[] }[]) {
  return rows.flatMap(({ account_ordinal, id_token }) => id_token.map((token) => ({ token, account_ordinal })));
}

/**
 * Erasure of a person, and the searcher that proves it. Each folder registers how its own tables forget (ForgetsPeople);
 * nothing here knows a table of theirs. Clear values are read from the vault into memory for the search and never kept.
 */
import { type Clock, clickhouseInstant } from '../clock.ts';
import { p, raw, type Store, sql, type Vault } from '../store/index.ts';
import { holdsAny } from './clear-text.ts';

export interface ForgetContext {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly dataDir: string;
}

/** The person to forget, as every table may know them. */
export interface Forgotten {
  readonly requestId: string;
  readonly accountOrdinals: readonly number[];
  /** Profiles whose accounts all go. */
  readonly profileOrdinals: readonly number[];
  readonly profileIds: readonly string[];
  /** UInt128 tokens, in decimal, of accounts and of identifiers that nobody else holds. */
  readonly accountTokens: readonly string[];
  readonly identifierTokens: readonly string[];
  /** Clear values that only this person has (phone, e-mail, ids): to look for, in memory only. */
  readonly values: readonly string[];
}

/** What a folder to the right registers: how its tables and files forget, and where it looks for what is left. */
export interface ForgetsPeople {
  readonly name: string;
  /** Rows, items or files erased, by table or place. */
  erase(context: ForgetContext, who: Forgotten): Promise<Record<string, number>>;
  /** What can only go once the new state is published (history that readers still stood on). */
  finish?(context: ForgetContext, who: Forgotten): Promise<void>;
  /** What still names the person, by table or place; all zero when nothing does. */
  search(context: ForgetContext, who: Forgotten): Promise<Record<string, number>>;
}

export interface ForgetReport {
  readonly accounts: number;
  readonly profiles: number;
  /** Identifiers that are kept out from now on; those that others hold too are not. */
  readonly suppressed_identifiers: number;
  readonly shared_identifiers: number;
  readonly erased: Readonly<Record<string, number>>;
  /** The searcher's word: where something was still found. Empty = the person is gone. */
  readonly left: Readonly<Record<string, number>>;
  readonly finished_at: string;
}

interface Identifiers {
  /** Tokens that nobody else holds, those of hashes of a phone among them. */
  readonly exclusive: readonly string[];
  readonly shared: number;
}

/** Reads who the accounts are: tokens, and the clear values that nobody else shares. */
export async function findPerson(
  context: ForgetContext,
  of: {
    requestId: string;
    accountOrdinals: readonly number[];
    profileOrdinals: readonly number[];
    profileIds: readonly string[];
  },
): Promise<{ who: Forgotten; sharedIdentifiers: number }> {
  const { store, vault } = context;
  const ordinals = p('Array(UInt32)', of.accountOrdinals);
  const accounts = await store.rows<{ id: string }>(
    sql`SELECT toString(account_id) AS id FROM accounts FINAL WHERE account_ordinal IN ${ordinals}`,
  );
  const identifiers = await identifiersOf(store, of.accountOrdinals);
  const text = vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
  const sealed = await store.rows<{ text: string }>(
    sql`SELECT ${text} AS text FROM vault FINAL WHERE account_ordinal IN ${ordinals}`,
  );
  const values = sealed.flatMap((row) => valuesOf(JSON.parse(row.text) as SealedPerson));
  return {
    who: {
      ...of,
      accountTokens: accounts.map((row) => row.id),
      identifierTokens: identifiers.exclusive,
      values: await valuesOfNobodyElse(context, of.accountOrdinals, [...new Set(values)]),
    },
    sharedIdentifiers: identifiers.shared,
  };
}

/**
 * Keeps the person out, erases them everywhere, lets `settle` publish what is left, and looks whether they are gone.
 * `participants` in the order of the data: what is derived goes first and what tells who they are last, so that a call
 * that was cut off is simply made again.
 */
export async function forgetPerson(
  context: ForgetContext,
  of: {
    who: Forgotten;
    sharedIdentifiers: number;
    participants: readonly ForgetsPeople[];
    settle: () => Promise<void>;
  },
): Promise<ForgetReport> {
  const { who } = of;
  await suppress(context, who);
  const erased: Record<string, number> = {};
  for (const one of [...of.participants].reverse()) add(erased, one.name, await one.erase(context, who));
  await of.settle();
  for (const one of of.participants) await one.finish?.(context, who);
  const left: Record<string, number> = {};
  for (const one of of.participants) add(left, one.name, await one.search(context, who), true);
  return {
    accounts: who.accountOrdinals.length,
    profiles: who.profileOrdinals.length,
    suppressed_identifiers: who.identifierTokens.length,
    shared_identifiers: of.sharedIdentifiers,
    erased,
    left,
    finished_at: clickhouseInstant(context.clock.now()),
  };
}

async function suppress({ store, clock }: ForgetContext, who: Forgotten): Promise<void> {
  const since = clickhouseInstant(clock.now());
  await store.run(sql`
    INSERT INTO suppressed (token, kind, request_id, since, account_ordinal)
    SELECT account_id, 'account', ${p('String', who.requestId)}, ${p("DateTime64(3, 'UTC')", since)}, account_ordinal
    FROM accounts WHERE account_ordinal IN (SELECT arrayJoin(${p('Array(UInt32)', who.accountOrdinals)}))`);
  await store.insert(
    'suppressed',
    who.identifierTokens.map((token) => ({ token, kind: 'identifier', request_id: who.requestId, since })),
  );
}

/** An identifier that an account outside the request holds too (a family phone) is not suppressed: that would blind the other. */
async function identifiersOf(store: Store, accountOrdinals: readonly number[]): Promise<Identifiers> {
  const ordinals = p('Array(UInt32)', accountOrdinals);
  const rows = await store.rows<{ token: string; others: number }>(sql`
    SELECT toString(token) AS token, countIf(account_ordinal NOT IN ${ordinals}) AS others
    FROM (SELECT account_ordinal, arrayJoin(id_token) AS token FROM account_records FINAL
          WHERE account_ordinal IN
            (SELECT account_ordinal FROM identifier_index WHERE token IN
              (SELECT arrayJoin(id_token) FROM account_records FINAL WHERE account_ordinal IN ${ordinals})))
    WHERE token IN (SELECT arrayJoin(id_token) FROM account_records FINAL WHERE account_ordinal IN ${ordinals})
    GROUP BY token`);
  const exclusive = rows.filter((row) => row.others === 0).map((row) => row.token);
  // A channel that gives only the hash of a forgotten phone must not bring the person back.
  const hashes = await store.rows<{ token: string }>(sql`
    SELECT DISTINCT toString(hash_token) AS token FROM phone_hashes
    WHERE phone_token IN (SELECT arrayJoin(${p('Array(UInt128)', exclusive)}))
      AND hash_token NOT IN (SELECT token FROM identifier_index WHERE account_ordinal NOT IN ${ordinals})`);
  return {
    exclusive: [...new Set([...exclusive, ...hashes.map((row) => row.token)])],
    shared: rows.length - exclusive.length,
  };
}

interface SealedPerson {
  phone?: string;
  email?: string;
  national_id?: string;
  account?: { key: string };
  identifiers?: [type: string, scope: string, value: string][];
}

/**
 * Values long enough to point at one person in any text; names are not (thousands share them), nor are short numbers
 * (they stand in other numbers).
 */
function valuesOf(person: SealedPerson): string[] {
  const all = [
    person.phone,
    person.email,
    person.national_id,
    person.account?.key,
    ...(person.identifiers ?? []).map(([, , value]) => value),
  ];
  return all
    .filter((value): value is string => value !== undefined && value.length >= (/^\d+$/.test(value) ? 9 : 6))
    .map((value) => (/^\+86\d{11}$/.test(value) ? value.slice(3) : value));
}

async function valuesOfNobodyElse(
  { store, vault }: ForgetContext,
  accountOrdinals: readonly number[],
  values: string[],
): Promise<string[]> {
  if (values.length === 0) return [];
  const text = vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
  const found = await store.rows<{ value: string }>(sql`
    SELECT DISTINCT arrayJoin(arrayFilter(value -> position(text, value) > 0, ${p('Array(String)', values)})) AS value
    FROM (SELECT ${text} AS text FROM vault FINAL WHERE account_ordinal NOT IN (SELECT arrayJoin(${p('Array(UInt32)', accountOrdinals)})))
    WHERE ${holdsAny(raw('text'), values)}`);
  const others = new Set(found.map((row) => row.value));
  return values.filter((value) => !others.has(value));
}

function add(into: Record<string, number>, name: string, counts: Record<string, number>, onlyFound = false): void {
  for (const [place, count] of Object.entries(counts)) if (!onlyFound || count > 0) into[`${name}.${place}`] = count;
}

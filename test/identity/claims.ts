/** Solves claims ("this account gives that identifier") through the whole pure core, by names instead of numbers. */
import { createHash } from 'node:crypto';
import { indexAccounts } from '../../identity/accounts.ts';
import { EdgeCollector } from '../../identity/edges/collect.ts';
import { slotsOf } from '../../identity/edges/slots.ts';
import { canonicalOrder } from '../../identity/graph/canonical-order.ts';
import { solve } from '../../identity/graph/solve.ts';
import { DEFAULT_RULES, type IdentityRules } from '../../identity/index.ts';
import type { IdentifierType } from '../../ingest/identifiers/index.ts';

export interface Claim {
  readonly account: string;
  readonly type: IdentifierType;
  readonly scope?: string;
  readonly value: string;
  /** @default 'verified' */
  readonly strength?: 'verified' | 'stated';
  /** Seconds. */
  readonly seen?: number;
  /** True: the account's own key. */
  readonly own?: true;
}

export interface Solved {
  /** Accounts of each profile, sorted; profiles sorted by their first account. */
  readonly profiles: string[][];
  /** The same of raw components. */
  readonly components: string[][];
  /** Profile id (its founding account) of each account. */
  readonly founder: ReadonlyMap<string, string>;
  readonly held: { account: string; other: string; value: string; reason: string; because: string }[];
  readonly dead: { value: string; status: string; accounts: number }[];
}

interface Options {
  /** Accounts in order of arrival: the first gets the smallest ordinal. Default: as they stand in the claims. */
  readonly arrival?: readonly string[];
  readonly rules?: IdentityRules;
  readonly together?: readonly (readonly [string, string])[];
  readonly apart?: readonly (readonly [string, string])[];
}

const words = (text: string, count: number) => {
  const digest = createHash('sha256').update(text).digest();
  return Array.from({ length: count }, (_, i) => digest.readUInt32LE(i * 4));
};

const keyOf = (claim: Claim) => `${claim.type} ${claim.scope ?? ''} ${claim.value}`;

export function solveClaims(claims: readonly Claim[], options: Options = {}): Solved {
  const rules = options.rules ?? DEFAULT_RULES;
  const names = [...new Set([...(options.arrival ?? []), ...claims.map((one) => one.account)])];
  const ordinalOf = new Map(names.map((name, i) => [name, i + 1]));
  const slotNames = [...new Set(claims.map((one) => `${one.type} ${one.scope ?? ''}`))].sort();
  const slots = slotsOf(
    slotNames.map((name) => ({ type: name.split(' ')[0]!, scope: name.split(' ')[1]!, hash: '0' })),
    rules,
  );
  const accounts = indexAccounts(Uint32Array.from(ordinalOf.values()));
  const rows = claims.map((claim) => [
    ...words(keyOf(claim), 4),
    ordinalOf.get(claim.account)!,
    claim.seen ?? 0,
    ...words(`${claim.account} ${claim.own ?? false}`, 1),
    slotNames.indexOf(`${claim.type} ${claim.scope ?? ''}`) +
      rules.strengths.indexOf(claim.strength ?? 'verified') * 2 ** 20 +
      (claim.own ? 0 : 1) * 2 ** 22,
  ]);
  rows.sort((a, b) => a[3]! - b[3]! || a[2]! - b[2]! || a[1]! - b[1]! || a[0]! - b[0]! || a[4]! - b[4]!);
  const collector = new EdgeCollector(slots, { indexOf: accounts.indexOf, accounts: names.length });
  collector.take(Uint32Array.from(rows.flat()), rows.length);
  const edges = collector.end();
  const pairs = (list: Options['together'] = []) =>
    list.map(([a, b]) => [ordinalOf.get(a)! - 1, ordinalOf.get(b)! - 1] as const);
  const solution = solve(
    {
      ...edges,
      accounts: names.length,
      order: canonicalOrder(edges.keys),
      together: pairs(options.together),
      apart: pairs(options.apart),
    },
    { limits: slots.limits, exclusive: slots.exclusive, maxAccounts: rules.max_accounts },
  );
  const nameOf = new Map(claims.map((claim) => [words(keyOf(claim), 4).join(' '), claim.value]));
  const tokenAt = (i: number) => Array.from(edges.tokens.subarray(i * 4, i * 4 + 4)).join(' ');
  return {
    profiles: groups(solution.profiles, names),
    components: groups(solution.components, names),
    founder: new Map(names.map((name, i) => [name, names[solution.profiles[i]!]!])),
    held: solution.held
      .map((one) => ({
        account: names[one.account]!,
        other: names[one.other]!,
        value: nameOf.get(tokenAt(one.identifier)) ?? '',
        reason: one.reason,
        because: slotNames[one.slot] ?? '',
      }))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    dead: edges.dead.map((one) => ({
      value: [...nameOf].find(([token]) => decimal(token) === one.token)![1],
      status: one.status,
      accounts: one.accounts,
    })),
  };
}

function decimal(token: string): string {
  return token
    .split(' ')
    .reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n)
    .toString();
}

function groups(of: Uint32Array, names: readonly string[]): string[][] {
  const found = new Map<number, string[]>();
  names.forEach((name, i) => {
    const group = found.get(of[i]!);
    if (group === undefined) found.set(of[i]!, [name]);
    else group.push(name);
  });
  return [...found.values()].map((group) => group.sort()).sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
}

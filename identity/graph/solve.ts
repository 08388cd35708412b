/**
 * The identity core: accounts and identifiers in, clusters out. Pure, no I/O.
 *
 * An edge says that an account gives an identifier. Identifiers are elements of the union-find like accounts, so that an
 * identifier that k accounts give costs k edges (a star), not k². Edges enter in canonical order: first accounts' own
 * keys, then exclusive identifiers, then stewards' "these are one", then by strength, evidence, first seen and token. The
 * first account whose edge is taken brings the identifier into its cluster; every later account joins that cluster or is
 * refused and held. A refusal changes nothing, so those after it are judged as if it had not been there.
 * Each step looks only at clusters of one raw component (what is connected when no constraint counts), hence a component
 * can be solved alone with the same outcome: the ground on which increments equal full runs.
 */
import { type ClusterMembers, type ClusterRules, Clusters, type Refusal } from './clusters.ts';
import { NONE } from './slot-counts.ts';
import { UnionFind } from './union-find.ts';

export interface Edges {
  readonly account: Uint32Array;
  readonly identifier: Uint32Array;
}

export interface Problem extends ClusterMembers {
  /** Own keys that several accounts have, ordered by token. */
  readonly ownEdges: Edges;
  readonly edges: Edges;
  /** `edges` in canonical order. */
  readonly order: Uint32Array;
  /** How many of them come before the decisions: exclusive identifiers. */
  readonly foremost: number;
  /** Pairs of accounts that a steward declared to be one, in canonical order. */
  readonly together: readonly (readonly [number, number])[];
}

/** A union that was refused: `account` could not join `other`, which holds the identifier (NONE for a decision). */
export interface Held {
  readonly account: number;
  readonly other: number;
  readonly identifier: number;
  readonly reason: Refusal;
  /** The slot whose limit would be broken, or NONE. */
  readonly slot: number;
}

export interface Solution {
  /** The founding (smallest) account of each account's cluster. */
  readonly profiles: Uint32Array;
  /** The smallest account of each account's raw component. */
  readonly components: Uint32Array;
  readonly held: readonly Held[];
}

export function solve(problem: Problem, rules: ClusterRules): Solution {
  const { accounts, ownEdges, edges, order, foremost } = problem;
  const clusters = new Clusters(problem, rules);
  const refused: Held[] = [];
  const take = ({ account, identifier }: Edges, edge: number): void => {
    const reason = clusters.union(account[edge]!, accounts + identifier[edge]!);
    if (reason === null) return;
    const slot = clusters.refusedSlot;
    refused.push({ account: account[edge]!, other: NONE, identifier: identifier[edge]!, reason, slot });
  };
  for (let i = 0; i < ownEdges.account.length; i++) take(ownEdges, i);
  for (let i = 0; i < foremost; i++) take(edges, order[i]!);
  for (const [account, other] of problem.together) {
    const reason = clusters.union(account, other, true);
    if (reason !== null) refused.push({ account, other, identifier: NONE, reason, slot: clusters.refusedSlot });
  }
  for (let i = foremost; i < order.length; i++) take(edges, order[i]!);

  const profiles = foundersOf(clusters, problem);
  const named = nameHolders(refused, clusters, problem);
  return {
    profiles,
    components: componentsOf(profiles, named),
    held: named.filter((one) => profiles[one.account] !== profiles[one.other]),
  };
}

function foundersOf(clusters: Clusters, { accounts, slots }: Problem): Uint32Array {
  const founder = new Uint32Array(accounts + slots.length).fill(NONE);
  const profiles = new Uint32Array(accounts);
  for (let account = 0; account < accounts; account++) {
    const root = clusters.find(account);
    if (founder[root] === NONE) founder[root] = account;
    profiles[account] = founder[root]!;
  }
  return profiles;
}

/**
 * Says of each refused edge whom the account could not join: the first, in canonical order, whose edge to the identifier
 * was taken; where none was, the first that was refused.
 */
function nameHolders(refused: readonly Held[], clusters: Clusters, problem: Problem): Held[] {
  if (refused.length === 0) return [];
  const { accounts, ownEdges, edges, order } = problem;
  const wanted = new Uint8Array(problem.slots.length);
  for (const { identifier } of refused) if (identifier !== NONE) wanted[identifier] = 1;
  const holder = new Map<number, number>();
  const look = ({ account, identifier }: Edges, edge: number): void => {
    const of = identifier[edge]!;
    if (wanted[of] === 0 || holder.has(of) || clusters.find(account[edge]!) !== clusters.find(accounts + of)) return;
    holder.set(of, account[edge]!);
  };
  for (let i = 0; i < ownEdges.account.length; i++) look(ownEdges, i);
  for (let i = 0; i < order.length; i++) look(edges, order[i]!);
  return refused.map((one) => {
    if (one.identifier === NONE) return one;
    if (!holder.has(one.identifier)) holder.set(one.identifier, one.account);
    return { ...one, other: holder.get(one.identifier)! };
  });
}

/** Clusters that refused edges connect are one raw component; all other edges lie within a cluster. */
function componentsOf(profiles: Uint32Array, refused: readonly Held[]): Uint32Array {
  if (refused.length === 0) return profiles;
  const sets = new UnionFind(profiles.length);
  for (const { account, other } of refused) sets.union(profiles[account]!, profiles[other]!);
  return profiles.map((founder) => sets.find(founder));
}

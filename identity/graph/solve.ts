/**
 * The identity core: accounts and identifiers in, clusters out. Pure, no I/O.
 *
 * An edge says that an account gives an identifier. Identifiers are elements of the union-find like accounts, so that an
 * identifier that k accounts give costs k edges (a star), not k². Edges enter in canonical order: first an account's own
 * key and exclusive identifiers, then stewards' "these are one", then by strength, evidence, first seen and token. The
 * first account whose edge is taken brings the identifier into its cluster; every later account joins that cluster or is
 * refused and held. A refusal changes nothing, so those after it are judged as if it had not been there.
 * Each step looks only at clusters of one raw component (what is connected when no constraint counts), hence a component
 * can be solved alone with the same outcome: the ground on which increments equal full runs.
 */
import { type ClusterRules, Clusters, type Refusal } from './clusters.ts';
import { NONE } from './slot-counts.ts';
import { UnionFind } from './union-find.ts';

export interface Problem {
  readonly accounts: number;
  /** Slot of each identifier. */
  readonly slots: Uint32Array;
  /** Account and identifier of each edge. */
  readonly edges: { readonly account: Uint32Array; readonly identifier: Uint32Array };
  /** The edges in canonical order. */
  readonly order: Uint32Array;
  /** How many edges of the order come before the decisions: own keys and exclusive identifiers. */
  readonly foremost: number;
  /** Stewards' words, in canonical order. */
  readonly together: readonly (readonly [number, number])[];
  readonly apart: readonly (readonly [number, number])[];
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
  const { accounts, edges, order } = problem;
  const clusters = new Clusters(problem, rules);
  const refused: Held[] = [];
  const holder = new Uint32Array(problem.slots.length).fill(NONE);

  const take = (edge: number): void => {
    const account = edges.account[edge]!;
    const identifier = edges.identifier[edge]!;
    const reason = clusters.union(account, accounts + identifier);
    if (reason !== null) refused.push({ account, other: NONE, identifier, reason, slot: clusters.refusedSlot });
    else if (holder[identifier] === NONE) holder[identifier] = account;
  };
  for (let i = 0; i < problem.foremost; i++) take(order[i]!);
  for (const [account, other] of problem.together) {
    const reason = clusters.union(account, other, true);
    if (reason !== null) refused.push({ account, other, identifier: NONE, reason, slot: clusters.refusedSlot });
  }
  for (let i = problem.foremost; i < order.length; i++) take(order[i]!);

  return {
    profiles: foundersOf(clusters, problem),
    components: componentsOf(problem),
    held: heldLinks(refused, holder, clusters),
  };
}

/** Names whom each refused account could not join; leaves out what joined by another way and what nobody else gives. */
function heldLinks(refused: readonly Held[], holder: Uint32Array, clusters: Clusters): Held[] {
  const held: Held[] = [];
  for (const one of refused) {
    if (one.identifier !== NONE && holder[one.identifier] === NONE) holder[one.identifier] = one.account;
    const other = one.identifier === NONE ? one.other : holder[one.identifier]!;
    if (clusters.find(one.account) !== clusters.find(other)) held.push({ ...one, other });
  }
  return held;
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

function componentsOf({ accounts, slots, edges, together }: Problem): Uint32Array {
  const sets = new UnionFind(accounts + slots.length);
  for (let i = 0; i < edges.account.length; i++) sets.union(edges.account[i]!, accounts + edges.identifier[i]!);
  for (const [a, b] of together) sets.union(a, b);
  const components = new Uint32Array(accounts);
  for (let account = 0; account < accounts; account++) components[account] = sets.find(account);
  return components;
}

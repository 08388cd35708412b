/**
 * Constrained union-find: clusters of accounts and identifiers that refuse a union which breaks a limit, an exclusive,
 * a steward's "these are not one" or the size cap. Union by size with path halving on typed arrays.
 */
import { NONE, SlotCounts, type SlotLimits } from './slot-counts.ts';

export type Refusal = 'limit' | 'exclusive' | 'decision' | 'size';

export interface ClusterRules extends SlotLimits {
  /** Accounts one cluster may hold. */
  readonly maxAccounts: number;
}

export interface ClusterMembers {
  /** Elements 0 … accounts − 1 are accounts; the identifiers follow. */
  readonly accounts: number;
  /** Slot of each identifier. */
  readonly slots: Uint32Array;
  /** Pairs of accounts that a steward declared not to be one. */
  readonly apart: readonly (readonly [number, number])[];
}

export class Clusters {
  /** The slot that the last refusal was about, or NONE. */
  refusedSlot = NONE;
  readonly #rules: ClusterRules;
  readonly #parent: Uint32Array;
  /** Accounts in the cluster, at its root. */
  readonly #size: Uint32Array;
  readonly #counts: SlotCounts;
  /** At a root: the accounts that must stay out of its cluster. Few clusters have any. */
  readonly #apart = new Map<number, number[]>();
  /** At a root: how often a steward declared persons in it to be one. */
  readonly #decided = new Map<number, number>();

  constructor(members: ClusterMembers, rules: ClusterRules) {
    const elements = members.accounts + members.slots.length;
    this.#rules = rules;
    this.#parent = new Uint32Array(elements);
    for (let i = 0; i < elements; i++) this.#parent[i] = i;
    this.#size = new Uint32Array(elements).fill(1, 0, members.accounts);
    this.#counts = new SlotCounts(members.accounts, members.slots, rules);
    for (const [a, b] of members.apart) {
      this.#apart.set(a, [...(this.#apart.get(a) ?? []), b]);
      this.#apart.set(b, [...(this.#apart.get(b) ?? []), a]);
    }
  }

  /** The root of the cluster that holds `element`. */
  find(element: number): number {
    const parent = this.#parent;
    let at = element;
    while (parent[at]! !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  }

  /** Makes the clusters of `a` and `b` one, or says why not. `decided`: a steward declared them to be one. */
  union(a: number, b: number, decided = false): Refusal | null {
    const [rootA, rootB] = [this.find(a), this.find(b)];
    if (rootA === rootB) return null;
    const refusal = this.#refusal(rootA, rootB, decided);
    if (refusal !== null) return refusal;
    const [into, from] = this.#size[rootA]! >= this.#size[rootB]! ? [rootA, rootB] : [rootB, rootA];
    this.#parent[from] = into;
    this.#size[into] = this.#size[into]! + this.#size[from]!;
    this.#counts.merge(into, from);
    if (this.#apart.size > 0) this.#mergeApart(into, from);
    if (decided || this.#decided.size > 0) this.#mergeDecided(into, from, decided);
    return null;
  }

  #refusal(a: number, b: number, decided: boolean): Refusal | null {
    this.refusedSlot = NONE;
    if (this.#apart.size > 0 && this.#mustStayApart(a, b)) return 'decision';
    const together = this.#size[a]! + this.#size[b]!;
    if (together > this.#rules.maxAccounts && this.#size[a] !== 0 && this.#size[b] !== 0) return 'size';
    const persons = 1 + (this.#decided.get(a) ?? 0) + (this.#decided.get(b) ?? 0) + (decided ? 1 : 0);
    const slot = this.#counts.excess(a, b, persons);
    if (slot === NONE) return null;
    this.refusedSlot = slot;
    return this.#rules.exclusive[slot] === 1 ? 'exclusive' : 'limit';
  }

  #mustStayApart(a: number, b: number): boolean {
    return this.#apart.get(a)?.some((account) => this.find(account) === b) ?? false;
  }

  #mergeApart(into: number, from: number): void {
    const more = this.#apart.get(from);
    if (more === undefined) return;
    this.#apart.set(into, [...(this.#apart.get(into) ?? []), ...more]);
    this.#apart.delete(from);
  }

  #mergeDecided(into: number, from: number, decided: boolean): void {
    const sum = (this.#decided.get(into) ?? 0) + (this.#decided.get(from) ?? 0) + (decided ? 1 : 0);
    this.#decided.delete(from);
    if (sum > 0) this.#decided.set(into, sum);
  }
}

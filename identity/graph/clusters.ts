/**
 * Constrained union-find: clusters of accounts and identifiers that refuse a union which breaks a limit, an exclusive,
 * a steward's "these are not one" or the size cap. Union by size with path halving on one typed array
 * (Tarjan and van Leeuwen, "Worst-case analysis of set union algorithms", JACM 31(2), 1984).
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
  /** Slot of the key that names each account and that no other account gives; NONE where others give it or it has none. */
  readonly ownSlots: Uint32Array;
  /** Slot of each identifier. */
  readonly slots: Uint32Array;
  /** Pairs of accounts that a steward declared not to be one. */
  readonly apart: readonly (readonly [number, number])[];
}

/** Four words an element, so that what is looked at together lies together. */
const PARENT = 0;
/** Accounts in the cluster, at its root. */
const SIZE = 1;
/** The cluster's list in SlotCounts, at its root. */
const LIST = 2;
const WORDS = 4;

export class Clusters {
  /** The slot that the last refusal was about, or NONE. */
  refusedSlot = NONE;
  readonly #rules: ClusterRules;
  /** Elements are found by the place of their first word: element * WORDS. */
  readonly #cells: Uint32Array;
  readonly #counts: SlotCounts;
  /** At a root: the accounts that must stay out of its cluster. Few clusters have any. */
  readonly #apart = new Map<number, number[]>();
  /** At a root: how often a steward declared persons in it to be one. */
  readonly #decided = new Map<number, number>();

  constructor({ accounts, ownSlots, slots, apart }: ClusterMembers, rules: ClusterRules) {
    this.#rules = rules;
    this.#counts = new SlotCounts(limited(ownSlots, rules) + limited(slots, rules), rules);
    const elements = accounts + slots.length;
    this.#cells = new Uint32Array(elements * WORDS);
    for (let element = 0, at = 0; element < elements; element++, at += WORDS) {
      const slot = element < accounts ? ownSlots[element]! : slots[element - accounts]!;
      this.#cells[at + PARENT] = at;
      this.#cells[at + SIZE] = element < accounts ? 1 : 0;
      this.#cells[at + LIST] = slot === NONE ? 0 : this.#counts.one(slot);
    }
    for (const [a, b] of apart) {
      this.#addApart(a * WORDS, [b]);
      this.#addApart(b * WORDS, [a]);
    }
  }

  /** The root of the cluster that holds `element`. */
  find(element: number): number {
    return this.#rootAt(element * WORDS) / WORDS;
  }

  /** Makes the clusters of `a` and `b` one, or says why not. `decided`: a steward declared them to be one. */
  union(a: number, b: number, decided = false): Refusal | null {
    const rootA = this.#rootAt(a * WORDS);
    const rootB = this.#rootAt(b * WORDS);
    if (rootA === rootB) return null;
    const refusal = this.#refusal(rootA, rootB, decided);
    if (refusal !== null) return refusal;
    const cells = this.#cells;
    const aFirst = cells[rootA + SIZE]! >= cells[rootB + SIZE]!;
    const into = aFirst ? rootA : rootB;
    const from = aFirst ? rootB : rootA;
    cells[from + PARENT] = into;
    cells[into + SIZE] = cells[into + SIZE]! + cells[from + SIZE]!;
    if (cells[from + LIST] !== 0) cells[into + LIST] = this.#counts.merged(cells[into + LIST]!, cells[from + LIST]!);
    if (this.#apart.size > 0) this.#mergeApart(into, from);
    if (decided || this.#decided.size > 0) this.#mergeDecided(into, from, decided);
    return null;
  }

  #rootAt(place: number): number {
    const cells = this.#cells;
    let at = place;
    let parent = cells[at]!;
    while (parent !== at) {
      const above = cells[parent]!;
      cells[at] = above;
      at = above;
      parent = cells[at]!;
    }
    return at;
  }

  #refusal(a: number, b: number, decided: boolean): Refusal | null {
    const cells = this.#cells;
    this.refusedSlot = NONE;
    if (this.#apart.size > 0 && this.#mustStayApart(a, b)) return 'decision';
    const sizeA = cells[a + SIZE]!;
    const sizeB = cells[b + SIZE]!;
    if (sizeA + sizeB > this.#rules.maxAccounts && sizeA !== 0 && sizeB !== 0) return 'size';
    const listA = cells[a + LIST]!;
    const listB = cells[b + LIST]!;
    if (listA === 0 || listB === 0) return null;
    const persons = 1 + (this.#decided.get(a) ?? 0) + (this.#decided.get(b) ?? 0) + (decided ? 1 : 0);
    const slot = this.#counts.excess(listA, listB, persons);
    if (slot === NONE) return null;
    this.refusedSlot = slot;
    return this.#rules.exclusive[slot] === 1 ? 'exclusive' : 'limit';
  }

  #addApart(root: number, accounts: readonly number[]): void {
    this.#apart.set(root, [...(this.#apart.get(root) ?? []), ...accounts]);
  }

  #mustStayApart(a: number, b: number): boolean {
    return this.#apart.get(a)?.some((account) => this.#rootAt(account * WORDS) === b) ?? false;
  }

  #mergeApart(into: number, from: number): void {
    const more = this.#apart.get(from);
    if (more === undefined) return;
    this.#addApart(into, more);
    this.#apart.delete(from);
  }

  #mergeDecided(into: number, from: number, decided: boolean): void {
    const sum = (this.#decided.get(into) ?? 0) + (this.#decided.get(from) ?? 0) + (decided ? 1 : 0);
    this.#decided.delete(from);
    if (sum > 0) this.#decided.set(into, sum);
  }
}

function limited(slots: Uint32Array, rules: SlotLimits): number {
  let count = 0;
  for (let i = 0; i < slots.length; i++) if (slots[i] !== NONE && rules.limits[slots[i]!] !== 0) count++;
  return count;
}

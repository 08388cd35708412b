/** Stands for "no element", "no slot", "no account" in typed arrays; as profile_ordinal: the account is gone. */
export const NONE = 0xffffffff;

/** What a slot (an identifier type within one scope) allows in one cluster. */
export interface SlotLimits {
  /** Different identifiers of the slot that one cluster may hold; 0 = any number. */
  readonly limits: Uint32Array;
  /** 1 = two different identifiers of the slot are never one person, whatever a steward decides. */
  readonly exclusive: Uint8Array;
}

/**
 * How many identifiers of each limited slot every cluster holds: one short linked list per cluster in typed arrays,
 * at the cluster's root. Each identifier belongs to one cluster only, so that counts simply add up.
 */
export class SlotCounts {
  readonly #rules: SlotLimits;
  readonly #head: Uint32Array;
  readonly #slot: Uint32Array;
  readonly #count: Uint32Array;
  readonly #next: Uint32Array;

  /** `slots[i]` is the slot of the identifier that is element `first + i`. */
  constructor(first: number, slots: Uint32Array, rules: SlotLimits) {
    this.#rules = rules;
    this.#head = new Uint32Array(first + slots.length);
    let limited = 0;
    for (let i = 0; i < slots.length; i++) if (rules.limits[slots[i]!] !== 0) limited++;
    this.#slot = new Uint32Array(limited + 1);
    this.#count = new Uint32Array(limited + 1);
    this.#next = new Uint32Array(limited + 1);
    let entry = 0;
    for (let i = 0; i < slots.length; i++) {
      if (rules.limits[slots[i]!] === 0) continue;
      this.#slot[++entry] = slots[i]!;
      this.#count[entry] = 1;
      this.#head[first + i] = entry;
    }
  }

  /**
   * The slot of which the clusters at roots `a` and `b` would hold too many together, or NONE.
   * `persons` multiplies the limits: a steward who declares two persons one lets the one have what both had.
   */
  excess(a: number, b: number, persons: number): number {
    for (let i = this.#head[a]!; i !== 0; i = this.#next[i]!) {
      const same = this.#entryOf(b, this.#slot[i]!);
      if (same === 0) continue;
      const slot = this.#slot[i]!;
      const limit = this.#rules.limits[slot]! * (this.#rules.exclusive[slot] === 1 ? 1 : persons);
      if (this.#count[i]! + this.#count[same]! > limit) return slot;
    }
    return NONE;
  }

  /** Adds the counts of root `from` to those of root `into`. */
  merge(into: number, from: number): void {
    let i = this.#head[from]!;
    while (i !== 0) {
      const next = this.#next[i]!;
      const same = this.#entryOf(into, this.#slot[i]!);
      if (same !== 0) this.#count[same] = this.#count[same]! + this.#count[i]!;
      else {
        this.#next[i] = this.#head[into]!;
        this.#head[into] = i;
      }
      i = next;
    }
    this.#head[from] = 0;
  }

  #entryOf(root: number, slot: number): number {
    for (let i = this.#head[root]!; i !== 0; i = this.#next[i]!) if (this.#slot[i] === slot) return i;
    return 0;
  }
}

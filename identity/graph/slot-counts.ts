/** Stands for "no element", "no slot", "no account" in typed arrays; as profile_ordinal: the account is gone. */
export const NONE = 0xffffffff;

/** What a slot (an identifier type within one scope) allows in one cluster. */
export interface SlotLimits {
  /** Different identifiers of the slot that one cluster may hold; 0 = any number. */
  readonly limits: Uint32Array;
  /** 1 = two different identifiers of the slot are never one person, whatever a steward decides. */
  readonly exclusive: Uint8Array;
}

/** An entry of a list: four words, so that what is looked at together lies together. */
const SLOT = 0;
const COUNT = 1;
const NEXT = 2;
const WORDS = 4;

/**
 * How many identifiers of each limited slot every cluster holds: one short linked list per cluster in typed arrays, which
 * the cluster's root points at by the place of its first entry (0 = none). Each identifier belongs to one cluster only,
 * so that counts simply add up.
 */
export class SlotCounts {
  readonly #rules: SlotLimits;
  /** Entry n stands at n * WORDS. */
  readonly #cells: Uint32Array;
  #entries = 0;

  /** `capacity`: as many identifiers as will be counted at most. */
  constructor(capacity: number, rules: SlotLimits) {
    this.#rules = rules;
    this.#cells = new Uint32Array((capacity + 1) * WORDS);
  }

  /** The list of a cluster that holds one identifier of `slot`; 0 where the slot has no limit. */
  one(slot: number): number {
    if (this.#rules.limits[slot] === 0) return 0;
    const entry = ++this.#entries * WORDS;
    this.#cells[entry + SLOT] = slot;
    this.#cells[entry + COUNT] = 1;
    return entry;
  }

  /**
   * The slot of which two clusters would hold too many together, or NONE.
   * `persons` multiplies the limits: a steward who declares two persons one lets the one have what both had.
   */
  excess(a: number, b: number, persons: number): number {
    const cells = this.#cells;
    for (let i = a; i !== 0; i = cells[i + NEXT]!) {
      const slot = cells[i + SLOT]!;
      const same = this.#entryOf(b, slot);
      if (same === 0) continue;
      const limit = this.#rules.limits[slot]! * (this.#rules.exclusive[slot] === 1 ? 1 : persons);
      if (cells[i + COUNT]! + cells[same + COUNT]! > limit) return slot;
    }
    return NONE;
  }

  /** The list of the cluster made of two. */
  merged(into: number, from: number): number {
    const cells = this.#cells;
    let first = into;
    for (let i = from; i !== 0; ) {
      const next = cells[i + NEXT]!;
      const same = this.#entryOf(into, cells[i + SLOT]!);
      if (same !== 0) cells[same + COUNT] = cells[same + COUNT]! + cells[i + COUNT]!;
      else {
        cells[i + NEXT] = first;
        first = i;
      }
      i = next;
    }
    return first;
  }

  #entryOf(list: number, slot: number): number {
    const cells = this.#cells;
    for (let i = list; i !== 0; i = cells[i + NEXT]!) if (cells[i + SLOT] === slot) return i;
    return 0;
  }
}

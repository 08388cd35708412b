/** Which rows of a file are exact repeats of earlier ones: a set of 64-bit hashes on typed arrays, some 16 bytes a row. */

const FIRST_SLOTS = 1 << 12;
/** 32 MB of hashes: past it repeats are no longer told apart. */
const MOST_SLOTS = 1 << 22;
const FILLED = 0.7;

export class Repeats {
  #high = new Uint32Array(FIRST_SLOTS);
  #low = new Uint32Array(FIRST_SLOTS);
  #size = 0;

  /** True when every row was remembered, so that the number of repeats is exact. */
  get exact(): boolean {
    return this.#size < MOST_SLOTS * FILLED;
  }

  /** True for a row that was seen before. */
  has(cells: readonly string[]): boolean {
    if (!this.exact) return false;
    const [high, low] = hash(cells);
    if (!this.#add(high, low)) return true;
    this.#size += 1;
    if (this.#size > this.#high.length * FILLED && this.#high.length < MOST_SLOTS) this.#grow();
    return false;
  }

  #add(high: number, low: number): boolean {
    const mask = this.#high.length - 1;
    let slot = low & mask;
    while (this.#high[slot] !== 0 || this.#low[slot] !== 0) {
      if (this.#high[slot] === high && this.#low[slot] === low) return false;
      slot = (slot + 1) & mask;
    }
    this.#high[slot] = high;
    this.#low[slot] = low;
    return true;
  }

  #grow(): void {
    const [high, low] = [this.#high, this.#low];
    this.#high = new Uint32Array(high.length * 2);
    this.#low = new Uint32Array(low.length * 2);
    for (let slot = 0; slot < high.length; slot += 1) {
      if (high[slot] !== 0 || low[slot] !== 0) this.#add(high[slot]!, low[slot]!);
    }
  }
}

/** Two FNV-1a hashes with different starts (Fowler, Noll, Vo), over the cells and the gaps between them. */
function hash(cells: readonly string[]): [number, number] {
  let high = 0x811c9dc5;
  let low = 0x9e3779b9;
  for (const cell of cells) {
    for (let n = 0; n < cell.length; n += 1) {
      const unit = cell.charCodeAt(n);
      high = Math.imul(high ^ unit, 0x01000193);
      low = Math.imul(low ^ unit, 0x85ebca6b);
    }
    high = Math.imul(high ^ 0xffff, 0x01000193);
    low = Math.imul((low ^ 0xffff) + (low >>> 15), 0x85ebca6b);
  }
  return [high >>> 0, low >>> 0];
}

/** Typed arrays that grow: millions of numbers without an object each. */
type Numbers = Uint16Array | Uint32Array;

export class Growing<A extends Numbers> {
  length = 0;
  readonly #make: (length: number) => A;
  #items: A;

  constructor(make: (length: number) => A) {
    this.#make = make;
    this.#items = make(1024);
  }

  push(value: number): void {
    if (this.length === this.#items.length) {
      const wider = this.#make(this.#items.length * 2);
      wider.set(this.#items);
      this.#items = wider;
    }
    this.#items[this.length++] = value;
  }

  /** The items so far; shares memory with this. */
  items(): A {
    return this.#items.subarray(0, this.length) as A;
  }
}

export const growing16 = () => new Growing((length) => new Uint16Array(length));
export const growing32 = () => new Growing((length) => new Uint32Array(length));

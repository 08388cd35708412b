/**
 * Disjoint sets over typed arrays: path halving, the smallest element is the root of its set
 * (Tarjan and van Leeuwen, "Worst-case analysis of set union algorithms", JACM 31(2), 1984).
 */
export class UnionFind {
  readonly #parent: Uint32Array;

  constructor(elements: number) {
    this.#parent = new Uint32Array(elements);
    for (let i = 0; i < elements; i++) this.#parent[i] = i;
  }

  /** The smallest element of the set that holds `element`. */
  find(element: number): number {
    const parent = this.#parent;
    let at = element;
    while (parent[at]! !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  }

  union(a: number, b: number): void {
    const [rootA, rootB] = [this.find(a), this.find(b)];
    if (rootA < rootB) this.#parent[rootB] = rootA;
    else this.#parent[rootA] = rootB;
  }
}

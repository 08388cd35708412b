/**
 * Sorts edges into the one order in which they enter the clusters. The order depends on content alone, never on arrival
 * or ordinals: it is a stable radix sort (LSD, 16 bits a pass) over edges that come ordered by (token, record key).
 */

/** The sort key of an edge: `high` = strength rank (8 bits) and missing evidence (8 bits), `low` = first seen, in seconds. */
export interface EdgeKeys {
  readonly high: Uint16Array;
  readonly low: Uint32Array;
}

/** Indices of the edges in canonical order; edges with equal keys keep the order in which they came. */
export function canonicalOrder(keys: EdgeKeys): Uint32Array {
  const count = keys.low.length;
  let order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let spare = new Uint32Array(count);
  const digits: ((edge: number) => number)[] = [
    (edge) => keys.low[edge]! & 0xffff,
    (edge) => keys.low[edge]! >>> 16,
    (edge) => keys.high[edge]!,
  ];
  for (const digit of digits) {
    const starts = new Uint32Array(0x10000);
    for (let i = 0; i < count; i++) starts[digit(i)]!++;
    let sum = 0;
    for (let d = 0; d < starts.length; d++) {
      const here = starts[d]!;
      starts[d] = sum;
      sum += here;
    }
    for (let i = 0; i < count; i++) {
      const edge = order[i]!;
      const d = digit(edge);
      spare[starts[d]!++] = edge;
    }
    [order, spare] = [spare, order];
  }
  return order;
}

/**
 * Sorts edges into the one order in which they enter the clusters. The order depends on content alone, never on arrival
 * or ordinals: it is a stable radix sort (LSD) over edges that come ordered by (token, record key).
 */

/** The sort key of an edge: `high` = strength rank (8 bits) and missing evidence (8 bits), `low` = first seen, in seconds. */
export interface EdgeKeys {
  readonly high: Uint16Array;
  readonly low: Uint32Array;
}

/** Few enough buckets that the place each is written at stays in the processor's cache. */
const LOW_DIGITS = [
  { shift: 0, mask: 0x7ff },
  { shift: 11, mask: 0x7ff },
  { shift: 22, mask: 0x3ff },
];

/** Indices of the edges in canonical order; edges with equal keys keep the order in which they came. */
export function canonicalOrder({ high, low }: EdgeKeys): Uint32Array {
  let order = new Uint32Array(low.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  let spare = new Uint32Array(low.length);
  for (const digit of LOW_DIGITS) {
    pass({ keys: low, ...digit }, order, spare);
    [order, spare] = [spare, order];
  }
  pass({ keys: high, shift: 0, mask: 0xffff }, order, spare);
  return spare;
}

/** One stable counting sort of `from` into `to` by one digit of the keys. */
function pass(
  digit: { keys: Uint16Array | Uint32Array; shift: number; mask: number },
  from: Uint32Array,
  to: Uint32Array,
) {
  const { keys, shift, mask } = digit;
  const places = new Uint32Array(mask + 1);
  for (let i = 0; i < keys.length; i++) places[(keys[i]! >>> shift) & mask]!++;
  let sum = 0;
  for (let d = 0; d <= mask; d++) {
    const count = places[d]!;
    places[d] = sum;
    sum += count;
  }
  for (let i = 0; i < from.length; i++) {
    const edge = from[i]!;
    to[places[(keys[edge]! >>> shift) & mask]!++] = edge;
  }
}

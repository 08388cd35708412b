/**
 * Lists of few known values, kept as a bit each beside the list: conditions over bits cost a fraction of those over
 * arrays. The bit of a value is its place among the known values, so those may only ever be added to at the end.
 */
import { p, type SqlFragment, sql } from '../store/index.ts';

/** The bits of `values`. */
export function maskOf(values: readonly string[], known: readonly string[]): number {
  return values.reduce((mask, value) => mask | (1 << known.indexOf(value)), 0);
}

/** The bits of a String expression: `mask` gives those of each known value. */
export function bitsOf(expression: SqlFragment, masks: Readonly<Record<string, number>>): SqlFragment {
  const values = p('Array(String)', Object.keys(masks));
  return sql`transform(toString(${expression}), ${values}, ${p('Array(UInt8)', Object.values(masks))}, toUInt8(0))`;
}

/** The values of an expression of bits, as Array(String). */
export function listOf(bits: SqlFragment, known: readonly string[]): SqlFragment {
  const masks = known.map((_, place) => 1 << place);
  return sql`arrayFilter((value, mask) -> bitAnd(${bits}, mask) != 0, ${p('Array(String)', known)}, ${p('Array(UInt8)', masks)})`;
}

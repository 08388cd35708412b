/** Looks for a person's clear values in any text, as platforms and people write them. */
import { join, p, raw, type SqlFragment, sql } from '../store/index.ts';

/** The most needles that multiSearchAny takes at once. */
const NEEDLES = 250;
const WIDE = '０１２３４５６７８９－　＋＠．';
const NARROW = '0123456789- +@.';

/** True where a String expression holds one of the values, whatever its case, spaces, hyphens, escapes and full-width signs. */
export function holdsAny(text: SqlFragment, values: readonly string[]): SqlFragment {
  const needles = [...new Set(values.map(plain))];
  if (needles.length === 0) return raw('0');
  const haystack = sql`replaceRegexpAll(lower(translateUTF8(${text}, '${raw(WIDE)}', '${raw(NARROW)}')), '[-\\\\s\\\\\\\\]', '')`;
  const parts = Array.from({ length: Math.ceil(needles.length / NEEDLES) }, (_, n) => {
    const some = needles.slice(n * NEEDLES, (n + 1) * NEEDLES);
    return sql`multiSearchAny(${haystack}, ${p('Array(String)', some)})`;
  });
  return sql`(${join(parts, ' OR ')})`;
}

function plain(value: string): string {
  return value.toLowerCase().replace(/[-\s\\]/g, '');
}

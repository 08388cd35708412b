/** Counts what training needs in the engine, and trains. */
import { raw, type Store } from '../../store/index.ts';
import { type BlockingRule, MOST_WHOLE } from './blocking.ts';
import type { Comparison } from './comparison.ts';
import { comparedSql } from './pairs.ts';
import { type Model, type PatternCount, train } from './training.ts';

/** Pairs that patterns are counted on; of more, a part chosen by hash. */
const COUNTED_PAIRS = 4_000_000;

export interface Learning {
  readonly comparisons: readonly Comparison[];
  readonly rules: readonly BlockingRule[];
  readonly records: number;
  /** Rows of `compared`. */
  readonly pairs: number;
  /** All pairs are compared. */
  readonly whole: boolean;
}

/** Level numbers of a pattern as it stands in the engine. */
export function levelsOf(pattern: string): number[] {
  return Array.from(pattern, (letter) => letter.charCodeAt(0) - 97);
}

export async function learn(store: Store, learning: Learning): Promise<Model> {
  const { comparisons, rules, records, whole } = learning;
  const random = await randomPatterns(store, learning);
  return train({
    sizes: comparisons.map(({ levels }) => levels.length),
    patterns: await patternsOf(store, learning),
    random: levelCounts(comparisons, random),
    unmet: random
      .filter(({ met }) => met === 0)
      .map(({ pattern, bits, n }) => ({ levels: levelsOf(pattern), tf: bits, pairs: n })),
    covered: comparisons.map(({ id, levels }) =>
      levels.map(({ key }) => whole || (key !== undefined && isAlone(rules, `${id}.${key}`))),
    ),
    allPairs: (records * (records - 1)) / 2,
    records,
  });
}

function isAlone(rules: readonly BlockingRule[], key: string): boolean {
  return rules.some(({ keys }) => keys.length === 1 && keys[0]!.name === key);
}

async function patternsOf(store: Store, { comparisons, rules, pairs, whole }: Learning): Promise<PatternCount[]> {
  const step = Math.max(1, Math.ceil(pairs / COUNTED_PAIRS));
  const rows = await store.rows<{ pattern: string; bits: number; met: string; n: number }>(
    raw(`SELECT pattern, toInt16(round(tf)) AS bits, toString(rules) AS met, count() AS n FROM compared
      WHERE cityHash64(l, r) % ${step} = 0 GROUP BY pattern, bits, met ORDER BY pattern, bits, met`),
  );
  const usable = new Map<string, boolean[]>();
  for (const { met } of rows) {
    if (usable.has(met)) continue;
    const mask = BigInt(met);
    const by = rules.filter((_, n) => (mask >> BigInt(n)) & 1n);
    usable.set(
      met,
      comparisons.map(({ id }) => whole || by.some(({ keys }) => keys.every(({ comparison }) => comparison !== id))),
    );
  }
  return rows.map(({ pattern, bits, met, n }) => ({
    levels: levelsOf(pattern),
    tf: bits,
    pairs: n * step,
    usable: usable.get(met)!,
  }));
}

interface RandomPattern {
  readonly pattern: string;
  readonly bits: number;
  readonly met: number;
  readonly n: number;
}

/** How random pairs agree. The choice of pairs depends on the ids alone. Where all pairs are compared, they are taken. */
async function randomPatterns(store: Store, { comparisons, records, whole }: Learning): Promise<RandomPattern[]> {
  if (whole) return store.rows(raw('SELECT pattern, 0 AS bits, 1 AS met, count() AS n FROM compared GROUP BY pattern'));
  const from = `SELECT least(a, b) AS l, greatest(a, b) AS r FROM (
      SELECT toUInt32(cityHash64(number, 1) % ${records}) AS a, toUInt32(cityHash64(number, 2) % ${records}) AS b
      FROM numbers(${MOST_WHOLE})) WHERE a != b`;
  const met = `(SELECT l, r FROM compared WHERE (l, r) IN (${from}))`;
  return store.rows(
    raw(`SELECT pattern, toInt16(round(tf)) AS bits, (l, r) IN ${met} AS met, count() AS n
      FROM (${comparedSql(comparisons, { from, kept: ['l', 'r'] })}) GROUP BY pattern, bits, met ORDER BY pattern, bits, met`),
  );
}

/** For each comparison, how many pairs at each level. */
function levelCounts(comparisons: readonly Comparison[], rows: readonly RandomPattern[]): number[][] {
  const counts = comparisons.map(({ levels }) => new Array<number>(levels.length + 1).fill(0));
  for (const { pattern, n } of rows) for (const [k, level] of levelsOf(pattern).entries()) counts[k]![level]! += n;
  return counts;
}

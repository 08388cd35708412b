/**
 * Which pairs are compared: those that share a key. Keys are chosen from the data: a single one where its blocks are few
 * enough, else together with a second or a third. No block is over MOST_IN_BLOCK records; blank keys make none.
 */
import { raw, type Store } from '../../store/index.ts';
import { bound, type Comparison } from './comparison.ts';

/** Records of one block; larger blocks of a key are left to its combinations. */
export const MOST_IN_BLOCK = 300;
/** Files up to this many pairs are compared whole. */
export const MOST_WHOLE = 1_000_000;
/** Pairs a record may cost: in one rule, and in all. */
const RULE_PAIRS = 8;
const ALL_PAIRS = 40;
const SAMPLE = 100_000;

export interface BlockKey {
  /** `comparison.key` */
  readonly name: string;
  readonly comparison: string;
  /** SQL over one record. */
  readonly sql: string;
}

export interface BlockingRule {
  readonly keys: readonly BlockKey[];
  /** Pairs it is expected to give. */
  readonly pairs: number;
  /** True when no block had to be left out: its pairs are all there are. */
  readonly whole: boolean;
}

export function keysOf(comparisons: readonly Comparison[]): BlockKey[] {
  return comparisons.flatMap((comparison) =>
    comparison.keys.map(({ name, sql }) => ({
      name: `${comparison.id}.${name}`,
      comparison: comparison.id,
      sql: `toString(${bound(comparison, sql)})`,
    })),
  );
}

/** SQL of the hash by which records meet under a rule; records with a blank key are left out by `presentSql`. */
export function meetSql({ keys }: Pick<BlockingRule, 'keys'>): string {
  return `cityHash64(${keys.map(({ sql }) => sql).join(', ')})`;
}

export function presentSql({ keys }: Pick<BlockingRule, 'keys'>): string {
  return keys.map(({ sql }) => `${sql} != ''`).join(' AND ');
}

/** Chooses the rules for the table `records`. */
export async function chooseBlocking(
  store: Store,
  { comparisons, records }: { comparisons: readonly Comparison[]; records: number },
): Promise<BlockingRule[]> {
  const chosen: BlockingRule[] = [];
  let budget = records * ALL_PAIRS;
  let open = keysOf(comparisons).map((key) => [key]);
  for (const size of [1, 2, 3]) {
    const measured = await measure(store, { candidates: open, records });
    const fitting = measured
      .filter(({ pairs }) => pairs > 0 && pairs <= records * RULE_PAIRS)
      .sort((a, b) => a.pairs - b.pairs || compare(nameOf(a), nameOf(b)));
    for (const rule of fitting) {
      if (rule.pairs > budget || chosen.some((other) => covers(other, rule))) continue;
      chosen.push(rule);
      budget -= rule.pairs;
    }
    if (size === 3) break;
    const tooLarge = measured.filter((rule) => rule.pairs > records * RULE_PAIRS || (rule.pairs > 0 && !rule.whole));
    open = extended(tooLarge, chosen);
  }
  return chosen;
}

const nameOf = ({ keys }: Pick<BlockingRule, 'keys'>) => keys.map(({ name }) => name).join('+');
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** True when every pair of `rule` is one of `other` already. */
function covers(other: BlockingRule, rule: Pick<BlockingRule, 'keys'>): boolean {
  return other.whole && other.keys.every(({ name }) => rule.keys.some((key) => key.name === name));
}

/** Combinations of what was too large alone, of different comparisons, each once. */
function extended(rules: readonly BlockingRule[], chosen: readonly BlockingRule[]): BlockKey[][] {
  const singles = [...new Map(rules.flatMap(({ keys }) => keys).map((key) => [key.name, key])).values()];
  const found = new Map<string, BlockKey[]>();
  for (const { keys } of rules) {
    for (const key of singles) {
      if (keys.some(({ comparison }) => comparison === key.comparison)) continue;
      const more = [...keys, key].sort((a, b) => compare(a.name, b.name));
      if (!chosen.some((other) => covers(other, { keys: more }))) found.set(nameOf({ keys: more }), more);
    }
  }
  return [...found.values()];
}

/** Counts what each combination would cost, on a sample of the records where there are many. */
async function measure(
  store: Store,
  { candidates, records }: { candidates: readonly (readonly BlockKey[])[]; records: number },
): Promise<BlockingRule[]> {
  const step = Math.max(1, Math.floor(records / SAMPLE));
  const cap = Math.max(2, MOST_IN_BLOCK / step);
  const measured: BlockingRule[] = [];
  for (const keys of candidates) {
    const [row] = await store.rows<{ pairs: number; left: number }>(
      raw(`SELECT sumIf(n * (n - 1) / 2, n <= ${cap}) AS pairs, countIf(n > ${cap}) AS left FROM (
        SELECT count() AS n FROM records WHERE cityHash64(rid) % ${step} = 0 AND ${presentSql({ keys })}
        GROUP BY ${meetSql({ keys })})`),
    );
    measured.push({ keys, pairs: Math.round(row!.pairs * step * step), whole: row!.left === 0 });
  }
  return measured;
}

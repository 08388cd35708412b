/** Pairs and how they agree: tables `pairs` (l, r, rules) and `compared` (l, r, rules, pattern, tf). */
import { raw, type Store } from '../../store/index.ts';
import { type BlockingRule, MOST_IN_BLOCK, MOST_WHOLE, meetSql, presentSql } from './blocking.ts';
import { bound, type Comparison } from './comparison.ts';

/** Level of a comparison within a pattern: 'a' = nothing known, 'b' = its first level, … */
export const UNKNOWN = 'a';

/** A query stays under this; what does not fit goes to the disk. */
const SPILL = { max_bytes_before_external_group_by: '600000000', max_bytes_before_external_sort: '600000000' };
/** Pairs joined with their records at once. */
const SLICE_PAIRS = 4_000_000;

export function comparesWhole(records: number): boolean {
  return (records * (records - 1)) / 2 <= MOST_WHOLE;
}

/** Fills `pairs` by the rules (bit n of `rules` = rule n), each pair once; records alike in `apart` never meet. */
export async function makePairs(
  store: Store,
  { rules, whole }: { rules: readonly BlockingRule[]; whole: boolean },
): Promise<number> {
  await store.run(raw('CREATE TABLE met (l UInt32, r UInt32, rules UInt64) ENGINE = MergeTree ORDER BY l'));
  if (whole) {
    await store.run(
      raw('INSERT INTO met SELECT l.rid, r.rid, 0 FROM records AS l CROSS JOIN records AS r WHERE l.rid < r.rid'),
    );
  } else {
    for (const [n, rule] of rules.entries()) {
      await store.run(
        raw(`INSERT INTO met SELECT pair.1, pair.2, bitShiftLeft(toUInt64(1), ${n}) FROM (${meetings(rule)})`),
        {
          settings: SPILL,
        },
      );
    }
  }
  await store.run(
    raw(`CREATE TABLE pairs ENGINE = MergeTree ORDER BY l AS
      SELECT l, r, groupBitOr(rules) AS rules FROM met GROUP BY l, r`),
    { settings: SPILL },
  );
  await store.run(raw('DROP TABLE met'));
  const [row] = await store.rows<{ n: number }>(raw('SELECT count() AS n FROM pairs'));
  return row!.n;
}

function meetings(rule: BlockingRule): string {
  return `SELECT arrayJoin(arrayFlatten(arrayMap((a, i) -> arrayMap(b -> (a, b), arraySlice(rids, i + 1)),
      rids, arrayEnumerate(rids)))) AS pair
    FROM (SELECT arraySort(groupArray(${MOST_IN_BLOCK + 1})(rid)) AS rids FROM records WHERE ${presentSql(rule)}
      GROUP BY ${meetSql(rule)} HAVING count() BETWEEN 2 AND ${MOST_IN_BLOCK})`;
}

/** Compares pairs given by `from` (columns l, r and what `kept` names) into a query of (kept, pattern, tf). */
export function comparedSql(
  comparisons: readonly Comparison[],
  { from, kept }: { from: string; kept: readonly string[] },
): string {
  const levels = comparisons.map((comparison, n) => `${levelSql(comparison)} AS g${n}`);
  const pattern = `char(${comparisons.map((_, n) => `97 + g${n}`).join(', ')})`;
  const tf = comparisons.flatMap((comparison, n) => frequencySql(comparison, n));
  return `SELECT ${kept.join(', ')}, ${pattern} AS pattern, toFloat32(${tf.length === 0 ? '0' : tf.join(' + ')}) AS tf FROM (
    SELECT ${[...kept.map((one) => `pair.${one}`), ...tfColumns(comparisons), ...levels].join(', ')}
    FROM (${from}) AS pair
    INNER JOIN records AS l ON l.rid = pair.l
    INNER JOIN records AS r ON r.rid = pair.r
    WHERE l.apart = '' OR l.apart != r.apart)`;
}

function levelSql(comparison: Comparison): string {
  const conditions = comparison.levels.flatMap(({ sql }, n) =>
    sql === null ? [] : [`(${bound(comparison, sql)}), ${n + 1}`],
  );
  return `multiIf(NOT (${bound(comparison, comparison.known)}), 0, ${conditions.join(', ')}, ${comparison.levels.length})`;
}

function tfColumns(comparisons: readonly Comparison[]): string[] {
  return comparisons.flatMap(({ id, levels }) =>
    [...new Set(levels.flatMap(({ frequency }) => frequency ?? []))].map(
      (feature) => `greatest(l.${id}_${feature}_tf, r.${id}_${feature}_tf) AS ${id}_${feature}_w`,
    ),
  );
}

function frequencySql({ id, levels }: Comparison, n: number): string[] {
  return levels.flatMap(({ frequency }, level) =>
    frequency === undefined ? [] : [`if(g${n} = ${level + 1}, ${id}_${frequency}_w, 0)`],
  );
}

/** Fills `compared` slice by slice, so that memory is bounded. */
export async function comparePairs(
  store: Store,
  { comparisons, pairs, records }: { comparisons: readonly Comparison[]; pairs: number; records: number },
): Promise<void> {
  await store.run(
    raw(
      'CREATE TABLE compared (l UInt32, r UInt32, rules UInt64, pattern String, tf Float32) ENGINE = MergeTree ORDER BY tuple()',
    ),
  );
  const slices = Math.max(1, Math.ceil(pairs / SLICE_PAIRS));
  const width = Math.ceil(records / slices);
  for (let n = 0; n < slices; n++) {
    const from = `SELECT l, r, rules FROM pairs WHERE l >= ${n * width} AND l < ${(n + 1) * width}`;
    await store.run(raw(`INSERT INTO compared ${comparedSql(comparisons, { from, kept: ['l', 'r', 'rules'] })}`));
  }
  await store.run(raw('DROP TABLE pairs'));
}

/** Scored pairs of the engine to groups: first what strong pairs connect, then each such component by itself. */
import { Readable } from 'node:stream';
import { raw, type Store } from '../../store/index.ts';
import { UnionFind } from '../graph/union-find.ts';
import { agglomerate, type ComparedPair } from './agglomerate.ts';
import type { Comparison } from './comparison.ts';
import { type Apart, type Groups, GroupsOfRecords } from './groups.ts';
import { levelsOf } from './learn.ts';
import { rowsOf } from './rows-of.ts';
import { SCORED } from './scoring.ts';
import type { Model } from './training.ts';

export interface Clustering {
  readonly comparisons: readonly Comparison[];
  readonly records: number;
  readonly model: Model;
  /** Log2 odds from which on records are one. */
  readonly threshold: number;
  readonly apart: Apart;
}

export async function clusterPairs(
  store: Store,
  { comparisons, records, model, threshold, apart }: Clustering,
): Promise<Groups> {
  const groups = new GroupsOfRecords(records, apart);
  if (Number.isFinite(threshold)) {
    await writeComponents(store, { records, threshold });
    const worst = comparisons.map(({ linkage }) => linkage === 'worst');
    const prior = Math.log2(model.lambda / (1 - model.lambda));
    for await (const pairs of componentPairs(store, model)) {
      agglomerate(pairs, { worst, prior, threshold, join: (one) => groups.join(one.a, one.b, one.odds) });
    }
  }
  return groups.end();
}

/** Table `components` (rid, component): what pairs over the threshold connect, records that are alone left out. */
async function writeComponents(store: Store, { records, threshold }: { records: number; threshold: number }) {
  const sets = new UnionFind(records);
  const linked = new Uint8Array(records);
  const strong = raw(`SELECT l, r FROM (${SCORED}) WHERE odds >= ${threshold}`);
  for await (const [l, r] of rowsOf(await store.stream(strong, 'TabSeparated'))) {
    const [a, b] = [Number(l), Number(r)];
    sets.union(a, b);
    linked[a] = 1;
    linked[b] = 1;
  }
  await store.run(raw('CREATE TABLE components (rid UInt32, component UInt32) ENGINE = MergeTree ORDER BY rid'));
  function* lines() {
    for (let rid = 0; rid < records; rid++) if (linked[rid] === 1) yield `${rid}\t${sets.find(rid)}\n`;
  }
  await store.insertStream('components', 'TabSeparated', Readable.from(lines(), { objectMode: false }));
}

/** All compared pairs within each component. */
async function* componentPairs(store: Store, model: Model): AsyncIterable<ComparedPair[]> {
  const within = raw(`SELECT a.component, l, r, pattern, tf FROM compared
    INNER JOIN components AS a ON a.rid = compared.l
    INNER JOIN components AS b ON b.rid = compared.r
    WHERE a.component = b.component ORDER BY a.component, l, r`);
  const weights = new Map<string, (number | null)[]>();
  const weightsOf = (pattern: string) => {
    const known =
      weights.get(pattern) ?? levelsOf(pattern).map((level, k) => (level === 0 ? null : model.weights[k]![level]!));
    weights.set(pattern, known);
    return known;
  };
  let current = '';
  let pairs: ComparedPair[] = [];
  for await (const [component, l, r, pattern, tf] of rowsOf(await store.stream(within, 'TabSeparated'))) {
    if (component !== current && pairs.length > 0) {
      yield pairs;
      pairs = [];
    }
    current = component!;
    pairs.push({ a: Number(l), b: Number(r), weights: weightsOf(pattern!), tf: Number(tf) });
  }
  if (pairs.length > 0) yield pairs;
}

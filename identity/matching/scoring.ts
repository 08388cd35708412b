/** Scores of pairs in the engine: table `weights` (pattern, weight), and the threshold for a stated precision. */
import { raw, type Store } from '../../store/index.ts';
import { levelsOf } from './learn.ts';
import { type Model, oddsOf, probability } from './training.ts';

export const SCORED = 'SELECT l, r, pattern, tf, weight + tf AS odds FROM compared INNER JOIN weights USING (pattern)';

/** Writes the log2 odds of each pattern. */
export async function writeWeights(store: Store, model: Model): Promise<void> {
  const rows = await store.rows<{ pattern: string }>(raw('SELECT DISTINCT pattern FROM compared ORDER BY pattern'));
  await store.run(raw('CREATE TABLE weights (pattern String, weight Float32) ENGINE = Memory'));
  await store.insert(
    'weights',
    rows.map(({ pattern }) => ({ pattern, weight: oddsOf(model, { levels: levelsOf(pattern), tf: 0 }) })),
  );
}

const STEPS = 4;

export interface Sure {
  /** Share of the pairs that is expected to be right: the mean of their probabilities. */
  readonly precision: number;
  /** Probability that every single pair has at least. */
  readonly each: number;
}

/** The lowest log2 odds that are sure enough; Infinity when none are. */
export async function thresholdFor(store: Store, { precision, each }: Sure): Promise<number> {
  const least = Math.log2(each / (1 - each));
  const rows = await store.rows<{ bin: number; n: number }>(
    raw(`SELECT greatest(floor(odds * ${STEPS}) / ${STEPS}, ${least}) AS bin, count() AS n FROM (${SCORED})
      WHERE odds >= ${least} GROUP BY bin ORDER BY bin DESC`),
  );
  let [pairs, right, threshold] = [0, 0, Number.POSITIVE_INFINITY];
  for (const { bin, n } of rows) {
    pairs += n;
    right += n * probability(bin);
    if (right / pairs < precision) break;
    threshold = bin;
  }
  return threshold;
}

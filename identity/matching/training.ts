/**
 * Weights without labels. Expectation maximisation over the patterns of agreement (Winkler, "Using the EM Algorithm for
 * Weight Computation in the Fellegi-Sunter Model of Record Linkage", 1988; Dempster, Laird and Rubin, JRSS B 39, 1977).
 * u (agreement of two different people) comes from random pairs; where a blocking key brings every pair of a level, its u
 * is counted among them, since random pairs never show what is rare. m (agreement of one person with himself) is learned
 * for each comparison from pairs that met by something else. Pure.
 */
export interface PatternCount {
  /** Level of each comparison, 1 = the first; 0 = nothing known. */
  readonly levels: readonly number[];
  /** What the rarity of the values adds, in bits. */
  readonly tf: number;
  readonly pairs: number;
  /** For each comparison: did the pairs meet by something else, too? */
  readonly usable: readonly boolean[];
}

export interface Training {
  /** Levels of each comparison. */
  readonly sizes: readonly number[];
  readonly patterns: readonly PatternCount[];
  /** Pairs at each level (0 = unknown) among random ones, by comparison. */
  readonly random: readonly (readonly number[])[];
  /** Patterns of random pairs that were not compared; empty where all are. */
  readonly unmet: readonly Pick<PatternCount, 'levels' | 'tf' | 'pairs'>[];
  /** covered[k][level]: every pair of that level stands in `patterns`. */
  readonly covered: readonly (readonly boolean[])[];
  /** All pairs there are, compared or not. */
  readonly allPairs: number;
  readonly records: number;
}

export interface Model {
  /** Probability that two records taken at random are one person. */
  readonly lambda: number;
  /** m[k][level − 1], u[k][level − 1]. */
  readonly m: readonly (readonly number[])[];
  readonly u: readonly (readonly number[])[];
  /** log2(m/u) by comparison and level, 0 for unknown (level 0); a disagreement never speaks for a match. */
  readonly weights: readonly (readonly number[])[];
  readonly rounds: number;
}

const MOST_ROUNDS = 100;
const SETTLED = 1e-4;
/** Matches that the first guess of m counts for: it only matters where there are hardly any. */
const GUESS_COUNTS = 2;
const RAREST = 1e-9;

interface State {
  lambda: number;
  m: number[][];
  u: number[][];
}

/** Trains until the probabilities move no more. */
export function train(training: Training): Model {
  const known = training.random.map((counts) => share(sum(counts.slice(1)), sum(counts)));
  const sampled = training.random.map((counts) => smoothed(counts.slice(1)));
  const state: State = {
    lambda: 1 / training.records,
    m: training.sizes.map(guess),
    u: sampled.map((one) => [...one]),
  };
  let rounds = 0;
  for (let moved = 1; moved > SETTLED && rounds < MOST_ROUNDS; rounds++)
    moved = step(state, { training, known, sampled });
  return { ...state, weights: weightsOf(state), rounds };
}

/** A first idea of m: agreement is likely, disagreement possible. */
function guess(levels: number): number[] {
  if (levels === 1) return [1];
  if (levels === 2) return [0.9, 0.1];
  return Array.from({ length: levels }, (_, n) => (n === 0 ? 0.6 : n === levels - 1 ? 0.1 : 0.3 / (levels - 2)));
}

function weightsOf({ m, u }: State): number[][] {
  return m.map((of, k) => [
    0,
    ...of.map((value, level) => {
      const weight = Math.log2(value / u[k]![level]!);
      return level === of.length - 1 && of.length > 1 ? Math.min(0, weight) : weight;
    }),
  ]);
}

/** Log2 odds that pairs of a pattern are one person. */
export function oddsOf(
  { lambda, weights }: Pick<Model, 'lambda' | 'weights'>,
  { levels, tf }: Pick<PatternCount, 'levels' | 'tf'>,
): number {
  return levels.reduce((odds, level, k) => odds + weights[k]![level]!, Math.log2(lambda / (1 - lambda)) + tf);
}

export function probability(odds: number): number {
  return 1 / (1 + 2 ** -odds);
}

interface Fixed {
  readonly training: Training;
  readonly known: readonly number[];
  readonly sampled: readonly (readonly number[])[];
}

/** One round; tells how far the probabilities moved. */
function step(state: State, { training, known, sampled }: Fixed): number {
  const { sizes, patterns, allPairs, covered } = training;
  const model = { lambda: state.lambda, weights: weightsOf(state) };
  const matched = sizes.map((size) => new Array<number>(size).fill(0));
  const unmatched = sizes.map((size) => new Array<number>(size).fill(0));
  let matches = 0;
  for (const pattern of patterns) {
    const p = probability(oddsOf(model, pattern));
    matches += p * pattern.pairs;
    for (const [k, level] of pattern.levels.entries()) {
      if (level === 0) continue;
      if (pattern.usable[k]) matched[k]![level - 1]! += p * pattern.pairs;
      unmatched[k]![level - 1]! += (1 - p) * pattern.pairs;
    }
  }
  matches += unmetMatches(model, training);
  const lambda = Math.min(0.5, Math.max(matches, 0.5) / allPairs);
  const m = matched.map((counts, k) => normal(counts.map((count, n) => count + GUESS_COUNTS * guess(sizes[k]!)[n]!)));
  const u = sizes.map((_, k) =>
    strangers(
      { sampled: sampled[k]!, m: m[k]!, lambda },
      { counts: unmatched[k]!, covered: covered[k]!, of: allPairs * known[k]! },
    ),
  );
  const moved = Math.max(distance(m, state.m), Math.abs(Math.log(lambda / state.lambda)));
  Object.assign(state, { lambda, m, u });
  return moved;
}

/** Matches among the pairs that never met, as far as random ones tell: people of whom nothing that joins them is known. */
function unmetMatches(model: Pick<Model, 'lambda' | 'weights'>, { unmet, patterns, allPairs }: Training): number {
  const seen = sum(unmet.map(({ pairs }) => pairs));
  const open = allPairs - sum(patterns.map(({ pairs }) => pairs));
  return share(sum(unmet.map((pattern) => probability(oddsOf(model, pattern)) * pattern.pairs)), seen) * open;
}

/** u of one comparison: counted where all pairs are there, else what random pairs show less the matches among them. */
function strangers(
  { sampled, m, lambda }: { sampled: readonly number[]; m: readonly number[]; lambda: number },
  { counts, covered, of }: { counts: readonly number[]; covered: readonly boolean[]; of: number },
): number[] {
  return normal(
    sampled.map((value, level) =>
      covered[level] && of > 0
        ? Math.max(RAREST, (counts[level]! + 0.5) / of)
        : Math.max(value / 10, (value - lambda * m[level]!) / (1 - lambda)),
    ),
  );
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

function normal(values: readonly number[]): number[] {
  const total = sum(values);
  return values.map((value) => Math.max(RAREST, value / total));
}

function smoothed(counts: readonly number[]): number[] {
  return normal(counts.map((count) => count + 0.5));
}

function distance(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  return Math.max(0, ...a.flatMap((row, k) => row.map((value, n) => Math.abs(value - b[k]![n]!))));
}

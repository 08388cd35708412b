/**
 * Pairs to groups: the two groups that most likely are one person are made one, again and again, until none is likely
 * enough. Groups are compared as wholes: for each comparison the mean over their pairs where it says something (average
 * linkage, Sokal and Michener 1958, by comparison), so that a record that says little does not chain two people whose
 * names and birthdays speak against it. Pairs that never met say nothing. Pure.
 */
export interface ComparedPair {
  readonly a: number;
  readonly b: number;
  /** Bits by comparison; null where nothing is known. Lists are shared between pairs of a pattern. */
  readonly weights: readonly (number | null)[];
  /** Bits by which rarity adds to them. */
  readonly tf: number;
}

export interface Joining {
  /** worst[k]: groups agree on comparison k as their pair that speaks most against does. */
  readonly worst: readonly boolean[];
  /** Log2 odds before anything is known of a pair. */
  readonly prior: number;
  /** Log2 odds from which on groups are one. */
  readonly threshold: number;
  /** Makes the groups of two records one, or refuses. */
  join(joined: Joined): boolean;
}

/** Two groups that are made one, by their smallest records, and the log2 odds for it. */
export interface Joined {
  readonly a: number;
  readonly b: number;
  readonly odds: number;
}

interface Between {
  sums: Float64Array;
  counts: Uint32Array;
}

interface Candidate {
  readonly odds: number;
  readonly a: number;
  readonly b: number;
  readonly between: Between;
}

/** Groups the records of `pairs`. What comes out does not depend on their order. */
export function agglomerate(pairs: readonly ComparedPair[], joining: Joining): void {
  const groups = neighbours(pairs);
  const heap: Candidate[] = [];
  const offer = (a: number, b: number, between: Between): void => {
    const odds = oddsBetween(between, joining.prior);
    if (odds >= joining.threshold) push(heap, { odds, a: Math.min(a, b), b: Math.max(a, b), between });
  };
  for (const [a, others] of groups) for (const [b, between] of others) if (a < b) offer(a, b, between);
  for (let best = pop(heap); best !== undefined; best = pop(heap)) {
    const { a, b, odds, between } = best;
    if (groups.get(a)?.get(b) !== between) continue;
    groups.get(a)!.delete(b);
    groups.get(b)!.delete(a);
    if (!joining.join({ a, b, odds })) continue;
    for (const [other, more] of groups.get(b)!) {
      const merged = added(groups.get(a)!.get(other), more, joining.worst);
      groups.get(a)!.set(other, merged);
      groups.get(other)!.delete(b);
      groups.get(other)!.set(a, merged);
      offer(a, other, merged);
    }
    groups.delete(b);
  }
}

function neighbours(pairs: readonly ComparedPair[]): Map<number, Map<number, Between>> {
  const groups = new Map<number, Map<number, Between>>();
  const of = (record: number) => {
    const known = groups.get(record) ?? new Map<number, Between>();
    groups.set(record, known);
    return known;
  };
  for (const { a, b, weights, tf } of pairs) {
    const between = { sums: new Float64Array(weights.length + 1), counts: new Uint32Array(weights.length + 1) };
    for (const [k, weight] of [...weights, tf === 0 ? null : tf].entries()) {
      if (weight === null) continue;
      between.sums[k] = weight;
      between.counts[k] = 1;
    }
    of(a).set(b, between);
    of(b).set(a, between);
  }
  return groups;
}

function added(one: Between | undefined, other: Between, worst: readonly boolean[]): Between {
  if (one === undefined) return other;
  const sums = Float64Array.from(other.sums);
  const counts = Uint32Array.from(other.counts);
  for (let k = 0; k < sums.length; k++) {
    if (worst[k] && counts[k]! > 0 && one.counts[k]! > 0) sums[k] = Math.min(sums[k]!, one.sums[k]!);
    else {
      sums[k]! += one.sums[k]!;
      counts[k]! += one.counts[k]!;
    }
  }
  return { sums, counts };
}

function oddsBetween({ sums, counts }: Between, prior: number): number {
  let odds = prior;
  for (let k = 0; k < sums.length; k++) if (counts[k]! > 0) odds += sums[k]! / counts[k]!;
  return odds;
}

/** Higher odds first; of equal ones, the smaller records. */
function before(one: Candidate, other: Candidate): boolean {
  if (one.odds !== other.odds) return one.odds > other.odds;
  return one.a !== other.a ? one.a < other.a : one.b < other.b;
}

function push(heap: Candidate[], one: Candidate): void {
  let at = heap.push(one) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (!before(one, heap[above]!)) break;
    heap[at] = heap[above]!;
    at = above;
  }
  heap[at] = one;
}

function pop(heap: Candidate[]): Candidate | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && before(heap[below + 1]!, heap[below]!)) below++;
    if (!before(heap[below]!, last)) break;
    heap[at] = heap[below]!;
    at = below;
  }
  heap[at] = last;
  return top;
}

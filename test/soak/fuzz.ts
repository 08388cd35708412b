/** Random cases until a deadline, from the soak's seed. A failure names its seed and the smallest case that was found. */
import fc from 'fast-check';

const SEED = Number(process.env.QUANYU_SEED ?? 1);
const ROUND = 3;
/** What one part of the fuzz is given. */
export const PART_SECONDS = process.env.QUANYU_SOAK === 'full' ? 600 : 4;

/**
 * Checks cases for `seconds`, in rounds of some; at least one round. The first round's seed is the soak's own, so that
 * QUANYU_SEED with the seed of a failure begins with that failure.
 */
export async function fuzz<Case>(
  cases: fc.Arbitrary<Case>,
  check: (one: Case) => Promise<void> | void,
  seconds = PART_SECONDS,
): Promise<void> {
  const until = Date.now() + seconds * 1000;
  const property = fc.asyncProperty(cases, async (one) => check(one));
  for (let round = 0; round === 0 || Date.now() < until; round++)
    await fc.assert(property, { seed: (SEED + round * 7919) | 0, numRuns: ROUND });
}

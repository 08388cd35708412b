import assert from 'node:assert/strict';
import fc from 'fast-check';
import { QuanyuError } from '../../errors.ts';
import { type Condition, previewCondition } from '../../segments/index.ts';
import { mutatedPayload } from '../contracts/mutate.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { condition, profile } from '../segments/arbitrary.ts';
import { profileRow, published } from '../segments/rows.ts';
import { fuzz, PART_SECONDS } from './fuzz.ts';

const PROFILES = 400;
const NOW = new Date('2026-06-29T16:30:00Z');

/** A condition with something in it that may not be there; anything else that JSON can say, too. */
const garbled: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: condition.chain((one) => mutatedPayload(JSON.stringify(one))).map(parsed) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

describe('fuzz: conditions', function () {
  this.timeout(0);
  let test: TestStore;

  before(async () => {
    test = await openTestStore();
    const rows = fc.sample(profile, { numRuns: PROFILES, seed: 7 });
    await test.store.insert(
      'profiles',
      rows.map((one, n) => profileRow({ ...one, profile_ordinal: n + 1 })),
    );
  });
  after(() => test.close());

  /** How many match; null when the condition is refused. */
  async function counted(given: unknown): Promise<number | null> {
    const options = { store: test.store, published: published(), now: NOW, zone: 'Asia/Shanghai' };
    try {
      const { count } = await previewCondition({ ...options, condition: given });
      assert.ok(Number.isInteger(count) && count >= 0 && count <= PROFILES, `${count} of ${PROFILES}`);
      return count;
    } catch (thrown) {
      if (thrown instanceof QuanyuError && thrown.status >= 400 && thrown.status < 500) return null;
      throw thrown;
    }
  }

  const and = (of: readonly unknown[]) => ({ kind: 'and', of });

  it('are counted, or refused with a code', async () => {
    await fuzz(garbled, async (one) => void (await counted(one)), PART_SECONDS / 2);
  });

  it('are never wider for one limb more, and never counted without a limb that is refused', async () => {
    const limbs = fc.tuple(fc.array(condition, { minLength: 1, maxLength: 3 }), garbled);
    await fuzz(
      limbs,
      async ([sound, limb]: [Condition[], unknown]) => {
        const [without, alone, both] = [
          await counted(and(sound)),
          await counted(limb),
          await counted(and([...sound, limb])),
        ];
        assert.notEqual(without, null, 'a sound condition was refused');
        if (alone === null) assert.equal(both, null, 'counted although a limb is refused');
        if (both !== null) assert.ok(both <= Math.min(without!, alone!), `${both} of ${without} and of ${alone}`);
      },
      PART_SECONDS / 2,
    );
  });
});

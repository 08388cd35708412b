import fc from 'fast-check';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { Facts } from '../identity/facts.ts';
import { checkArrival, checkHistory, history } from '../identity/histories.ts';

const RUNS = process.env.QUANYU_SOAK === 'minute' ? 6 : 300;
const seed = Number(process.env.QUANYU_SEED ?? 1);

describe(`${RUNS} random histories of facts, decisions and erasures`, function () {
  this.timeout(7_200_000);
  let test: TestStore;
  let facts: Facts;

  before(async () => {
    test = await openTestStore();
    facts = new Facts(test);
  });
  after(() => test.close());

  it('resolve in increments to what a full run finds', async () => {
    await fc.assert(
      fc.asyncProperty(history, (batches) => checkHistory(facts, batches)),
      { numRuns: RUNS, seed },
    );
  });

  it('resolve to the same profiles in any order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(history, (batches) => checkArrival(facts, batches)),
      { numRuns: RUNS, seed },
    );
  });
});

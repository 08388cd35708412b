import fc from 'fast-check';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { Facts } from './facts.ts';
import { checkArrival, checkHistory, history } from './histories.ts';

describe('resolving in increments, on the engine', () => {
  let test: TestStore;
  let facts: Facts;

  before(async () => {
    test = await openTestStore();
    facts = new Facts(test);
  });
  after(() => test.close());

  it('gives what a full run gives: late, corrected and deleted records, decisions, erasures, thresholds crossed', async () => {
    await fc.assert(
      fc.asyncProperty(history, (batches) => checkHistory(facts, batches)),
      { numRuns: 6 },
    );
  });

  it('gives the same profiles whatever the order and batching of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(history, (batches) => checkArrival(facts, batches)),
      { numRuns: 4 },
    );
  });
});

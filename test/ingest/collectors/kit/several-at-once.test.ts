import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { severalAtOnce } from '../../../../ingest/collectors/kit/several-at-once.ts';

describe('calls several at once', () => {
  const open = new AbortController().signal;

  it('come back in the order of their inputs, never more at once than is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), async (turns, width) => {
        let running = 0;
        let most = 0;
        const work = async (count: number) => {
          most = Math.max(most, ++running);
          for (let n = 0; n <= count; n += 1) await turn();
          running -= 1;
          return count;
        };
        assert.deepEqual(await severalAtOnce(turns, work, { width, signal: open }), turns);
        assert.ok(most <= width);
      }),
      { numRuns: 50 },
    );
  });

  it('end at the first failure, once what was begun has ended', async () => {
    const ended: number[] = [];
    const work = async (n: number) => {
      if (n === 2) throw new Error('two');
      await turn();
      ended.push(n);
    };
    await assert.rejects(severalAtOnce([1, 2, 3, 4, 5], work, { width: 2, signal: open }), /two/);
    assert.deepEqual(ended, [1]);
  });

  it('are null when the signal cuts them short', async () => {
    const controller = new AbortController();
    const work = async (n: number) => {
      if (n === 2) controller.abort();
      return n;
    };
    assert.equal(await severalAtOnce([1, 2, 3], work, { width: 1, signal: controller.signal }), null);
  });
});

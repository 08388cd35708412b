import assert from 'node:assert/strict';
import { settleUnderFire } from '../faults/kills.ts';
import { openInstallation, openWorld, stateOf } from '../helpers/installation.ts';

const minute = process.env.QUANYU_SOAK === 'minute';
const SEED = Number(process.env.QUANYU_SEED ?? 1);
const ROUNDS = minute ? 1 : 20;

describe(`${minute ? 6 : 200} kills in ${ROUNDS} rounds`, function () {
  this.timeout(3_600_000);

  for (let round = 0; round < ROUNDS; round++) {
    it(`round ${round + 1}: the state is that of an undisturbed run`, async () => {
      const world = await openWorld({ persons: minute ? 60 : 300, seed: SEED + round });
      const calm = await openInstallation(world);
      await calm.settle();
      const undisturbed = await stateOf(calm.store);
      await calm.close();
      const installation = await openInstallation(world);
      try {
        const died = await settleUnderFire(installation, {
          seed: SEED + round,
          kills: minute ? 6 : 10,
          victims: ['collector', 'jobs', 'engine'],
          everyMs: minute ? 500 : 900,
        });
        assert.deepEqual(
          await stateOf(installation.store),
          undisturbed,
          `after ${died.join(', ')} (seed ${SEED + round})`,
        );
      } finally {
        await installation.close();
        await world.close();
      }
    });
  }
});

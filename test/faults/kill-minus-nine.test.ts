import assert from 'node:assert/strict';
import { type Installation, openInstallation, openWorld, stateOf, type World } from '../helpers/installation.ts';
import { settleUnderFire } from './kills.ts';

const SEED = Number(process.env.QUANYU_SEED ?? 1);

describe('kill -9 of collector, resolver and engine', function () {
  this.timeout(300_000);
  let world: World;
  let undisturbed: Record<string, string[]>;
  before(async () => {
    world = await openWorld({ persons: 120, seed: 7 });
    const calm = await openInstallation(world);
    await calm.settle();
    undisturbed = await stateOf(calm.store);
    await calm.close();
  });
  after(() => world.close());

  it('leaves facts, people, partition, tags, quarantine and archive as an undisturbed run does', async () => {
    assert.ok(undisturbed.orders!.length > 50 && undisturbed.profiles!.length > 50, 'the world is not empty');
    const installation: Installation = await openInstallation(world);
    try {
      const died = await settleUnderFire(installation, {
        seed: SEED,
        kills: 8,
        victims: ['collector', 'jobs', 'engine'],
        everyMs: 700,
      });
      const state = await stateOf(installation.store);
      for (const [table, rows] of Object.entries(undisturbed)) {
        assert.deepEqual(state[table], rows, `${table} differs after ${died.join(', ')} died (QUANYU_SEED=${SEED})`);
      }
    } finally {
      await installation.close();
    }
  });
});

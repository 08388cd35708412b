/** Kills workers and engine at seeded moments while an installation settles. */
import type { Installation } from '../helpers/installation.ts';

export type Victim = 'collector' | 'jobs' | 'engine';

/** A small seeded generator (mulberry32, Tommy Ettinger, public domain): the same seed kills at the same moments. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Settles the installation while `kills` processes die by kill -9; returns who died. */
export async function settleUnderFire(
  installation: Installation,
  options: { seed: number; kills: number; victims: readonly Victim[]; everyMs: number },
): Promise<Victim[]> {
  const roll = dice(options.seed);
  const died: Victim[] = [];
  let over = false;
  const shooter = (async () => {
    while (!over && died.length < options.kills) {
      await new Promise((resolve) => setTimeout(resolve, roll() * options.everyMs));
      const victim = options.victims[Math.floor(roll() * options.victims.length)]!;
      const pid = victim === 'engine' ? installation.engine.pid : installation[victim].state().pid;
      if (over || pid === undefined) continue;
      try {
        process.kill(pid, 'SIGKILL');
        died.push(victim);
      } catch {
        // It was between two lives.
      }
    }
  })();
  await installation.settle();
  over = true;
  await shooter;
  // Whatever was shot last is alive again and nothing was left behind.
  await installation.settle();
  return died;
}

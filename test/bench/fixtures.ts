/** Bench of the population: a million people with their pages, files and truth. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../clock.ts';
import { writePopulation } from '../../fixtures/population/index.ts';
import type { Bench } from './bench.ts';
import { samplePeaks } from './measure.ts';

const PERSONS = 1_000_000;
const PLAIN_BYTES = 1024 * 1024 * 1024;

const fixtures: Bench = {
  name: 'fixtures',
  async run({ dir }) {
    const peaks = samplePeaks({ node: process.pid });
    const began = performance.now();
    await writePopulation({ persons: PERSONS, seed: 1, out: join(dir, 'population'), endAt: systemClock.now() });
    const seconds = (performance.now() - began) / 1000;
    const memory_mb = await peaks.stop();
    const plainly = performance.now();
    await writeFile(join(dir, 'plain'), Buffer.alloc(PLAIN_BYTES, 'x'));
    const plain = (performance.now() - plainly) / 1000;
    return {
      name: 'fixtures',
      rows: PERSONS,
      seconds,
      rate: PERSONS / seconds,
      memory_mb,
      ratio: plain / seconds,
      versus: 'writing 1 GB of one letter to the same disk',
    };
  },
};

export const benches: readonly Bench[] = [fixtures];

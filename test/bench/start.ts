/** start: from `npm start` (installed) to healthy, on an empty data folder. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startEngine } from '../../store/embedded/index.ts';
import type { Bench, BenchContext, BenchResult } from './bench.ts';
import { samplePeaks } from './measure.ts';

const PORT = 18_080;

async function start({ dir }: BenchContext): Promise<BenchResult> {
  const alone = performance.now();
  const engine = await startEngine({ dataDir: join(dir, 'engine') });
  const engineSeconds = (performance.now() - alone) / 1000;
  await engine.stop();
  const began = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, QUANYU_DATA: join(dir, 'data'), PORT: String(PORT), QUANYU_LOG: 'silent' },
    stdio: 'ignore',
    detached: true,
  });
  const peaks = samplePeaks({ npm: child.pid });
  while (!(await healthy())) await new Promise((resolve) => setTimeout(resolve, 20));
  const seconds = (performance.now() - began) / 1000;
  const memory_mb = await peaks.stop();
  process.kill(-child.pid!, 'SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  const versus = 'starting the embedded engine alone';
  return { name: 'start', rows: 1, seconds, rate: 1 / seconds, memory_mb, ratio: engineSeconds / seconds, versus };
}

async function healthy(): Promise<boolean> {
  return fetch(`http://127.0.0.1:${PORT}/health`).then(
    (answer) => answer.ok,
    () => false,
  );
}

export const benches: readonly Bench[] = [{ name: 'start', run: start }];

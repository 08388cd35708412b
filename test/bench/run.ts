// npm run bench -- NAME… [--json]: runs benches and prints what they measured; with --json one JSON line a bench.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, BenchResult } from './bench.ts';

process.env.QUANYU_LOG ??= 'warn';
const MODULES = ['engine', 'fixtures', 'ingest', 'resolve', 'preview', 'export', 'start', 'track'];

const args = process.argv.slice(2);
const json = args.includes('--json');
const names = args.filter((one) => !one.startsWith('--'));
const all: Bench[] = [];
for (const file of MODULES) {
  const { benches } = (await import(`./${file}.ts`)) as { benches: readonly Bench[] };
  all.push(...benches);
}
const unknown = names.filter((name) => !all.some((bench) => bench.name === name));
if (names.length === 0 || unknown.length > 0) {
  console.error(
    `${unknown.length > 0 ? `No bench is called ${unknown.join(', ')}. ` : ''}The benches are: ${all.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
// Each in a process of its own: memory that one leaves is not the next one's.
if (names.length > 1) {
  const [program] = process.argv.slice(1) as [string];
  const codes = names.map(
    (name) =>
      spawnSync(process.execPath, [...process.execArgv, program, name, ...(json ? ['--json'] : [])], {
        stdio: 'inherit',
      }).status,
  );
  process.exit(codes.every((code) => code === 0) ? 0 : 1);
}
for (const bench of all.filter(({ name }) => names.includes(name))) {
  const dir = await mkdtemp(join(tmpdir(), 'quanyu-bench-'));
  try {
    const result = await bench.run({ dir });
    console.log(json ? JSON.stringify(result) : words(result));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
process.exit(0);

function words(result: BenchResult): string {
  const { name, rows, seconds, rate, p95_ms, memory_mb, ratio, versus } = result;
  const memory = Object.entries(memory_mb)
    .map(([process_, mb]) => `${process_} ${Math.round(mb)} MB`)
    .join(', ');
  const times = p95_ms === undefined ? '' : `, p95 ${p95_ms.toFixed(1)} ms`;
  const peer = ratio === null ? '' : `; ${ratio.toFixed(2)} × ${versus}`;
  return `${name}: ${rows} rows in ${seconds.toFixed(2)} s = ${Math.round(rate)} rows/s${times}; ${memory}${peer}`;
}

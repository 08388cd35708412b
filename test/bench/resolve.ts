/** Benches of the resolver on a real engine: everything from nothing, and ten thousand new accounts into a million. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../clock.ts';
import { DEFAULT_RULES, resolve } from '../../identity/index.ts';
import { startEngine } from '../../store/embedded/index.ts';
import { migrate, openStore, openVault, publish, type Store, type Vault } from '../../store/index.ts';
import type { Bench, BenchContext, BenchResult } from './bench.ts';
import { addAccounts } from './identity-data.ts';

const ACCOUNTS = 1_000_000;
const PERSONS = 500_000;
const NEW_ACCOUNTS = 10_000;

interface Opened {
  readonly store: Store;
  readonly vault: Vault;
  readonly enginePid: number;
}

async function withStore<T>({ dir }: BenchContext, work: (opened: Opened) => Promise<T>): Promise<T> {
  const engine = await startEngine({ dataDir: dir });
  const store = openStore({ ...engine.connection, database: 'quanyu' });
  const vault = openVault({ token: '0f'.repeat(16), sealing: { 1: '11'.repeat(32) }, current: 1 });
  try {
    await migrate(store);
    return await work({ store, vault, enginePid: engine.pid! });
  } finally {
    await store.close();
    await engine.stop();
  }
}

/** Resolves what was committed and publishes it. */
async function resolveAndPublish({ store, vault }: Opened): Promise<number> {
  const began = performance.now();
  const run = await resolve({ store, vault, clock: systemClock, rules: DEFAULT_RULES, mixMobileKeys: [] });
  const { identity_version, rules_version, resolved_to } = run;
  await publish(store, systemClock, {
    ...{ identity_version, rules_version, resolved_to },
    tags_version: 0,
    data_up_to: '2024-01-01 00:00:00.000',
  });
  return (performance.now() - began) / 1000;
}

/** Peak resident memory of a process in MB; null where the system does not tell. */
function peakMemory(pid: number): number | null {
  try {
    return Math.round(Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024);
  } catch {
    return null;
  }
}

function memory(opened: Opened): Record<string, number> {
  const node = Math.round(process.resourceUsage().maxRSS / 1024);
  const engine = peakMemory(opened.enginePid);
  return engine === null ? { node } : { node, engine };
}

/** Seconds that graphology takes to read, build and solve the same graph. */
async function graphologySeconds(store: Store): Promise<number> {
  const file = join(import.meta.dirname, 'graphology-process.ts');
  const child = fork(file, { execArgv: [...process.execArgv, '--max-old-space-size=8192'] });
  child.send(store.options);
  const [{ seconds }] = (await once(child, 'message')) as [{ seconds: number }];
  child.kill();
  return seconds;
}

async function runFull(context: BenchContext): Promise<BenchResult> {
  return withStore(context, async (opened) => {
    await addAccounts(opened.store, { from: 0, count: ACCOUNTS, persons: PERSONS });
    const seconds = await resolveAndPublish(opened);
    const memory_mb = memory(opened);
    const plain = await graphologySeconds(opened.store);
    return {
      name: 'resolve',
      rows: ACCOUNTS,
      seconds,
      rate: ACCOUNTS / seconds,
      memory_mb,
      ratio: plain / seconds,
      versus: 'graphology-components: read, build and solve the same graph, nothing written',
    };
  });
}

async function runIncrement(context: BenchContext): Promise<BenchResult> {
  return withStore(context, async (opened) => {
    await addAccounts(opened.store, { from: 0, count: ACCOUNTS, persons: PERSONS });
    const full = await resolveAndPublish(opened);
    await addAccounts(opened.store, { from: ACCOUNTS, count: NEW_ACCOUNTS, persons: PERSONS });
    const seconds = await resolveAndPublish(opened);
    return {
      name: 'resolve-increment',
      rows: NEW_ACCOUNTS,
      seconds,
      rate: NEW_ACCOUNTS / seconds,
      memory_mb: memory(opened),
      ratio: full / seconds,
      versus: `a full resolve of ${ACCOUNTS} accounts`,
    };
  });
}

export const benches: Bench[] = [
  { name: 'resolve', run: runFull },
  { name: 'resolve-increment', run: runIncrement },
];

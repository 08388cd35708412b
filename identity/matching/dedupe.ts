/** `quanyu dedupe`: who is who in one file, without a server and without labels. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { messageOf, QuanyuError } from '../../errors.ts';
import { startEngine } from '../../store/embedded/index.ts';
import { openStore, type Store } from '../../store/index.ts';
import { readApart } from './apart.ts';
import { chooseBlocking } from './blocking.ts';
import { clusterPairs } from './cluster.ts';
import { type ColumnSpec, readColumns } from './columns.ts';
import { type Comparisons, comparisonsOf } from './comparisons/index.ts';
import { clusterExactly } from './exact.ts';
import type { Apart, Groups } from './groups.ts';
import { learn } from './learn.ts';
import { loadRecords } from './load.ts';
import { comparePairs, comparesWhole, makePairs } from './pairs.ts';
import { placeGroups } from './place-groups.ts';
import { type CsvFile, openCsv } from './read-file.ts';
import { thresholdFor, writeWeights } from './scoring.ts';
import { writeClusters, writePairs } from './write-files.ts';

export type Level = 'exact' | 'strict' | 'loose';
export const LEVELS: readonly Level[] = ['exact', 'strict', 'loose'];

/** What a level asks of the pairs that make clusters. */
const SURE = { strict: { precision: 0.97, each: 0.9 }, loose: { precision: 0.9, each: 0.6 } } as const;

export interface DedupeOptions {
  readonly file: string;
  readonly id: string;
  /** `column=kind,…` */
  readonly columns: string;
  readonly out: string;
  readonly level: Level;
  readonly pairs?: string;
  /** Two records with the same value in this column are never one person. */
  readonly exclusive?: string;
}

export interface DedupeSummary {
  readonly rows: number;
  readonly clusters: number;
  readonly seconds: number;
  /** Of this process and the engine together. */
  readonly peak_memory_mb: number;
}

/** Reads, compares, writes. Throws 'match.file-invalid' and 'match.columns-invalid'. */
export async function dedupe(options: DedupeOptions, clock: Clock): Promise<DedupeSummary> {
  const began = performance.now();
  const specs = readColumns(options.columns);
  const file = await openCsv(options.file);
  refuseUnknown(file, { specs, options });
  await refuseUnwritable(options);
  const dataDir = await mkdtemp(join(tmpdir(), 'quanyu-dedupe-'));
  try {
    const engine = await startEngine({ dataDir });
    const store = openStore({ ...engine.connection, database: 'default' });
    try {
      const done = await run(store, { options, file, specs, now: clock.now() });
      const seconds = Math.round((performance.now() - began) / 100) / 10;
      return { ...done, seconds, peak_memory_mb: await peakMemory(engine.pid) };
    } finally {
      await store.close();
      await engine.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface Job {
  readonly options: DedupeOptions;
  readonly file: CsvFile;
  readonly specs: readonly ColumnSpec[];
  readonly now: Date;
}

async function run(store: Store, { options, file, specs, now }: Job): Promise<{ rows: number; clusters: number }> {
  const placed = specs.filter(({ kind }) => kind === 'place').map(({ column }) => column);
  const places = await placeGroups(file, placed);
  const comparisons = comparisonsOf({ specs, headers: file.headers, places, now });
  const records = await loadRecords(store, {
    ...{ file, idColumn: options.id, exclusive: options.exclusive, comparisons: comparisons.all },
  });
  const apart = await readApart(store, { records, identifiers: comparisons.identifiers });
  const groups =
    options.level === 'exact'
      ? await clusterExactly(store, { records, identifiers: comparisons.identifiers, apart })
      : await match(store, { comparisons, records, apart, level: options.level, pairs: options.pairs });
  const clusters = await writeClusters(store, { path: options.out, groups });
  return { rows: records, clusters };
}

interface Matching {
  readonly comparisons: Comparisons;
  readonly records: number;
  readonly apart: Apart;
  readonly level: Exclude<Level, 'exact'>;
  readonly pairs: string | undefined;
}

async function match(store: Store, { comparisons: { all }, records, apart, level, pairs }: Matching): Promise<Groups> {
  const whole = comparesWhole(records);
  const rules = whole ? [] : await chooseBlocking(store, { comparisons: all, records });
  const made = await makePairs(store, { rules, whole });
  await comparePairs(store, { comparisons: all, pairs: made, records });
  const model = await learn(store, { comparisons: all, rules, records, pairs: made, whole });
  await writeWeights(store, model);
  const threshold = await thresholdFor(store, SURE[level]);
  if (pairs !== undefined) await writePairs(store, { path: pairs, odds: Number.isFinite(threshold) ? threshold : 0 });
  return clusterPairs(store, { comparisons: all, records, model, threshold, apart });
}

function refuseUnknown(
  { path, headers }: CsvFile,
  { specs, options }: { specs: readonly ColumnSpec[]; options: DedupeOptions },
): void {
  const asked = [options.id, ...specs.flatMap(({ column, scope }) => [column, ...(scope ? [scope] : [])])];
  if (options.exclusive !== undefined) asked.push(options.exclusive);
  const unknown = [...new Set(asked.filter((column) => !headers.includes(column)))];
  if (unknown.length === 0) return;
  throw new QuanyuError(
    'match.columns-invalid',
    `${path} has no column ${unknown.map((column) => `"${column}"`).join(', ')}. It has: ${headers.join(', ')}.`,
  );
}

async function refuseUnwritable({ out, pairs }: DedupeOptions): Promise<void> {
  for (const path of [out, ...(pairs === undefined ? [] : [pairs])]) {
    await writeFile(path, '').catch((thrown: unknown) => {
      throw new QuanyuError('match.file-invalid', `${path} cannot be written: ${messageOf(thrown)}`);
    });
  }
}

/** Peak resident memory of both processes; where the system does not tell the engine's, of this one alone. */
async function peakMemory(enginePid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${enginePid}/status`, 'utf8').catch(() => '');
  const engineKb = Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0);
  return Math.round((process.resourceUsage().maxRSS + engineKb) / 1024);
}

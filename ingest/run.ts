/** Runs one source once: pulls its streams from their checkpoints, commits in groups, keeps the checkpoint after each. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, clickhouseInstant } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { logFor } from '../log.ts';
import { type Run, type RunView, type Store, startRun } from '../store/index.ts';
import { type Checkpoints, openCheckpoints } from './checkpoint.ts';
import { type Collector, type Source, SourceFault, type SourcePage } from './collectors/collector.ts';
import { type Group, GroupBuilder } from './write/group.ts';
import type { CommitCounts, Writer } from './write/writer.ts';

const log = logFor('ingest');

/** A group is committed when it holds this many items, this many bytes, or when this much time has passed. */
const GROUP = { items: 16_000, bytes: 16 * 1024 * 1024, ms: 2_000 };

export interface RunSourceOptions {
  readonly store: Store;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly collector: Collector;
  readonly source: Source;
  readonly signal: AbortSignal;
  readonly runId?: string;
  /** Told after every commit, for progress on a page. */
  readonly progress?: (view: RunView) => void;
}

interface Totals {
  items: number;
  records: number;
  rejections: number;
  suppressed: number;
}

/** A pull that ended, and when the next one makes sense: a time, `mended` = once a person acted, null = whenever. */
export interface PullEnded extends RunView {
  readonly resume: Date | 'mended' | null;
}

/** Pulls to the present. Never throws for what the platform does: the run's row says what happened and what to do. */
export async function runSource(options: RunSourceOptions): Promise<PullEnded> {
  const { store, clock, collector, source } = options;
  const run = await startRun(store, clock, {
    kind: 'collect',
    source: source.id,
    ...(options.runId ? { id: options.runId } : {}),
  });
  const checkpoints = await openCheckpoints(store, clock, source.id);
  const totals: Totals = { items: 0, records: 0, rejections: 0, suppressed: 0 };
  const faults: string[] = [];
  let advice = '';
  let resume: PullEnded['resume'] = null;
  for (const stream of collector.streams(source.settings)) {
    if (options.signal.aborted) break;
    try {
      await pullStream({ ...options, stream, checkpoints, run, totals });
    } catch (thrown) {
      if (options.signal.aborted) break;
      const fault = asFault(thrown);
      faults.push(`${stream}: ${fault.message}`);
      advice ||= fault.advice;
      resume = fault.kind === 'later' ? (fault.retryAt ?? resume) : 'mended';
      log.warn({ source: source.id, stream, run: run.id, kind: fault.kind }, 'a stream of the source stopped');
      if (fault.kind !== 'later') break;
    }
  }
  run.count({ ...totals });
  const status = options.signal.aborted ? 'stopped' : faults.length > 0 ? 'failed' : 'done';
  const view = await run.finish({ status, fault: faults.join(' | '), advice });
  options.progress?.(view);
  return { ...view, resume };
}

async function pullStream(
  options: RunSourceOptions & { stream: string; checkpoints: Checkpoints; run: Run; totals: Totals },
): Promise<void> {
  const { collector, source, stream, checkpoints, clock, signal } = options;
  const pulled = collector.pull({
    source,
    stream,
    checkpoint: checkpoints.get(stream),
    clock,
    signal,
    log,
    sleep: (ms) => sleep(ms, undefined, { signal }),
  });
  const began = performance.now();
  const before = options.totals.items;
  let group = new GroupBuilder(collector, source);
  let pages: SourcePage[] = [];
  let size = { bytes: 0, since: performance.now() };
  /** The commit at hand, and the checkpoints behind those before: they go on while the next group is pulled. */
  let writing: Promise<CommitCounts | null> = Promise.resolve(null);
  let keeping: Promise<void> = Promise.resolve();
  let broken = false;

  const flush = async () => {
    if (pages.length === 0) return;
    const full = { group, pages };
    group = new GroupBuilder(collector, source);
    pages = [];
    size = { bytes: 0, since: performance.now() };
    await writing;
    if (broken) await keeping;
    const written = full.group.counts.items > 0 ? options.writer.commit(full.group) : Promise.resolve(null);
    const rate = () => (options.totals.items - before) / ((performance.now() - began) / 1000);
    writing = written;
    // In their order, each behind its own commit; the next commit does not wait for it.
    keeping = Promise.all([written, keeping]).then(([counts]) => keepPages(options, { ...full, counts, rate }));
    // A failure is thrown where the next group waits for it; this keeps Node from calling it unhandled meanwhile.
    writing.catch(() => undefined);
    keeping.catch(() => {
      broken = true;
    });
  };

  try {
    for await (const page of pulled) {
      await group.add(page);
      const { items, ...rest } = page;
      pages.push({ ...rest, items: [] });
      for (const item of items) size.bytes += item.payload.length;
      const due = performance.now() - size.since >= GROUP.ms;
      if (group.counts.items >= GROUP.items || size.bytes >= GROUP.bytes || due) await flush();
    }
  } finally {
    // What was pulled before a fault counts: it is committed, and the next run goes on behind it.
    await flush();
    await writing;
    await keeping;
  }
}

/** What follows a commit: whole deliveries, the checkpoint, and word to the source and the run. */
async function keepPages(
  options: RunSourceOptions & { stream: string; checkpoints: Checkpoints; run: Run; totals: Totals },
  of: { pages: readonly SourcePage[]; group: Group; counts: CommitCounts | null; rate: () => number },
): Promise<void> {
  const { store, clock, source, run, totals } = options;
  totals.items += of.counts?.items ?? 0;
  totals.records += of.counts?.records ?? 0;
  totals.rejections += of.counts?.rejections ?? 0;
  totals.suppressed += of.counts?.suppressed ?? 0;
  const whole = of.group.pages.filter((page) => page.complete !== undefined);
  await store.insert(
    'whole_deliveries',
    whole.map((page) => ({
      source: source.id,
      page_id: page.id,
      delivered_at: clickhouseInstant(page.deliveredAt),
      complete: JSON.stringify(page.complete),
      committed_at: clickhouseInstant(clock.now()),
    })),
  );
  const last = of.pages.at(-1)!;
  await options.checkpoints.keep(options.stream, last.cursor);
  for (const page of of.pages) await page.committed?.();
  const rate = of.rate();
  const { done, total } = last.progress ?? { done: totals.items, total: null };
  run.count({
    ...totals,
    done,
    rate: Math.round(rate),
    ...(total === null ? {} : { total, left_seconds: rate > 0 ? Math.round(Math.max(0, total - done) / rate) : 0 }),
  });
  options.progress?.(run.view());
}

function asFault(thrown: unknown): Pick<SourceFault, 'kind' | 'message' | 'advice' | 'retryAt'> {
  if (thrown instanceof SourceFault) return thrown;
  return {
    kind: 'later',
    retryAt: null,
    message: messageOf(thrown),
    advice:
      'The next scheduled run tries again. If it stays so, look at the log and at the state of the engine (/health).',
  };
}

/** Maps quarantined items once more, after a mapping was mended; what is well now becomes records and is settled. */
import { type Clock, clickhouseInstant } from '../clock.ts';
import { p, type RunView, type Store, sql, startRun, type Vault } from '../store/index.ts';
import { archivedPages } from './archive.ts';
import type { Collector, Source } from './collectors/collector.ts';
import { mapGroup } from './write/group.ts';
import type { Writer } from './write/writer.ts';

export interface ReplayOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly writer: Writer;
  readonly collector: Collector;
  readonly source: Source;
  readonly runId?: string;
  readonly progress?: (view: RunView) => void;
}

/** Replays the open rejections of one source. Counts: items, records, rejections that came up again. */
export async function replayRejections(options: ReplayOptions): Promise<RunView> {
  const { source } = options;
  const open = sql`source = ${p('String', source.id)} AND (item_kind, item_id) IN
    (SELECT item_kind, item_id FROM rejections FINAL WHERE source = ${p('String', source.id)} AND settled = 0)`;
  return remap(options, { kind: 'replay', where: open });
}

/** Maps archived items again and writes them: the shared way of replay and rebuild. */
export async function remap(
  options: ReplayOptions,
  what: { kind: string; where: ReturnType<typeof sql>; after?: () => Promise<void> },
): Promise<RunView> {
  const { store, clock, collector, source } = options;
  const run = await startRun(store, clock, {
    kind: what.kind,
    source: source.id,
    ...(options.runId ? { id: options.runId } : {}),
  });
  const [size] = await store.rows<{ total: number; oldest: string }>(
    sql`SELECT count() AS total, toString(min(delivered_at)) AS oldest FROM source_items FINAL WHERE ${what.where}`,
  );
  const totals = { done: 0, total: size?.total ?? 0, records: 0, rejections: 0 };
  const began = clock.now();
  for await (const page of archivedPages(options, what.where)) {
    const group = await mapGroup(collector, source, [{ ...page, stream: 'archive', cursor: null }]);
    const counts = await options.writer.commit(group);
    totals.done += counts.items;
    totals.records += counts.records;
    totals.rejections += counts.rejections;
    const seconds = (clock.now().getTime() - began.getTime()) / 1000;
    run.count({ ...totals, rate: seconds > 0 ? Math.round(totals.done / seconds) : 0 });
    options.progress?.(run.view());
  }
  await what.after?.();
  run.count(totals);
  const reach = totals.total === 0 ? 'nothing is archived' : `back to ${size?.oldest ?? clickhouseInstant(began)}`;
  return run.finish({
    status: 'done',
    advice: what.kind === 'rebuild' ? `The archive reaches ${reach}; older records stay as they were.` : '',
  });
}

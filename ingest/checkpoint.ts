/** Where each stream of each source goes on: written after what it stands behind is on disk. */
import { type Clock, clickhouseInstant } from '../clock.ts';
import { p, type Store, sql } from '../store/index.ts';
import type { Json } from './collectors/collector.ts';

export interface Checkpoints {
  get(stream: string): Json;
  keep(stream: string, cursor: Json): Promise<void>;
}

/** Reads the checkpoints of one source; only its running pull writes them. */
export async function openCheckpoints(store: Store, clock: Clock, source: string): Promise<Checkpoints> {
  const rows = await store.rows<{ stream: string; revision: number; cursor: string }>(
    sql`SELECT stream, revision, cursor FROM checkpoints FINAL WHERE source = ${p('String', source)}`,
  );
  const held = new Map(rows.map((row) => [row.stream, row]));
  return {
    get: (stream) => JSON.parse(held.get(stream)?.cursor ?? 'null') as Json,
    async keep(stream, cursor) {
      const row = { source, stream, revision: (held.get(stream)?.revision ?? 0) + 1, cursor: JSON.stringify(cursor) };
      await store.insert('checkpoints', [{ ...row, kept_at: clickhouseInstant(clock.now()) }]);
      held.set(stream, row);
    },
  };
}

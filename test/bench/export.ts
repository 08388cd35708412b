/** Bench of the export: a million members to CSV, masked. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { type ExportRequest, exportAudience, runAudience } from '../../segments/index.ts';
import { p, publicId, raw, type Store, sql } from '../../store/index.ts';
import type { Bench } from './bench.ts';
import { samplePeaks } from './measure.ts';
import { makeProfiles, NOW, PUBLISHED, withStore, ZONE } from './segment-data.ts';

const PROFILES = 1_020_500;
const COLUMNS = [
  'profile_id',
  'name_masked',
  'phone_masked',
  'gender',
  'province',
  'city',
  'level',
  'points',
  'last_purchase',
  'purchase_count',
  'net_amount_365d_fen',
  'rfm_group',
];

const REQUEST: ExportRequest = {
  export_id: 'bench',
  audience: 'bench',
  columns: COLUMNS,
  reveal: false,
  purpose: 'marketing',
  via: 'sms',
  require_consent: false,
  by: 'bench',
};

/** The plain way: rows as objects through Node, made to CSV there; nobody left out, no receipt. */
async function exportPlainly(store: Store, file: string): Promise<void> {
  const columns = COLUMNS.map((column) => (column === 'profile_id' ? publicId(raw('profile_id')) : raw(column)));
  const list = columns.reduce((all, column) => sql`${all}, ${column}`);
  const rows = await store.rows<object>(
    sql`SELECT ${list} FROM profiles WHERE version = ${p('UInt32', 1)} ORDER BY profile_ordinal`,
  );
  await pipeline(rows, stringify({ header: true, bom: true }), createWriteStream(file));
}

const exportBench: Bench = {
  name: 'export',
  run: (context) =>
    withStore(context, async ({ store, vault, enginePid }) => {
      await makeProfiles(store, PROFILES);
      const condition = { kind: 'trait', trait: 'province', operator: 'is_known' };
      await runAudience({
        store,
        published: PUBLISHED,
        segment: 'bench',
        condition,
        runId: 'bench',
        now: NOW,
        zone: ZONE,
      });
      const memory = samplePeaks({ node: process.pid, engine: enginePid });
      const began = performance.now();
      const clock = { now: () => NOW };
      const options = { store, vault, clock, published: PUBLISHED, request: REQUEST, dataDir: context.dir };
      const receipt = await exportAudience(options);
      const seconds = (performance.now() - began) / 1000;
      const memory_mb = await memory.stop();
      const plain = performance.now();
      await exportPlainly(store, join(context.dir, 'plain.csv'));
      const plainSeconds = (performance.now() - plain) / 1000;
      return {
        name: 'export',
        rows: receipt.row_count,
        seconds,
        rate: receipt.row_count / seconds,
        memory_mb,
        ratio: plainSeconds / seconds,
        versus: 'rows as JSON through Node and a CSV writer, without consent, suppression and receipt',
      };
    }),
};

export const benches: readonly Bench[] = [exportBench];

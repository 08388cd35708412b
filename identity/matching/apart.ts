/** Reads from `records` what may never be one person: `--exclusive` and national ids. */
import { identifierDefinition } from '../../ingest/identifiers/index.ts';
import { raw, type Store } from '../../store/index.ts';
import { NONE } from '../graph/slot-counts.ts';
import type { IdentifierColumn } from './comparisons/index.ts';
import type { Apart } from './groups.ts';

export async function readApart(
  store: Store,
  { records, identifiers }: { records: number; identifiers: readonly IdentifierColumn[] },
): Promise<Apart> {
  const own = new Uint32Array(records).fill(NONE);
  const values = await store.rows<{ rids: number[] }>(
    raw(`SELECT groupArray(rid) AS rids FROM records WHERE apart != '' GROUP BY apart`),
  );
  for (const [value, { rids }] of values.entries()) for (const rid of rids) own[rid] = value;
  const exclusive: { record: number; value: number }[] = [];
  const numbers = new Map<string, number>();
  for (const { id } of identifiers.filter(({ spec }) => spec.kind === 'national-id')) {
    const rows = await store.rows<{ rid: number; value: string }>(
      raw(`SELECT rid, ${id}_value AS value FROM records WHERE value != '' ORDER BY rid`),
    );
    for (const { rid, value } of rows) {
      if (!identifierDefinition('national_id').normalise(value).ok) continue;
      if (!numbers.has(value)) numbers.set(value, numbers.size);
      exclusive.push({ record: rid, value: numbers.get(value)! });
    }
  }
  return { own, ownValues: values.length, exclusive, exclusiveValues: numbers.size };
}

/** The store master. */
import type { SourceRecord } from '../../record.ts';
import { type Mapping, recordOf, refuseRow } from './mapping.ts';

const CLOSED = /关店|闭店|关闭|撤店|停业|已?停用|closed|inactive|^0$/i;

export function mapStore(mapping: Mapping): SourceRecord | null {
  const { row } = mapping;
  const code = row.text('store_code');
  if (code === '')
    return refuseRow(row, 'store_code', { code: 'store.no-code', expected: 'the code by which bills name the store' });
  return recordOf(mapping, {
    kind: 'store',
    head: { key: code },
    fields: {
      store_code: code,
      title: row.text('store_name'),
      region: row.text('region'),
      status: CLOSED.test(row.text('status')) ? 'closed' : 'open',
      dealer: row.text('dealer'),
      guides: [...new Set(row.text('guide').split(/[,，、;；|/\s]+/))].filter((guide) => guide !== ''),
    },
  });
}

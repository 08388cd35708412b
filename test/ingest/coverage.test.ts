import assert from 'node:assert/strict';
import { coverage, openWriter, runSource } from '../../ingest/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { toySource as source, toy } from '../helpers/toy-collector.ts';

const clock = { now: () => new Date('2026-03-01T04:00:00Z') };

describe('coverage', () => {
  let test: TestStore;
  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());

  it('counts orders once, by their business month, and names months in which nothing came', async () => {
    const writer = await openWriter({ ...test, clock, mixMobileKeys: [] });
    const bills = toy([
      [
        { bill: 'B1', card: 'A1', paid_fen: 100 },
        { bill: 'B2', paid_fen: 100 },
        { bill: 'B3', paid_fen: 100 },
        { bill: 'B4', paid_fen: 100, deleted: true },
      ],
    ]);
    const days: Record<string, string> = { B1: '2025-11-30', B2: '2026-02-01', B3: '2026-02-28', B4: '2026-01-15' };
    const collector: typeof bills = {
      ...bills,
      map(item, context) {
        const { records, rejections } = bills.map(item, context);
        const dated = records.map((record) =>
          record.kind === 'order_line'
            ? { ...record, fields: { ...record.fields, business_date: days[record.fields.order_no]! } }
            : record,
        );
        return { records: dated, rejections };
      },
    };
    await runSource({ ...test, writer, clock, collector, source, signal: new AbortController().signal });
    const months = await coverage(test.store, { source: 'till', zone: 'Asia/Shanghai' });
    assert.deepEqual(
      months.map(({ kind, month, records, gap }) => [kind, month, records, gap]),
      [
        ['order_line', '2025-11', 1, false],
        ['order_line', '2025-12', 0, true],
        ['order_line', '2026-01', 0, true],
        ['order_line', '2026-02', 2, false],
      ],
    );
    assert.deepEqual(await coverage(test.store, { source: 'another', zone: 'Asia/Shanghai' }), []);
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  collectors,
  differenceRows,
  differingDays,
  openWriter,
  reconciled,
  runSource,
  type Source,
} from '../../ingest/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';

const clock = { now: () => new Date('2026-01-17T04:00:00Z') };
const SALES = [
  '门店编码,机号,小票号,销售日期,时间,行号,款号,数量,实收',
  'S1,01,0001,2026-01-15,10:00:00,1,K1,1,100.00',
  'S1,01,0002,2026-01-15,11:00:00,1,K1,2,50.00',
  'S1,01,0003,2026-01-15',
  'S2,01,0001,2026-01-15,12:00:00,1,K2,1,30.00',
  'S2,01,0002,2026-01-15,13:00:00,1,K2,-1,-30.00',
];
const CLOSING = [
  '门店编码,营业日期,笔数,销售额,退货笔数,退货金额',
  'S1,2026-01-15,3,170.00,0,0',
  'S2,2026-01-15,1,30.00,1,30.00',
  ',2026-01-15,4,200.00,1,30.00',
];

describe('reconciliation', () => {
  let test: TestStore;
  let folder: string;
  before(async () => {
    test = await openTestStore();
    folder = await mkdtemp(join(tmpdir(), 'quanyu-books-'));
    await writeFile(join(folder, '销售明细_20260115.csv'), SALES.join('\n'));
    await writeFile(join(folder, '日结_20260115.csv'), CLOSING.join('\n'));
    const settings = { folder, issuer: 'a', completion: 'rename' };
    const source: Source = { id: 'tills', platform: 'files', channel: 'pos', zone: 'Asia/Shanghai', settings };
    const writer = await openWriter({ ...test, clock, mixMobileKeys: [] });
    const collector = collectors.get('files')!;
    const view = await runSource({ ...test, writer, clock, collector, source, signal: new AbortController().signal });
    assert.equal(view.status, 'done');
  });
  after(async () => {
    await test.close();
    await rm(folder, { recursive: true });
  });

  const days = (differing: boolean) =>
    reconciled(test.store, { source: '', from: '2026-01-01', to: '2026-01-31', differing, limit: 100 });

  it('lays each day’s closing beside what is held, by store and for all stores', async () => {
    const rows = (await days(false)).map((row) => [
      row.fact_kind,
      row.store_code,
      row.count_difference,
      row.fen_difference,
    ]);
    assert.deepEqual(rows, [
      ['order', '', -1, -2000],
      ['order', 'S1', -1, -2000],
      ['order', 'S2', 0, 0],
      ['refund', '', 0, 0],
      ['refund', 'S1', 0, 0],
      ['refund', 'S2', 0, 0],
    ]);
    assert.deepEqual(
      (await days(true)).map((row) => row.store_code),
      ['', 'S1'],
    );
    assert.deepEqual(await differingDays(test.store), [{ source: 'tills', days: 1 }]);
  });

  it('names the row that explains what is short', async () => {
    const asked = { source: 'tills', fact_kind: 'order', day: '2026-01-15', store_code: 'S1' } as const;
    const rows = await differenceRows(test.store, asked, 100);
    assert.deepEqual(
      rows.map(({ reason, row }) => [reason, row.split(' ').at(-1)]),
      [['refused', '#4']],
    );
    assert.match(rows[0]!.detail, /4 cells; expected 9 cells/);
  });
});

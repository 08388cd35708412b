import assert from 'node:assert/strict';
import { p, sql, startRun } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';

describe('runs', () => {
  let test: TestStore;
  let now = new Date('2026-03-01T04:00:00Z');
  const clock = { now: () => now };
  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());

  const rowsOf = (id: string) =>
    test.store.rows(sql`
      SELECT run_id, kind, source, status, toString(started_at) AS started_at, toString(finished_at) AS finished_at,
             counts, fault, advice
      FROM runs FINAL WHERE run_id = ${p('String', id)}`);

  it('leave one row: running while they run, then how they ended', async () => {
    const run = await startRun(test.store, clock, { kind: 'collect', source: 'till' });
    assert.deepEqual(await rowsOf(run.id), [
      { ...run.view(), finished_at: null, status: 'running', started_at: '2026-03-01 04:00:00.000' },
    ]);
    run.count({ items: 5, records: 4 });
    run.count({ records: 9, rate: 12.5 });
    now = new Date('2026-03-01T04:00:07Z');
    const view = await run.finish({
      status: 'failed',
      fault: 'orders: the session expired',
      advice: 'Authorise again.',
    });
    assert.deepEqual(view.counts, { items: 5, records: 9, rate: 12.5 });
    assert.equal(view.finished_at, '2026-03-01 04:00:07.000');
    assert.deepEqual(await rowsOf(run.id), [view]);
  });

  it('keep the id they were given, so that a caller can ask after them', async () => {
    const run = await startRun(test.store, clock, { kind: 'resolve', id: 'r-1' });
    await run.finish({ status: 'done' });
    const [row] = (await rowsOf('r-1')) as { status: string; source: string; fault: string; advice: string }[];
    assert.deepEqual([row?.status, row?.source, row?.fault, row?.advice], ['done', '', '', '']);
  });
});

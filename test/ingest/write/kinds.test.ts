import assert from 'node:assert/strict';
import type { Collector } from '../../../ingest/collectors/collector.ts';
import { ingestForgets } from '../../../ingest/index.ts';
import { rebuildSource } from '../../../ingest/rebuild.ts';
import type { RecordKind, SourceRecord } from '../../../ingest/record.ts';
import { runSource } from '../../../ingest/run.ts';
import { openWriter } from '../../../ingest/write/writer.ts';
import { findPerson, forgetPerson } from '../../../privacy/index.ts';
import { raw, sql } from '../../../store/index.ts';
import { openTestStore, type TestStore } from '../../helpers/store.ts';
import { toySource as source, T0 } from '../../helpers/toy-collector.ts';
import { CASES, COUPON, MESSAGE, PRICE, PRODUCT, record, STOCK } from './one-of-each.ts';

const clock = { now: () => new Date('2026-03-01T04:00:00Z') };
const signal = new AbortController().signal;

/** Records as a mapper would make them, written into their items. */
function given(records: readonly object[], of: { mapperVersion?: number; drops?: RecordKind } = {}): Collector {
  return {
    platform: 'given',
    title: { zh: '', en: '' },
    settingsSchema: {},
    kinds: [],
    limits: [],
    mapperVersion: of.mapperVersion ?? 1,
    streams: () => ['all'],
    async *pull() {
      const items = records.map((record, position) => {
        const { kind, key } = record as SourceRecord;
        return { kind, key, payload: JSON.stringify(record), position, deliveredAt: T0 };
      });
      yield { stream: 'all', id: 'page', items, cursor: null };
    },
    map({ payload }) {
      const record = JSON.parse(payload, (_, value) =>
        typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value) : value,
      ) as SourceRecord;
      return { records: record.kind === of.drops ? [] : [record], rejections: [] };
    },
  };
}

const TABLES = CASES.map(({ table }) => table);
const OF_PEOPLE = ['coupons', 'services', 'survey_answers', 'ideas'];

describe('facts beyond orders and memberships', function () {
  this.timeout(60_000);
  let test: TestStore;
  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());
  beforeEach(async () => {
    for (const table of [...TABLES, 'source_items', 'account_records', 'vault', 'suppressed', 'item_tombstones'])
      await test.store.run(raw(`TRUNCATE TABLE ${table}`));
  });

  const options = async () => ({
    ...{ ...test, clock, source },
    writer: await openWriter({ ...test, clock, mixMobileKeys: [] }),
  });
  const collect = async (collector: Collector) => {
    await test.store.run(raw('TRUNCATE TABLE checkpoints'));
    const view = await runSource({ ...(await options()), collector, signal });
    assert.deepEqual([view.status, view.counts.rejections], ['done', 0]);
    return view;
  };
  const rowsOf = (table: string) => test.store.rows<Record<string, unknown>>(raw(`SELECT * FROM ${table} FINAL`));
  const counts = async (tables: readonly string[]) =>
    Promise.all(tables.map(async (table) => (await rowsOf(table)).length));
  const everything = CASES.map((one) => one.record);

  describe('in whatever order they come', () => {
    const inOrder = new Map<string, unknown[]>();
    const reversed = new Map<string, unknown[]>();
    const withdrawn = new Map<string, unknown[]>();
    beforeEach(async () => {
      if (inOrder.size > 0) return;
      const newer = CASES.map((one) => one.newer);
      const deleted = newer.map((one) => ({ ...one, deleted: true }));
      for (const [rows, ...pulls] of [
        [inOrder, everything, newer],
        [reversed, newer, everything],
        [withdrawn, everything, deleted],
      ] as const) {
        for (const table of TABLES) await test.store.run(raw(`TRUNCATE TABLE ${table}`));
        for (const records of pulls) await collect(given(records));
        for (const table of TABLES) rows.set(table, await rowsOf(table));
      }
    });

    for (const { kind, table, shows } of CASES) {
      it(`a ${kind} is kept once, in its newest version, and is gone when its source withdrew it`, () => {
        const [row, ...more] = inOrder.get(table) as object[];
        assert.deepEqual(more, []);
        assert.deepEqual({ ...row, ...shows }, row);
        assert.deepEqual(reversed.get(table), inOrder.get(table));
        assert.deepEqual(withdrawn.get(table), []);
      });
    }
  });

  it('keep two stocks, prices and SKUs of one product apart', async () => {
    await collect(
      given([
        record('product', { key: '8801/8801-1', fields: PRODUCT }),
        record('product', { key: '8801/8801-2', fields: { ...PRODUCT, sku_id: '8801-2' } }),
        record('stock', { key: 'tmall/W01/8801/8801-1', fields: STOCK }),
        record('stock', { key: 'douyin/W01/8801/8801-1', fields: { ...STOCK, for_channel: 'douyin' } }),
        record('price', { key: '//8801/8801-1', fields: PRICE }),
        record('price', { key: '/S1/8801/8801-1', fields: { ...PRICE, store_code: 'S1' } }),
      ]),
    );
    assert.deepEqual(await counts(['products', 'stocks', 'prices']), [2, 2, 2]);
  });

  it('move a coupon that is given on to its new holder', async () => {
    await collect(given([record('coupon', { key: 'C-1', card: 'A001', fields: COUPON })]));
    await collect(given([record('coupon', { key: 'C-1', card: 'A002', fields: COUPON, modified: clock.now() })]));
    assert.equal((await rowsOf('coupons')).length, 1);
  });

  it('hold neither the number of a coupon nor what people wrote in clear', async () => {
    await collect(given(everything));
    for (const table of [...TABLES, 'account_records', 'vault', 'source_items']) {
      const text = JSON.stringify(await rowsOf(table));
      assert.ok(!text.includes('C-1') && !text.includes(MESSAGE), table);
    }
    const [{ found } = { found: 0 }] = await test.store.rows<{ found: number }>(sql`
      SELECT countIf(position(${test.vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') })}, ${raw(`'${MESSAGE}'`)}) > 0) AS found
      FROM vault FINAL WHERE key_id > 0`);
    assert.equal(found, 1);
  });

  it('are what they were after a rebuild, without what today’s mapper does not make any more', async () => {
    await collect(given(everything));
    const before = await Promise.all(TABLES.map(rowsOf));
    await rebuildSource({ ...(await options()), collector: given([]) });
    assert.deepEqual(await Promise.all(TABLES.map(rowsOf)), before);
    await rebuildSource({ ...(await options()), collector: given([], { mapperVersion: 2, drops: 'coupon' }) });
    assert.deepEqual(
      await counts(TABLES),
      TABLES.map((table) => (table === 'coupons' ? 0 : 1)),
    );
  });

  it('go with the person who asks to be forgotten, and do not come back; what is about nobody stays', async () => {
    await collect(given(everything));
    const [{ ordinal } = { ordinal: 0 }] = await test.store.rows<{ ordinal: number }>(
      raw('SELECT account_ordinal AS ordinal FROM coupons FINAL'),
    );
    const context = { ...test, clock };
    const found = await findPerson(context, {
      requestId: 'r-1',
      accountOrdinals: [ordinal],
      profileOrdinals: [],
      profileIds: [],
    });
    const { left } = await forgetPerson(context, { ...found, participants: [ingestForgets], settle: async () => {} });
    assert.deepEqual(left, {});
    const after = TABLES.map((table) => (OF_PEOPLE.includes(table) ? 0 : 1));
    assert.deepEqual(await counts(TABLES), after);
    const view = await collect(given(everything));
    assert.equal(view.counts.suppressed, OF_PEOPLE.length);
    assert.deepEqual(await counts(TABLES), after);
  });
});

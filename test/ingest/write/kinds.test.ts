import assert from 'node:assert/strict';
import type { Collector } from '../../../ingest/collectors/collector.ts';
import { ingestForgets } from '../../../ingest/index.ts';
import { rebuildSource } from '../../../ingest/rebuild.ts';
import type { FieldsByKind, RecordKind, SourceRecord } from '../../../ingest/record.ts';
import { runSource } from '../../../ingest/run.ts';
import { openWriter } from '../../../ingest/write/writer.ts';
import { findPerson, forgetPerson } from '../../../privacy/index.ts';
import { raw, sql } from '../../../store/index.ts';
import { openTestStore, type TestStore } from '../../helpers/store.ts';
import { toySource as source, T0 } from '../../helpers/toy-collector.ts';

const clock = { now: () => new Date('2026-03-01T04:00:00Z') };
const signal = new AbortController().signal;
const at = (time: string) => new Date(`2026-02-${time}:00Z`);
const MESSAGE = '快递小哥态度很好，下次还来';

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

interface Given<K extends RecordKind> {
  key: string;
  fields: FieldsByKind[K];
  card?: string;
  message?: string;
  modified?: Date;
  deleted?: boolean;
}

function record<K extends RecordKind>(kind: K, of: Given<K>): object {
  const { key, fields, card, message, modified = null, deleted = false } = of;
  return {
    kind,
    key,
    account: card === undefined ? null : { kind: 'card_no', scope: 'pos:till', key: card },
    identifiers: [],
    personal: message === undefined ? {} : { message },
    traits: {},
    modifiedAt: modified,
    deleted,
    custom: { shelf: 'A1' },
    fields,
  };
}

const PRODUCT: FieldsByKind['product'] = {
  ...{ product_id: '8801', sku_id: '8801-1', outer_id: 'TS-26-001', sku_outer_id: 'TS-26-001-R-M' },
  ...{
    barcode: '6901234567892',
    title: '圆领T恤',
    category: 'T恤',
    brand: 'Quan',
    variant: '红色;M',
    season: '2026春',
  },
  ...{ life_stage: 'new', status: 'on_sale', launched_on: '2026-02-14', warranty_days: 365 },
};
const STOCK: FieldsByKind['stock'] = {
  ...{ for_channel: 'tmall', store_code: 'W01', product_id: '8801', sku_id: '8801-1' },
  ...{ quantity: -2, available: null, counted_at: at('28T01:00') },
};
const PRICE: FieldsByKind['price'] = {
  ...{ for_channel: '', store_code: '', product_id: '8801', sku_id: '8801-1', list_fen: 19_900, price_fen: 9_950 },
  ...{ in_range: true, valid_from: at('20T16:00'), valid_to: null },
};
const COUPON: FieldsByKind['coupon'] = {
  ...{ batch: 'spring', title: '满199减20', state: 'claimed', face_fen: 2_000, threshold_fen: 19_900 },
  ...{ granted_at: null, claimed_at: at('10T02:00'), used_at: null, expires_at: new Date('2026-12-31T16:00:00Z') },
  ...{ used_order_no: '', used_store: '', discount_fen: null },
};
const SERVICE: FieldsByKind['service'] = {
  ...{ service: 'parcel', status: 'open', order_no: 'B1', product_id: '', sku_id: '', store_code: 'S1', guide: '' },
  ...{ topic: '', opened_at: at('10T00:00'), start_due_at: at('12T00:00'), started_at: at('11T00:00') },
  ...{ due_at: at('14T00:00'), done_at: null, score: null, score_max: null },
};
const SURVEY: FieldsByKind['survey'] = {
  ...{ survey: 'nps-2026', question: '愿意推荐吗', answer: '愿意', score: 9, score_max: 10, order_no: 'B1' },
  ...{ store_code: 'S1', answered_at: at('20T00:00') },
};
const IDEA: FieldsByKind['idea'] = {
  ...{ topic: '尺码', product_id: '8801', status: 'open', votes: 3, happened_at: at('21T00:00') },
};
const STORE: FieldsByKind['store'] = {
  ...{ store_code: 'S1', title: '正佳店', region: '华南', status: 'open', dealer: 'D07', guides: ['G01', 'G02'] },
};

const CASES: readonly { kind: RecordKind; table: string; record: object; newer: object; shows: object }[] = [
  {
    kind: 'product',
    table: 'products',
    record: record('product', { key: '8801/8801-1', fields: PRODUCT }),
    newer: record('product', {
      key: '8801/8801-1',
      fields: { ...PRODUCT, life_stage: 'clearance' },
      modified: clock.now(),
    }),
    shows: { barcode: '6901234567892', life_stage: 'clearance', launched_on: '2026-02-14', warranty_days: 365 },
  },
  {
    kind: 'stock',
    table: 'stocks',
    record: record('stock', { key: 'tmall/W01/8801/8801-1', fields: STOCK }),
    newer: record('stock', {
      key: 'tmall/W01/8801/8801-1',
      fields: { ...STOCK, quantity: 7, available: 5 },
      modified: clock.now(),
    }),
    shows: { for_channel: 'tmall', store_code: 'W01', quantity: 7, available: 5 },
  },
  {
    kind: 'price',
    table: 'prices',
    record: record('price', { key: '//8801/8801-1', fields: PRICE }),
    newer: record('price', {
      key: '//8801/8801-1',
      fields: { ...PRICE, in_range: false, price_fen: null },
      modified: clock.now(),
    }),
    shows: { list_fen: 19_900, price_fen: null, in_range: 0, valid_to: null },
  },
  {
    kind: 'store',
    table: 'stores',
    record: record('store', { key: 'S1', fields: { ...STORE, guides: [] } }),
    newer: record('store', { key: 'S1', fields: STORE, modified: clock.now() }),
    shows: { region: '华南', dealer: 'D07', guides: ['G01', 'G02'] },
  },
  {
    kind: 'coupon',
    table: 'coupons',
    record: record('coupon', { key: 'C-1', card: 'A001', fields: COUPON }),
    newer: record('coupon', {
      ...{ key: 'C-1', card: 'A001', modified: clock.now() },
      fields: { ...COUPON, state: 'used', used_at: at('20T03:00'), used_order_no: 'B1', discount_fen: 2_000 },
    }),
    shows: { batch: 'spring', state: 'used', used_order_no: 'B1', discount_fen: 2_000, granted_at: null },
  },
  {
    kind: 'service',
    table: 'services',
    record: record('service', { key: 'SF1', card: 'A001', fields: SERVICE }),
    newer: record('service', {
      ...{ key: 'SF1', card: 'A001', modified: clock.now() },
      fields: { ...SERVICE, status: 'done', done_at: at('13T00:00') },
    }),
    shows: { service: 'parcel', status: 'done', done_at: '2026-02-13 00:00:00.000', due_at: '2026-02-14 00:00:00.000' },
  },
  {
    kind: 'survey',
    table: 'survey_answers',
    record: record('survey', { key: 'R1', card: 'A001', fields: SURVEY, message: MESSAGE }),
    newer: record('survey', { key: 'R1', card: 'A001', fields: { ...SURVEY, score: 10 }, modified: clock.now() }),
    shows: { survey: 'nps-2026', question: '愿意推荐吗', score: 10, score_max: 10 },
  },
  {
    kind: 'idea',
    table: 'ideas',
    record: record('idea', { key: 'I1', card: 'A001', fields: IDEA, message: '请出大码' }),
    newer: record('idea', { key: 'I1', card: 'A001', fields: { ...IDEA, status: 'taken_up' }, modified: clock.now() }),
    shows: { topic: '尺码', status: 'taken_up', votes: 3 },
  },
];
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

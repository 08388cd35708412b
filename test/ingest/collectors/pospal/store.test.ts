import assert from 'node:assert/strict';
import { type PospalSimulator, startPospalSimulator } from '../../../../fixtures/simulators/pospal/index.ts';
import type { Json, SourcePage } from '../../../../ingest/collectors/collector.ts';
import { pospalCollector } from '../../../../ingest/collectors/pospal/index.ts';
import type { FieldsByKind, Mapped } from '../../../../ingest/record.ts';
import { ago, HandClock, many, NOW, silent } from '../tmall/shop.ts';
import { APP, customerRow, sourceOf, ticketRow, uidOf } from './store.ts';

interface Store {
  readonly simulator: PospalSimulator;
  readonly tickets: string[];
  readonly clock: HandClock;
  pull(
    stream: string,
    checkpoint?: Json,
    pages?: number,
  ): Promise<{ pages: SourcePage[]; keys: string[]; cursor: Json }>;
}

async function withStore(
  customers: readonly string[],
  tickets: string[],
  test: (store: Store) => Promise<void>,
): Promise<void> {
  const clock = new HandClock();
  const simulator = await startPospalSimulator({ ...APP, customers, tickets });
  const source = sourceOf(simulator.url);
  const pull: Store['pull'] = async (stream, checkpoint = null, most = Number.POSITIVE_INFINITY) => {
    const pages: SourcePage[] = [];
    const signal = new AbortController().signal;
    const context = { source, stream, checkpoint, clock, signal, log: silent, sleep: clock.sleep };
    for await (const page of pospalCollector.pull(context)) {
      pages.push(page);
      if (pages.length === most) break;
    }
    const cursor = JSON.parse(JSON.stringify(pages.at(-1)?.cursor ?? checkpoint)) as Json;
    return { pages, keys: pages.flatMap(({ items }) => items.map(({ key }) => key)), cursor };
  };
  try {
    await test({ simulator, tickets, clock, pull });
    assert.deepEqual(simulator.stats.broken, []);
  } finally {
    await simulator.close();
  }
}

function mapped(kind: string, payload: string): Mapped {
  return pospalCollector.map(
    { kind, key: 'k', payload, position: 0, deliveredAt: NOW },
    { source: sourceOf('http://127.0.0.1:1') },
  );
}

describe('customers of a store', () => {
  const customers = many(200, (n) => customerRow(n));

  it('are read whole, go on from any page, and are read again a day later', () =>
    withStore(customers, [], async ({ clock, pull }) => {
      const first = await pull('customers', null, 1);
      const rest = await pull('customers', first.cursor);
      assert.deepEqual([...first.keys, ...rest.keys], many(200, uidOf));
      assert.deepEqual((await pull('customers', rest.cursor)).keys, []);
      clock.forward(25 * 3_600_000);
      assert.equal((await pull('customers', rest.cursor)).keys.length, 200);
    }));

  it('become shop customers with uid, card and phone', () => {
    const { records, rejections } = mapped('customer', customerRow(7));
    assert.deepEqual(rejections, []);
    const [record] = records;
    assert.deepEqual(record?.account, { kind: 'member_no', scope: 'acme', key: `U${uidOf(7)}` });
    assert.deepEqual(
      record?.identifiers
        .filter(({ type }) => type === 'card_no' || type === 'phone')
        .map(({ type, scope, value }) => [type, scope, value]),
      [
        ['card_no', 'acme-stores', 'V1007'],
        ['phone', '', '+8613900010260'],
      ],
    );
    const { grade, points, status } = record!.fields as FieldsByKind['shop_customer'];
    assert.deepEqual([record?.kind, grade, points, status], ['shop_customer', '金卡', 12.5, 'normal']);
  });
});

describe('tickets of a store', () => {
  it('are of the same account as their customer, a line each, in fen', () => {
    const { records, rejections } = mapped('ticket', ticketRow(7));
    assert.deepEqual(rejections, []);
    assert.ok(records.every(({ account }) => account?.key === `U${uidOf(7)}`));
    const lines = records.map(({ fields }) => fields as FieldsByKind['order_line']);
    assert.deepEqual(
      lines.map((line) => [line.line_no, line.sold_by, line.quantity, line.ordered_fen, line.paid_fen, line.line_kind]),
      [
        ['1', 'S1', 2, 30_000, 26_050, 'goods'],
        ['2', 'S1', 1, 1000, 1000, 'goods'],
      ],
    );
    assert.equal(lines[0]?.paid_at?.toISOString(), '2026-01-14T04:00:00.000Z');
  });

  it('without a customer are nobody’s', () => {
    const { records } = mapped('ticket', ticketRow(7, {}, '0'));
    assert.deepEqual(
      records.map(({ account }) => account),
      [null, null],
    );
  });

  it('that are returns become refunds', () => {
    const { records } = mapped('ticket', ticketRow(7, { ticketType: 'SELL_RETURN' }));
    assert.deepEqual(
      records.map(({ kind, fields }) => [kind, (fields as FieldsByKind['refund']).refunded_fen]),
      [
        ['refund', 26_050],
        ['refund', 1000],
      ],
    );
  });

  it('that were voided are no sale, and are met by reading the last days again', () =>
    withStore([], [ticketRow(1, { datetime: ago(3 * 86_400) })], async ({ clock, pull, tickets }) => {
      const first = await pull('tickets');
      assert.equal(first.keys.length, 1);
      tickets[0] = ticketRow(1, { datetime: ago(3 * 86_400), invalid: 1 });
      clock.forward(3_600_000);
      const soon = await pull('tickets', first.cursor);
      assert.deepEqual(soon.keys, [], 'not at every pull');
      clock.forward(24 * 3_600_000);
      const later = await pull('tickets', soon.cursor);
      const { records } = mapped('ticket', later.pages.flatMap(({ items }) => items)[0]!.payload);
      assert.deepEqual(
        records.map(({ deleted }) => deleted),
        [true, true],
      );
    }));
});

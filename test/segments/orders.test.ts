import assert from 'node:assert/strict';
import { profileOrders, suspectedDoubles, unmatchedReturns } from '../../segments/index.ts';
import { purchaseEntries } from '../../segments/orders.ts';
import { sql } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { empty, orderLine, type Row, refund } from './rows.ts';

interface Case {
  readonly title: string;
  readonly lines: readonly Row[];
  readonly refunds?: readonly Row[];
  /** account ordinal: [orders, paid, refunded, quantity] */
  readonly expected: Readonly<Record<number, readonly [number, number, number, number]>>;
  readonly unmatched?: readonly string[];
  readonly doubles?: readonly string[];
}

const platform = { source: 'tmall-1', channel: 'tmall', is_platform: 1, account_ordinal: 1 };
const bill = { account_ordinal: 1, terminal: 'T1', bill_no: '0007' };

const CASES: readonly Case[] = [
  {
    title: 'a paid order of two lines is one purchase',
    lines: [
      orderLine({ order_no: 'A', account_ordinal: 1 }),
      orderLine({ order_no: 'A', line_no: '2', account_ordinal: 1, paid_fen: 500, quantity: 2 }),
    ],
    expected: { 1: [1, 10500, 0, 3] },
  },
  {
    title: 'an order that was not paid in full is no purchase, one that was refunded wholly is',
    lines: [
      ...['created', 'deposit_paid', 'closed_unpaid'].map((state) =>
        orderLine({ order_no: state, state, account_ordinal: 1 }),
      ),
      ...['paid', 'part_shipped', 'shipped', 'finished', 'closed_refunded'].map((state) =>
        orderLine({ order_no: state, state, account_ordinal: 2 }),
      ),
    ],
    expected: { 2: [5, 50000, 0, 5] },
  },
  {
    title: 'staff, wholesale, test, exchange, gift, postage and top-up lines are no purchase',
    lines: ['staff', 'wholesale', 'test', 'exchange', 'gift', 'postage', 'top_up', 'goods'].map((line_kind) =>
      orderLine({ order_no: line_kind, line_kind, account_ordinal: 1 }),
    ),
    expected: { 1: [1, 10000, 0, 1] },
  },
  {
    title: "an order in the platform's list and in a till's file is one order, the platform's",
    lines: [
      orderLine({ ...platform, order_no: '900', paid_fen: 9000 }),
      orderLine({ order_no: 'S1/T1/7', platform_order_no: '900', account_ordinal: 2 }),
    ],
    expected: { 1: [1, 9000, 0, 1] },
  },
  {
    title: 'two copies of a platform order whose own row is not here are one order, the paid one',
    lines: [
      orderLine({ order_no: 'S1/T1/7', platform_order_no: '900', account_ordinal: 1, state: 'created' }),
      orderLine({ source: 'zz-erp', order_no: 'E7', platform_order_no: '900', account_ordinal: 2 }),
    ],
    expected: { 2: [1, 10000, 0, 1] },
  },
  {
    title: 'a till bill that names an online channel without a number is held out and listed',
    lines: [orderLine({ order_no: 'S1/T1/8', suspected_double: 1, account_ordinal: 1 })],
    expected: {},
    doubles: ['S1/T1/8'],
  },
  {
    title: 'a refund that names its order and line is taken off its day and account',
    lines: [orderLine({ ...platform, order_no: '901', line_no: '1' })],
    refunds: [refund({ refund_no: 'R1', source: 'tmall-1', order_no: '901', line_no: '1', refunded_fen: 4000 })],
    expected: { 1: [1, 10000, 4000, 0] },
  },
  {
    title: 'only a successful refund counts; price protection is money back, an exchange is neither',
    lines: [orderLine({ ...platform, order_no: '902' })],
    refunds: [
      refund({ refund_no: 'open', source: 'tmall-1', order_no: '902', status: 'open' }),
      refund({ refund_no: 'closed', source: 'tmall-1', order_no: '902', status: 'closed' }),
      refund({ refund_no: 'price', source: 'tmall-1', order_no: '902', refund_kind: 'money_only', refunded_fen: 300 }),
      refund({ refund_no: 'swap', source: 'tmall-1', order_no: '902', refund_kind: 'exchange' }),
    ],
    expected: { 1: [1, 10000, 300, 1] },
  },
  {
    title: "a till's return joins its sale by store, terminal, number and item",
    lines: [orderLine({ ...bill, order_no: 'S1/T1/d/7' })],
    refunds: [refund({ refund_no: 'R1', terminal: 'T1', original_bill_no: '0007', product_id: 'P1' })],
    expected: { 1: [1, 10000, 10000, 0] },
  },
  {
    title: 'a bill number that two days used joins only when the date is given',
    lines: [
      orderLine({ ...bill, order_no: 'S1/T1/1/7' }),
      orderLine({ ...bill, order_no: 'S1/T1/2/7', business_date: '2026-03-02', account_ordinal: 2 }),
    ],
    refunds: [
      refund({ refund_no: 'vague', terminal: 'T1', original_bill_no: '0007', account_ordinal: 1, refunded_fen: 700 }),
      refund({ refund_no: 'dated', terminal: 'T1', original_bill_no: '0007', original_date: '2026-03-02' }),
    ],
    expected: { 1: [1, 10000, 700, 0], 2: [1, 10000, 10000, 0] },
    unmatched: ['vague'],
  },
  {
    title: 'a sale after the return is not its sale',
    lines: [orderLine({ ...bill, order_no: 'S1/T1/7', business_date: '2026-03-11' })],
    refunds: [refund({ refund_no: 'R1', terminal: 'T1', original_bill_no: '0007' })],
    expected: { 0: [0, 0, 10000, -1], 1: [1, 10000, 0, 1] },
    unmatched: ['R1'],
  },
  {
    title: 'a return without a bill is listed and counts for the card that brought it',
    lines: [orderLine({ order_no: 'A', account_ordinal: 1 })],
    refunds: [refund({ refund_no: 'R1', account_ordinal: 3 })],
    expected: { 1: [1, 10000, 0, 1], 3: [0, 0, 10000, -1] },
    unmatched: ['R1'],
  },
  {
    title: 'a return of what was no purchase takes nothing off',
    lines: [orderLine({ ...bill, order_no: 'S1/T1/7', line_kind: 'staff' })],
    refunds: [refund({ refund_no: 'R1', terminal: 'T1', original_bill_no: '0007', account_ordinal: 1 })],
    expected: {},
  },
  {
    title: 'a sale that its till reversed never was, and the bill that replaces it counts once',
    lines: [
      orderLine({ ...bill, order_no: 'S1/T1/d/7' }),
      orderLine({ ...bill, order_no: 'S1/T1/d/7', line_no: '2', product_id: 'P2' }),
      orderLine({ ...bill, order_no: 'S1/T1/d/9', bill_no: '0009' }),
    ],
    refunds: [refund({ refund_no: 'R', original_bill_no: '0007', refund_kind: 'reversal', product_id: 'P1' })],
    expected: { 1: [1, 10000, 0, 1] },
  },
  {
    title: 'a reversal whose sale is not known is money back and no return',
    lines: [orderLine({ ...bill, order_no: 'S1/T1/d/7' })],
    refunds: [refund({ refund_no: 'R', original_bill_no: '0001', refund_kind: 'reversal', account_ordinal: 1 })],
    expected: { 1: [1, 10000, 10000, 1] },
    unmatched: ['R'],
  },
  {
    title: 'a line that was withdrawn by a later version is gone, a corrected one counts once',
    lines: [
      orderLine({ order_no: 'A', account_ordinal: 1 }),
      orderLine({ order_no: 'A', account_ordinal: 1, version: '2', deleted: 1 }),
      orderLine({ order_no: 'B', account_ordinal: 1 }),
      orderLine({ order_no: 'B', account_ordinal: 1, version: '2', paid_fen: 7000 }),
    ],
    expected: { 1: [1, 7000, 0, 1] },
  },
];

describe('orders and money', () => {
  let test: TestStore;
  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());
  beforeEach(() => empty(test.store, 'order_lines', 'refunds'));

  for (const { title, lines, refunds = [], expected, unmatched = [], doubles = [] } of CASES) {
    it(title, async () => {
      const { store } = test;
      await store.insert('order_lines', [...lines]);
      await store.insert('refunds', [...refunds]);

      const rows = await store.rows<{ account: number; sums: [number, number, number, number] }>(sql`
        SELECT account_ordinal AS account,
          [toInt64(uniqExactIf((source, order_no), order_no != '')), sum(paid_fen), sum(refunded_fen), sum(quantity)] AS sums
        FROM ${purchaseEntries()} GROUP BY account ORDER BY account`);

      assert.deepEqual(Object.fromEntries(rows.map((row) => [row.account, row.sums])), expected);
      const listed = await unmatchedReturns(store, { limit: 10 });
      assert.deepEqual(
        listed.map((one) => one.refund_no),
        unmatched,
      );
      const held = await suspectedDoubles(store, { limit: 10 });
      assert.deepEqual(
        held.map((one) => one.order_no),
        doubles,
      );
    });
  }

  it("shows a profile's orders with what came back and what each line counts as", async () => {
    const { store } = test;
    await store.insert('order_lines', [
      orderLine({ ...bill, order_no: 'old', business_date: '2026-01-05' }),
      orderLine({ order_no: 'new', account_ordinal: 1, platform_order_no: '900' }),
      orderLine({ order_no: 'new', line_no: '2', account_ordinal: 1, line_kind: 'gift', paid_fen: 0 }),
      orderLine({ ...platform, order_no: '900', account_ordinal: 2 }),
      orderLine({ order_no: 'stranger', account_ordinal: 3 }),
    ]);
    await store.insert('refunds', [refund({ refund_no: 'R1', original_bill_no: '0007', refunded_fen: 2500 })]);

    const orders = await profileOrders(store, { accounts: [1], limit: 10 });

    assert.deepEqual(
      orders.map((one) => [one.order_no, one.purchase, one.net_fen, one.lines.map((line) => line.role)]),
      [
        ['new', false, 0, ['copy', 'no_purchase']],
        ['old', true, 7500, ['purchase']],
      ],
    );
  });

  it('pages through unmatched returns without skipping or repeating one', async () => {
    const { store } = test;
    const days = ['2026-03-01', '2026-03-02', '2026-03-02', '2026-03-02', '2026-03-03'];
    await store.insert(
      'refunds',
      days.map((business_date, n) => refund({ refund_no: `R${n}`, business_date })),
    );

    const first = await unmatchedReturns(store, { limit: 3 });
    const last = first.at(-1)!;
    const second = await unmatchedReturns(store, {
      limit: 3,
      after: [last.business_date, last.source, last.refund_no],
    });

    assert.deepEqual(
      [...first, ...second].map((one) => one.refund_no),
      ['R4', 'R1', 'R2', 'R3', 'R0'],
    );
  });
});

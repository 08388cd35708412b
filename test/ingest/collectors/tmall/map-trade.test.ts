import assert from 'node:assert/strict';
import type { OrderLineFields } from '../../../../ingest/record.ts';
import { ago, lineRow, map, recordsOf, tradeRow } from './shop.ts';

function linesOf(trade: object): readonly OrderLineFields[] {
  const mapped = map('trade', trade);
  assert.deepEqual(mapped.rejections, []);
  return recordsOf(mapped, 'order_line').map(({ fields }) => fields);
}

describe('map of trades', () => {
  it('gives one record a line under the full 64-bit numbers, the platform order being the order', () => {
    const [record] = recordsOf(map('trade', tradeRow(0)), 'order_line');
    assert.equal(record?.key, '7012345678901234567/7012345679901234567');
    assert.equal(record?.fields.order_no, '7012345678901234567');
    assert.equal(record?.fields.platform_order_no, '7012345678901234567');
    assert.equal(record?.fields.is_platform, true);
    assert.equal(record?.fields.sold_by, 'flagship');
    assert.equal(record?.fields.business_date, '2026-01-15');
    assert.equal(record?.modifiedAt?.toISOString(), '2026-01-15T03:00:00.000Z');
  });

  it('takes amounts as the platform tells them, in fen', () => {
    const [line] = linesOf(tradeRow(0, { platform_subsidy_fee: '5.50' }));
    const { ordered_fen, paid_fen, discount_fen, freight_fen, platform_subsidy_fen, quantity } = line!;
    assert.deepEqual(
      [ordered_fen, paid_fen, discount_fen, freight_fen, platform_subsidy_fen, quantity],
      [30000, 25900, 4100, 1000, 550, 2],
    );
  });

  it('splits the payment over lines that do not tell their share, freight aside, to the fen', () => {
    const bare = { divide_order_fee: undefined, payment: undefined, num: 1, price: '33.33' };
    const lines = linesOf(
      tradeRow(0, { payment: '100.00', post_fee: '0.00', orders: [0, 1, 2].map((n) => lineRow(n, bare)) }),
    );
    assert.deepEqual(
      lines.map(({ paid_fen }) => paid_fen),
      [3334, 3333, 3333],
    );
  });

  it('keeps the shares that are told and splits only what they leave', () => {
    const orders = [
      lineRow(0, { divide_order_fee: '60.00' }),
      lineRow(1, { divide_order_fee: null, payment: '80.00' }),
    ];
    assert.deepEqual(
      linesOf(tradeRow(0, { payment: '110.00', orders })).map(({ paid_fen }) => paid_fen),
      [6000, 4000],
    );
  });

  it('splits points and coupons over the lines by what they cost', () => {
    const orders = [lineRow(0, { divide_order_fee: '75.00' }), lineRow(1, { divide_order_fee: '25.00' })];
    const lines = linesOf(tradeRow(0, { payment: '110.00', point_fee: 1000, coupon_fee: 10, orders }));
    assert.deepEqual(
      lines.map(({ points_fen, coupon_fen }) => [points_fen, coupon_fen]),
      [
        [750, 8],
        [250, 2],
      ],
    );
  });

  it('counts nothing as paid before all is paid: a deposit stands apart', () => {
    const step = {
      type: 'step',
      status: 'WAIT_BUYER_PAY',
      step_trade_status: 'FRONT_PAID_FINAL_NOPAID',
      step_paid_fee: '50.00',
      pay_time: '',
    };
    const [line] = linesOf(tradeRow(0, step));
    assert.deepEqual([line?.state, line?.paid_fen, line?.deposit_fen, line?.paid_at], ['deposit_paid', 0, 5000, null]);
    const paid = {
      ...step,
      status: 'WAIT_SELLER_SEND_GOODS',
      step_trade_status: 'FRONT_PAID_FINAL_PAID',
      pay_time: ago(60),
    };
    const [rest] = linesOf(tradeRow(0, paid));
    assert.deepEqual([rest?.state, rest?.paid_fen, rest?.deposit_fen], ['paid', 25900, 0]);
  });

  it('a line that was closed before the rest was paid has cost nothing', () => {
    const orders = [
      lineRow(0, { divide_order_fee: null }),
      lineRow(1, { divide_order_fee: null, status: 'TRADE_CLOSED_BY_TAOBAO' }),
    ];
    const lines = linesOf(tradeRow(0, { orders }));
    assert.deepEqual(
      lines.map(({ state, paid_fen }) => [state, paid_fen]),
      [
        ['paid', 25900],
        ['closed_unpaid', 0],
      ],
    );
  });

  const KINDS: [why: string, trade: object, kind: string][] = [
    ['goods', {}, 'goods'],
    ['a free gift', { orders: [lineRow(0, { is_free_gift: true, divide_order_fee: '0.00' })] }, 'gift'],
    ['a postage link by its title', { orders: [lineRow(0, { title: '补邮费专拍链接 差多少拍多少' })] }, 'postage'],
    ['a difference-in-price link', { orders: [lineRow(0, { title: '邮费补差价专拍' })] }, 'postage'],
    ['goods that are free of postage', { orders: [lineRow(0, { title: '限时免邮费 轻薄防晒衣' })] }, 'goods'],
    ['a trade that the platform calls a postage receipt', { receipt_type: 'POSTAGE' }, 'postage'],
    ['a trade of a distributor', { type: 'fenxiao' }, 'wholesale'],
  ];
  for (const [why, change, kind] of KINDS) {
    it(`takes ${why} for ${kind}`, () => assert.equal(linesOf(tradeRow(0, change))[0]?.line_kind, kind));
  }

  it("names the buyer by the app's id, by the shop's where it is given, else by the trade alone", () => {
    const of = (change: object) => map('trade', tradeRow(0, change)).records[0];
    const both = of({});
    assert.deepEqual(both?.account, { kind: 'ouid', scope: 'flagship', key: 'AAO-shop-buyer-1000' });
    assert.deepEqual(both?.identifiers, [
      { type: 'open_uid', scope: '12345678', value: 'AAHrb-fwAAgOrLpFIt9A1000', strength: 'verified' },
    ]);
    assert.deepEqual(of({ ouid: undefined })?.account, {
      kind: 'open_uid',
      scope: '12345678',
      key: 'AAHrb-fwAAgOrLpFIt9A1000',
    });
    assert.deepEqual(of({ ouid: undefined, buyer_open_uid: null })?.account, {
      kind: 'guest',
      scope: 'flagship',
      key: '7012345678901234567',
    });
  });

  it('keeps an order whose buyer id is junk, as a guest, and says so', () => {
    const mapped = map('trade', tradeRow(0, { ouid: undefined, buyer_open_uid: 'undefined' }));
    assert.equal(mapped.records[0]?.account?.kind, 'guest');
    assert.deepEqual(
      mapped.rejections.map(({ path, code, wholeItem }) => [path, code, wholeItem]),
      [['/buyer_open_uid', 'open_uid.junk', false]],
    );
  });

  it("takes nothing of the receiver, the nick or the parcel's id", () => {
    const told = JSON.stringify(map('trade', tradeRow(0)).records);
    for (const word of ['张**', '138****', 'oaid', '天下第一']) assert.ok(!told.includes(word), word);
  });

  it('knows the store and the guide that the order is credited to, and a pick-up', () => {
    const [line] = linesOf(tradeRow(0, { shop_code: 'S001', o2o_shop_id: 'S001', o2o_guide_id: 'G7' }));
    assert.deepEqual(
      [line?.fulfilled_by, line?.credited_store, line?.credited_guide, line?.scene],
      ['S001', 'S001', 'G7', 'pick_up'],
    );
  });

  it('refuses a trade with two lines of one number rather than lose one', () => {
    const { records, rejections } = map('trade', tradeRow(0, { orders: [lineRow(0), lineRow(0)] }));
    assert.deepEqual([records.length, rejections[0]?.path, rejections[0]?.code], [0, '/orders', 'trade.line-twice']);
  });

  it('tells every fault of a trade at once, masked where it could be personal', () => {
    const { records, rejections } = map(
      'trade',
      tradeRow(0, { payment: '13912345678x', pay_time: '昨天下午', type: 7 }),
    );
    assert.deepEqual(records, []);
    const said = Object.fromEntries(rejections.map(({ path, given, code }) => [path, `${code}: ${given}`]));
    assert.deepEqual(said, {
      '/payment': 'amount.not-yuan: 13****8x',
      '/pay_time': 'time.not-valid: 昨****',
      '/type': 'field.not-text: 7',
    });
  });
});

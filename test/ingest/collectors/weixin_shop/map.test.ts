import assert from 'node:assert/strict';
import { recordsOf } from '../tmall/shop.ts';
import {
  APP,
  afterSaleRow,
  map,
  memberRow,
  messageRow,
  NOW_S,
  openidOf,
  orderIdOf,
  orderRow,
  productRow,
  unionidOf,
} from './shop.ts';

const at = (seconds: number) => new Date(seconds * 1000);
const ACCOUNT = { kind: 'openid', scope: APP.app_id, key: openidOf(1) };
const UNION = { type: 'unionid', scope: 'demo-open', value: unionidOf(1), strength: 'verified' };
const linesOf = (...row: Parameters<typeof orderRow>) => recordsOf(map('order', orderRow(...row)), 'order_line');

describe('orders of 微信小店', () => {
  it('are the platform’s own fact, line by line, with amounts in fen', () => {
    const [line] = linesOf(1);
    assert.deepEqual(line?.account, ACCOUNT);
    assert.deepEqual(line?.identifiers, [UNION]);
    assert.equal(line?.key, `${orderIdOf(1)}/1024001`);
    const { order_no, platform_order_no, is_platform, state, scene, ...fields } = line!.fields;
    assert.deepEqual(
      [order_no, platform_order_no, is_platform, state, scene],
      [orderIdOf(1), orderIdOf(1), true, 'paid', 'live'],
    );
    assert.deepEqual(
      [fields.ordered_fen, fields.paid_fen, fields.discount_fen, fields.freight_fen, fields.quantity],
      [30000, 25900, 4100, 1000, 2],
    );
    assert.deepEqual([fields.product_id, fields.sku_id, fields.sold_by], ['SP00123', 'SP00123-M', 'weixin-flagship']);
    assert.deepEqual([fields.paid_at, fields.business_date], [at(NOW_S - 7001), '2026-01-15']);
  });

  it('say nothing of the receiver: no phone, no virtual number, no address, no hash_code', () => {
    const mapped = map('order', orderRow(1));
    const text = JSON.stringify(mapped);
    for (const of of ['13812340000', '18400913965', '张三', '某路', 'b5d2']) assert.ok(!text.includes(of), of);
    assert.deepEqual(linesOf(1)[0]?.personal, {});
  });

  const STATES: [status: number, pay: boolean, state: string][] = [
    [10, false, 'created'],
    [20, true, 'paid'],
    [21, true, 'part_shipped'],
    [30, true, 'shipped'],
    [100, true, 'finished'],
    [190, false, 'closed_unpaid'],
    [190, true, 'closed_refunded'],
    [200, true, 'closed_refunded'],
    [250, false, 'closed_unpaid'],
    [250, true, 'closed_refunded'],
  ];
  for (const [status, pay, state] of STATES) {
    it(`status ${status} ${pay ? 'with' : 'without'} a payment is ${state}`, () => {
      const [line] = linesOf(1, { status }, { pay_info: pay ? { pay_time: NOW_S } : { pay_time: 0 } });
      assert.equal(line?.fields.state, state);
      assert.equal(line?.fields.paid_fen === 0, !pay);
      assert.equal(line?.fields.paid_at === null, !pay);
    });
  }

  const SCENES: [scene: number, said: string][] = [
    [1, ''],
    [2, 'live'],
    [3, 'video'],
    [4, 'share'],
    [5, ''],
    [6, ''],
  ];
  for (const [order_scene, said] of SCENES) {
    it(`scene ${order_scene} is '${said}'`, () => {
      assert.equal(linesOf(1, {}, { ext_info: { order_scene } })[0]?.fields.scene, said);
    });
  }

  it('with one SKU twice have two lines', () => {
    const lines = linesOf(1, {}, { product_infos: [productRow(1), productRow(1, { real_price: 0, sale_price: 0 })] });
    assert.deepEqual(
      lines.map(({ fields }) => fields.line_no),
      ['1024001', '1024001#2'],
    );
  });

  it('whose lines do not tell what was paid have it split to the fen', () => {
    const untold = { real_price: undefined, sku_cnt: 1 };
    const lines = linesOf(
      1,
      {},
      { product_infos: [1, 2, 3].map((n) => productRow(n, untold)), price_info: { order_price: 11000, freight: 1000 } },
    );
    assert.deepEqual(lines.map(({ fields }) => fields.paid_fen).sort(), [3333, 3333, 3334]);
  });

  it('are the same whether the platform writes prepay_id or prepayId', () => {
    const of = (pay: object) => map('order', orderRow(1, {}, { pay_info: { pay_time: NOW_S, ...pay } }));
    assert.deepEqual(of({ prepayId: 'wx15' }), of({ prepay_id: 'wx15' }));
  });

  it('of a shop that is bound to no Open Platform account have no unionid, and no complaint of it', () => {
    const mapped = map('order', orderRow(1), 'no-account');
    assert.deepEqual(recordsOf(mapped, 'order_line')[0]?.identifiers, []);
    assert.deepEqual(mapped.rejections, []);
  });

  for (const junk of ['openid', 'test', APP.app_id, 'oTooShort']) {
    it(`with '${junk}' for an openid are a guest's, and say so`, () => {
      const mapped = map('order', orderRow(1, { openid: junk, unionid: '' }));
      assert.equal(recordsOf(mapped, 'order_line')[0]?.account?.kind, 'guest');
      assert.deepEqual(
        mapped.rejections.map(({ path, wholeItem }) => [path, wholeItem]),
        [['/openid', false]],
      );
    });
  }

  it('that the platform no longer gives are kept as a rejection', () => {
    const mapped = map('order', { order_id: orderIdOf(1), errcode: 10020052 });
    assert.equal(mapped.records.length, 0);
    assert.ok(mapped.rejections.every(({ wholeItem }) => wholeItem));
  });
});

describe('after-sales of 微信小店', () => {
  const of = (change: object) => recordsOf(map('after_sale', afterSaleRow(1, change)), 'refund')[0]!;

  it('name their order and line and the buyer', () => {
    const refund = of({});
    assert.deepEqual([refund.fields.order_no, refund.fields.line_no], [orderIdOf(1), '1024001']);
    assert.deepEqual([refund.account, refund.identifiers], [ACCOUNT, [UNION]]);
    assert.deepEqual(
      [refund.fields.status, refund.fields.refunded_fen, refund.fields.refunded_at],
      ['open', 25900, null],
    );
  });

  const STATUSES: [status: string, said: string][] = [
    ['USER_CANCELD', 'closed'],
    ['MERCHANT_REJECT_REFUND', 'open'],
    ['PLATFORM_REFUND_FAIL', 'open'],
    ['RETURN_CLOSED', 'closed'],
    ['MERCHANT_REFUND_SUCCESS', 'success'],
    ['MERCHANT_RETURN_SUCCESS', 'success'],
  ];
  for (const [status, said] of STATUSES) {
    it(`${status} is ${said}`, () => {
      const { fields } = of({ status });
      assert.equal(fields.status, said);
      assert.deepEqual(fields.refunded_at, said === 'success' ? at(NOW_S - 4001) : null);
    });
  }

  const KINDS: [type: string, kind: string, fen: number][] = [
    ['REFUND', 'money_only', 25900],
    ['RETURN', 'return', 25900],
    ['EXCHANGE', 'exchange', 0],
  ];
  for (const [type, kind, fen] of KINDS) {
    it(`${type} is ${kind}`, () => {
      const { fields } = of({ type });
      assert.deepEqual([fields.refund_kind, fields.refunded_fen], [kind, fen]);
    });
  }
});

describe('members of 微信小店', () => {
  it('are customers of the shop, joined by union_id (spelled so here) and the phone WeChat verified', () => {
    const mapped = map('member', memberRow(1));
    const [customer] = recordsOf(mapped, 'shop_customer');
    assert.deepEqual(customer?.account, ACCOUNT);
    assert.deepEqual(customer?.identifiers, [
      UNION,
      { type: 'phone', scope: '', value: '+8613912341001', strength: 'verified' },
    ]);
    assert.deepEqual(
      [customer?.fields.grade, customer?.custom, customer?.personal],
      ['2', { experience_value: '120' }, { phone: '+8613912341001' }],
    );
    assert.equal(mapped.records.length, 1, 'no membership of the brand');
  });

  it('with a masked phone keep it as what it is', () => {
    const mapped = map('member', memberRow(1, { user_info: { phone_number: '139****1001' } }));
    const [customer] = recordsOf(mapped, 'shop_customer');
    assert.deepEqual(customer?.identifiers[1]?.type, 'phone_masked');
    assert.deepEqual(customer?.personal, {});
  });
});

describe('messages of 微信小店', () => {
  it('who joins is an event, with the phone they gave', () => {
    const info = { join_time: NOW_S - 100, phone_number: '13912341001', grade: 1 };
    const mapped = map('message', messageRow('channels_ec_vip_join', { user_info: info }));
    const [event] = recordsOf(mapped, 'event');
    assert.deepEqual([event?.fields.event, event?.fields.happened_at], ['member_joined', at(NOW_S - 100)]);
    assert.deepEqual(event?.account, ACCOUNT);
    assert.equal(event?.personal.phone, '+8613912341001');
  });

  it('who leaves is no customer of the shop any more', () => {
    const mapped = map('message', messageRow('channels_ec_vip_close', { user_info: { close_time: NOW_S - 70 } }));
    assert.equal(recordsOf(mapped, 'event')[0]?.fields.event, 'member_left');
    assert.deepEqual(
      recordsOf(mapped, 'shop_customer').map(({ key, deleted }) => [key, deleted]),
      [[openidOf(1), true]],
    );
  });

  it('points are added and taken, whether they come as text or as numbers', () => {
    for (const [delta, score] of [
      ['-5', '120'],
      [-5, 120],
    ]) {
      const info = { score, delta_score: delta };
      const mapped = map('message', messageRow('channels_ec_vip_score_update', { user_info: info }));
      const [entry] = recordsOf(mapped, 'points_entry');
      assert.deepEqual([entry?.fields.delta, entry?.fields.balance], [-5, 120]);
    }
  });

  it('a new level is a change of level', () => {
    const mapped = map('message', messageRow('channels_ec_vip_grade_info_update', { user_info: { grade: '3' } }));
    assert.equal(recordsOf(mapped, 'level_change')[0]?.fields.to_level, '3');
  });

  it('points without their number are a rejection', () => {
    const mapped = map('message', messageRow('channels_ec_vip_score_exchange', { user_info: { score: '1' } }));
    assert.deepEqual(
      mapped.rejections.map(({ path }) => path),
      ['/user_info/delta_score'],
    );
  });

  const SILENT: [event: string, change: object][] = [
    ['channels_ec_order_pay', { order_info: { order_id: orderIdOf(1), pay_time: '1768449600' } }],
    ['channels_ec_order_cancel', { order_info: { order_id: orderIdOf(1), cancel_type: '1' } }],
    ['channels_ec_aftersale_update', { finder_shop_aftersale_status_update: { status: 'USER_CANCELD' } }],
  ];
  for (const [event, change] of SILENT) {
    it(`${event} says nothing by itself: what it names is pulled`, () => {
      assert.deepEqual(map('message', messageRow(event, change)), { records: [], rejections: [] });
    });
  }

  it('about a member that nobody names are a rejection', () => {
    const mapped = map('message', messageRow('channels_ec_vip_join', { FromUserName: 'openid' }));
    assert.ok(mapped.rejections.length > 0 && mapped.rejections.every(({ wholeItem }) => wholeItem));
  });
});

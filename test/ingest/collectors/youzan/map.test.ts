import assert from 'node:assert/strict';
import { youzanPush } from '../../../../fixtures/simulators/youzan/index.ts';
import { ago, NOW, recordsOf } from '../tmall/shop.ts';
import {
  APP,
  itemOf,
  lineRow,
  MINI_PROGRAM,
  map,
  memberRow,
  NOW_S,
  OFFICIAL_ACCOUNT,
  openIdOf,
  orderRow,
  refundItem,
  tidOf,
  wechatIdOf,
} from './shop.ts';

const ACCOUNT = { kind: 'youzan_open_id', scope: 'demo', key: openIdOf(1) };
const secondsAgo = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
const linesOf = (...row: Parameters<typeof orderRow>) => recordsOf(map('order', orderRow(...row)), 'order_line');
const from = (wx_entrance: string) => ({ source_info: { source: { platform: 'wx', wx_entrance } } });

describe('orders of Youzan', () => {
  it('are the platform’s own fact, with the freight taken out of what each line cost', () => {
    const [line] = linesOf(1);
    assert.deepEqual(line?.account, ACCOUNT);
    assert.equal(line?.key, `${tidOf(1)}/280000000001001`);
    const { fields } = line!;
    assert.deepEqual(
      [fields.ordered_fen, fields.paid_fen, fields.freight_fen, fields.discount_fen, fields.quantity],
      [30000, 25900, 1000, 4100, 2],
    );
    assert.deepEqual(
      [fields.state, fields.is_platform, fields.product_id, fields.sku_id],
      ['paid', true, 'SP00123', 'SP00123-M'],
    );
    assert.deepEqual([fields.paid_at, fields.business_date], [secondsAgo(7001), '2026-01-15']);
    assert.deepEqual(line?.modifiedAt, secondsAgo(3601));
  });

  it('split freight over several lines to the fen, and leave amounts without freight as they are', () => {
    const orders = [lineRow(1, { payment: '100.00' }), lineRow(2, { payment: '169.00' })];
    const fen = (payment: string) =>
      linesOf(1, {}, { orders, pay_info: { payment, post_fee: '10.00' } }).map(({ fields }) => fields.paid_fen);
    assert.equal(
      fen('269.00').reduce((a, b) => a + b),
      25900,
    );
    assert.deepEqual(fen('279.00'), [10000, 16900]);
  });

  it('take gift cards and stored value in fen, where all else is yuan', () => {
    const [line] = linesOf(1, {}, { pay_info: { payment: '269.00', post_fee: '10.00', deduction_pay: 5000 } });
    assert.deepEqual([line?.fields.stored_value_fen, line?.fields.paid_fen], [5000, 25900]);
  });

  it('read amounts that come as numbers', () => {
    const text = JSON.stringify(orderRow(1)).replace('"269.00"', '269.00').replaceAll('"150.00"', '150');
    assert.equal(recordsOf(map('order', text), 'order_line')[0]?.fields.ordered_fen, 30000);
  });

  it('join the openid of the app they were made in, and no other', () => {
    const openids = (entrance: string) =>
      linesOf(1, {}, from(entrance))[0]!
        .identifiers.filter(({ type }) => type === 'openid')
        .map(({ scope }) => scope);
    assert.deepEqual(openids('merchant_xcx'), [MINI_PROGRAM]);
    assert.deepEqual(openids('wx_gzh'), [OFFICIAL_ACCOUNT]);
    assert.deepEqual(openids('yzdh_xcx'), []);
    assert.deepEqual(linesOf(1)[0]!.identifiers.find(({ type }) => type === 'openid')?.value, wechatIdOf(1));
  });

  it('of the merchant’s own app have no openid: its user ids are none', () => {
    const mapped = map('order', orderRow(1, {}, { buyer_info: { yz_open_id: openIdOf(1), outer_user_id: 'user-77' } }));
    assert.deepEqual([mapped.records[0]?.identifiers, mapped.rejections], [[], []]);
  });

  it('join the buyer’s phone, and say nothing of the receiver', () => {
    const [line] = linesOf(1);
    const phone = line?.identifiers.find(({ type }) => type === 'phone');
    assert.deepEqual([phone?.value, line?.personal], ['+8613912341001', { phone: '+8613912341001' }]);
    const text = JSON.stringify(line);
    for (const of of ['13812340000', '张三', '某路', '小李']) assert.ok(!text.includes(of), of);
  });

  it('with an encrypted phone keep it in the archive only, without a complaint', () => {
    const buyer_info = { yz_open_id: openIdOf(1), buyer_phone: '$uhqbqg15Dn5slYolRHAzZw==$1$' };
    const mapped = map('order', orderRow(1, {}, { buyer_info }));
    assert.deepEqual([mapped.records[0]?.identifiers, mapped.records[0]?.personal, mapped.rejections], [[], {}, []]);
  });

  it('with a masked phone have it as what it is', () => {
    const [line] = linesOf(1, {}, { buyer_info: { yz_open_id: openIdOf(1), buyer_phone: '139****1001' } });
    assert.deepEqual(
      line?.identifiers.map(({ type, strength }) => [type, strength]),
      [['phone_masked', 'weak']],
    );
  });

  it('without a buyer are a guest’s', () => {
    const [line] = linesOf(1, {}, { buyer_info: null });
    assert.deepEqual(line?.account, { kind: 'guest', scope: 'youzan-flagship', key: tidOf(1) });
  });

  const STATES: [status: string, info: object, state: string][] = [
    ['WAIT_BUYER_PAY', { pay_time: null }, 'created'],
    ['TRADE_PAID', {}, 'paid'],
    ['WAIT_CONFIRM', {}, 'paid'],
    ['WAIT_SELLER_SEND_GOODS', {}, 'paid'],
    ['WAIT_SELLER_SEND_GOODS', { pay_time: '', pay_type_str: 'CODPAY' }, 'created'],
    ['WAIT_BUYER_CONFIRM_GOODS', {}, 'shipped'],
    ['TRADE_SUCCESS', {}, 'finished'],
    ['TRADE_CLOSED', { pay_time: '' }, 'closed_unpaid'],
    ['TRADE_CLOSED', {}, 'closed_refunded'],
  ];
  for (const [status, info, state] of STATES) {
    it(`${status} ${JSON.stringify(info)} is ${state}`, () => {
      assert.equal(linesOf(1, { status, ...info })[0]?.fields.state, state);
    });
  }

  const KINDS: [why: string, info: object, line: object, kind: string][] = [
    ['a present', {}, { is_present: true }, 'gift'],
    ['a gift card that is sold', {}, { item_type: 21 }, 'top_up'],
    ['a link for postage', {}, { title: '补邮费专用' }, 'postage'],
    ['a fen to prove one’s name', { type: 8 }, {}, 'test'],
    ['wholesale', { type: 100 }, {}, 'wholesale'],
    ['goods', {}, {}, 'goods'],
  ];
  for (const [why, info, line, kind] of KINDS) {
    it(`know ${why}`, () => {
      assert.equal(linesOf(1, info, { orders: [lineRow(1, line)] })[0]?.fields.line_kind, kind);
    });
  }

  it('to be fetched at a store name it', () => {
    const { fields } = linesOf(1, { express_type: 1, offline_id: 12 })[0]!;
    assert.deepEqual([fields.scene, fields.credited_store], ['pick_up', '12']);
  });

  it('with one line twice are refused', () => {
    const mapped = map('order', orderRow(1, {}, { orders: [lineRow(1), lineRow(1)] }));
    assert.deepEqual(
      mapped.rejections.map(({ code }) => code),
      ['order.line-twice'],
    );
  });
});

describe('refunds of Youzan', () => {
  const of = (...item: Parameters<typeof refundItem>) => recordsOf(map('refund', refundItem(...item)), 'refund')[0]!;

  it('name their order, and by the detail their line and the moment of success', () => {
    const { fields, account } = of(1);
    assert.deepEqual([fields.order_no, fields.line_no, account], [tidOf(1), '280000000001001', null]);
    assert.deepEqual([fields.status, fields.refunded_fen, fields.refunded_at], ['success', 26900, secondsAgo(1901)]);
  });

  it('without a detail name their order alone', () => {
    const mapped = map('refund', { ...refundItem(1), detail: null });
    const { fields } = recordsOf(mapped, 'refund')[0]!;
    assert.deepEqual([fields.line_no, fields.refund_kind, fields.refunded_at], ['', 'return', secondsAgo(1801)]);
  });

  const KINDS: [demand: number | null, goods: boolean, kind: string, fen: number][] = [
    [1, true, 'money_only', 26900],
    [2, false, 'return', 26900],
    [3, true, 'exchange', 0],
    [null, true, 'return', 26900],
    [null, false, 'money_only', 26900],
  ];
  for (const [demand, return_goods, kind, fen] of KINDS) {
    it(`demand ${demand} ${return_goods ? 'with' : 'without'} goods is ${kind}`, () => {
      const { fields } = of(1, { return_goods }, { demand });
      assert.deepEqual([fields.refund_kind, fields.refunded_fen], [kind, fen]);
    });
  }

  const STATUSES: [status: string, said: string][] = [
    ['WAIT_SELLER_AGREE', 'open'],
    ['SELLER_REFUSE_BUYER', 'open'],
    ['A_STATE_OF_TOMORROW', 'open'],
    ['CLOSED', 'closed'],
  ];
  for (const [status, said] of STATUSES)
    it(`${status} is ${said}`, () => assert.equal(of(1, { status }).fields.status, said));
});

describe('customers of Youzan', () => {
  const of = (change: object = {}) => recordsOf(map('member', memberRow(1, change)), 'shop_customer')[0]!;

  it('are customers of the shop with points, joined by their phone', () => {
    const customer = of();
    assert.deepEqual([customer.account, customer.identifiers.map(({ type }) => type)], [ACCOUNT, ['phone']]);
    assert.deepEqual(
      [customer.fields.points, customer.fields.trade_count, customer.custom],
      [120, 3, { is_member: '1' }],
    );
    assert.deepEqual([customer.personal.nickname, customer.traits], ['小李', { gender: 'female' }]);
  });

  it('tell seconds from milliseconds', () => {
    const at = new Date((NOW_S - 80_000) * 1000);
    assert.deepEqual(of().fields.joined_at, at);
    assert.deepEqual(of({ created_member_at: (NOW_S - 80_000) * 1000 }).fields.joined_at, at);
    assert.equal(of({ is_member: 0, created_member_at: null }).fields.joined_at, null);
  });

  it('with an encrypted phone have none', () => {
    const mapped = map('member', memberRow(1, { mobile: '$AbC==$1$' }));
    assert.deepEqual([mapped.records[0]?.identifiers, mapped.rejections], [[], []]);
  });
});

describe('pushes of Youzan', () => {
  const push = (type: string, msg: object, more: object = {}) =>
    map('message', youzanPush({ type, msg, version: NOW_S - 60, msg_id: 'm-1', ...more }, APP).body.toString());

  it('that carry the order are the order, as of its time of change', () => {
    const row = orderRow(1, { update_time: ago(100) });
    assert.deepEqual(push('trade_TradePaid', row).records, map('order', row).records);
    const [older] = push('trade_TradeCreate', orderRow(1, { update_time: ago(200), status: 'WAIT_BUYER_PAY' })).records;
    assert.ok(older!.modifiedAt! < secondsAgo(100), 'a push that comes too late is an older version');
  });

  it('that carry a number alone say nothing by themselves', () => {
    assert.deepEqual(push('trade_TradeClose', { tid: tidOf(1), close_type: 4 }), { records: [], rejections: [] });
    assert.deepEqual(push('youzan_trade_RefundSuccess', { refund_id: '1' }), { records: [], rejections: [] });
  });

  it('of points are entries, whoever changed them', () => {
    const mapped = push('POINTS', {
      amount: '-5',
      total: 120,
      event_type: 'TRADE',
      yz_open_id: openIdOf(1),
      unique_id: 'u-1',
    });
    const [entry] = recordsOf(mapped, 'points_entry');
    assert.deepEqual([entry?.key, entry?.fields.delta, entry?.fields.balance], ['points/u-1', -5, 120]);
    assert.deepEqual([entry?.account, entry?.fields.happened_at], [ACCOUNT, secondsAgo(60)]);
    assert.equal(push('POINTS', { total: 1, yz_open_id: openIdOf(1) }).rejections[0]?.path, '/msg/amount');
  });

  it('of a customer who closed the account end the customer', () => {
    const mapped = push(
      'SCRM_CUSTOMER_EVENT',
      { is_log_off: true, yz_open_id: openIdOf(1) },
      { status: 'CUSTOMER_UPDATED' },
    );
    assert.deepEqual(
      recordsOf(mapped, 'shop_customer').map(({ key, deleted }) => [key, deleted]),
      [[openIdOf(1), true]],
    );
    assert.equal(recordsOf(mapped, 'event')[0]?.fields.event, 'customer_closed');
  });

  it('of a new customer are an event; of a changed one the list tells', () => {
    const msg = { mobile: '13912341001', name: '丽 丽', is_member: 1 };
    const created = push('SCRM_CUSTOMER_EVENT', msg, { status: 'CUSTOMER_CREATED' });
    assert.deepEqual(
      recordsOf(created, 'event').map(({ account }) => account?.kind),
      ['phone'],
    );
    assert.deepEqual(push('SCRM_CUSTOMER_EVENT', msg, { status: 'CUSTOMER_UPDATED' }).records, []);
  });

  it('read spaces whether they are written + or %20', () => {
    const row = orderRow(1);
    const msg = JSON.stringify(row);
    const of = (encoded: string) => map('message', JSON.stringify({ type: 'trade_TradePaid', msg: encoded }));
    assert.deepEqual(of(encodeURIComponent(msg)).records, map('order', row).records);
    assert.deepEqual(of(encodeURIComponent(msg).replaceAll('%20', '+')).records, map('order', row).records);
    assert.deepEqual(of(encodeURI(msg)).records, map('order', row).records);
  });

  it('whose message is none are a rejection', () => {
    for (const msg of ['%E0%A4%A', 'no json', '', 7]) {
      const { rejections } = map('message', { type: 'POINTS', msg });
      assert.deepEqual(
        rejections.map(({ path }) => path),
        ['/msg'],
        String(msg),
      );
    }
    assert.equal(map('message', itemOf('message', 'no json').payload).rejections[0]?.code, 'item.not-json');
  });
});

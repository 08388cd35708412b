import assert from 'node:assert/strict';
import { customerRow, map, messageRow, recordsOf, refundRow } from './shop.ts';

const refundOf = (change: object) => recordsOf(map('refund', refundRow(0, change)), 'refund')[0]!;

describe('map of refunds', () => {
  it('joins the ids of the shop and of the app', () => {
    const { account, identifiers } = refundOf({});
    assert.deepEqual(account, { kind: 'ouid', scope: 'flagship', key: 'AAO-shop-buyer-1000' });
    assert.deepEqual(
      identifiers.map(({ type, scope, value }) => [type, scope, value]),
      [['open_uid', '12345678', 'AAHrb-fwAAgOrLpFIt9A1000']],
    );
  });

  it('names the order, the line and the amount', () => {
    const { key, fields } = refundOf({});
    assert.equal(key, '91234567890123456');
    assert.equal(fields.order_no, '7012345678901234567');
    assert.equal(fields.line_no, '7012345679901234567');
    assert.deepEqual(
      [fields.refunded_fen, fields.status, fields.product_id, fields.quantity],
      [25900, 'success', 'SP00123', 2],
    );
    assert.equal(fields.refunded_at?.toISOString(), '2026-01-15T03:30:00.000Z');
  });

  it('hangs on the order as a guest where it names nobody', () => {
    assert.deepEqual(refundOf({ ouid: '', buyer_open_uid: '' }).account, {
      kind: 'guest',
      scope: 'flagship',
      key: '7012345678901234567',
    });
  });

  const KINDS: [why: string, change: object, kind: string, fen: number][] = [
    ['goods sent back', { dispute_type: 'REFUND_AND_RETURN' }, 'return', 25900],
    ['money without goods', { dispute_type: 'REFUND', has_good_return: false }, 'money_only', 25900],
    [
      'price protection, whatever else it says',
      { special_refund_type: 'priceProtect', has_good_return: true },
      'money_only',
      25900,
    ],
    ['cash back', { special_refund_type: 'cashBack', dispute_type: 'OTHERS' }, 'money_only', 25900],
    ['an exchange: goods for goods, no money', { dispute_type: 'TMALL_EXCHANGE' }, 'exchange', 0],
    ['a repair', { dispute_type: 'REPAIR' }, 'exchange', 0],
    ['an old row with goods sent back', { dispute_type: undefined, has_good_return: true }, 'return', 25900],
    ['an old row without', { dispute_type: undefined, has_good_return: false }, 'money_only', 25900],
  ];
  for (const [why, change, kind, fen] of KINDS) {
    it(`takes ${why} for ${kind}`, () => {
      const { refund_kind, refunded_fen } = refundOf(change).fields;
      assert.deepEqual([refund_kind, refunded_fen], [kind, fen]);
    });
  }

  for (const [given, status] of [
    ['WAIT_SELLER_AGREE', 'open'],
    ['SELLER_REFUSE_BUYER', 'open'],
    ['WAIT_SELLER_CONSIGN_GOODS', 'open'],
    ['CLOSED', 'closed'],
    ['SUCCESS', 'success'],
  ] as const) {
    it(`${given} is ${status}`, () => {
      const { fields } = refundOf({ status: given });
      assert.equal(fields.status, status);
      assert.equal(fields.refunded_at !== null, status === 'success');
    });
  }
});

describe('map of shop customers', () => {
  it('gives a shop customer, no membership, with nothing of the nick', () => {
    const mapped = map('customer', customerRow(0));
    assert.deepEqual(mapped.rejections, []);
    const [record] = recordsOf(mapped, 'shop_customer');
    assert.deepEqual(record?.account, { kind: 'ouid', scope: 'flagship', key: 'AAO-shop-buyer-1000' });
    assert.deepEqual(record?.identifiers, []);
    assert.deepEqual(record?.fields, {
      ...{ grade: '高级会员', status: 'normal', trade_count: 3, trade_amount_fen: 123450 },
      last_trade_at: new Date('2026-01-14T04:00:00Z'),
    });
    assert.ok(!JSON.stringify(mapped.records).includes('天**一'));
  });

  it('reads amounts that come as bare numbers, and knows the black list', () => {
    const [record] = recordsOf(
      map('customer', '{"ouid":"AAO-shop-buyer-1000","status":"blacklist","trade_amount":12.30}'),
      'shop_customer',
    );
    assert.deepEqual(
      [record?.fields.status, record?.fields.trade_amount_fen, record?.fields.trade_count],
      ['blocked', 1230, null],
    );
  });

  it('refuses a row whose ouid is junk, for it names nobody', () => {
    const { records, rejections } = map('customer', customerRow(0, { ouid: 'undefined' }));
    assert.deepEqual(records, []);
    assert.deepEqual(
      rejections.map(({ path, wholeItem }) => [path, wholeItem]),
      [['/ouid', true]],
    );
  });
});

describe('map of messages', () => {
  it('a joined member is bound since it joined', () => {
    const content = {
      user: 'AAO-shop-buyer-1',
      seller: '演示旗舰店',
      join_time: '2026-01-10 08:00:00',
      first_join_time: '2025-01-01 00:00:00',
      msg_id: 5,
    };
    const mapped = map('message', messageRow(1, { topic: 'taobao_opencrm_MemberJoinPrivate', content }));
    const at = new Date('2026-01-10T00:00:00Z');
    assert.deepEqual(recordsOf(mapped, 'binding')[0]?.fields, { channel: 'tmall', bound_at: at, unbound_at: null });
    assert.deepEqual(
      recordsOf(mapped, 'event').map(({ fields }) => [fields.event, fields.happened_at]),
      [['member_joined', at]],
    );
  });

  it('a new grade is a level change, with the ids that it joins', () => {
    const content = { ouid: 'AAO-shop-buyer-1', omid: 'AAM-brand-1', seller_id: 1, grade: 3, msg_id: 9 };
    const [record] = recordsOf(
      map('message', messageRow(1, { topic: 'taobao_opencrm_MemberGradeChange', content })),
      'level_change',
    );
    assert.equal(record?.fields.to_level, '3');
    assert.deepEqual(
      record?.identifiers.map(({ type, scope }) => [type, scope]),
      [['omid', 'demo']],
    );
  });

  it('a change of points is an entry: type 1 takes, type 2 gives; the same record twice is the same entry', () => {
    const of = (type: number) => {
      const content = {
        record_id: 77,
        ouid: 'AAO-shop-buyer-1',
        point: 50,
        type,
        biz_type: 'gift_exchange',
        seller_name: 'x',
      };
      return recordsOf(
        map('message', messageRow(type, { topic: 'tmall_mei_PointChange', content })),
        'points_entry',
      )[0];
    };
    assert.deepEqual([of(1)?.fields.delta, of(2)?.fields.delta, of(1)?.fields.reason], [-50, 50, 'gift_exchange']);
    assert.equal(of(1)?.key, of(2)?.key);
  });

  it('an order that the platform no longer gives is told, a topic that says nothing of members is not', () => {
    const gone = map('message', messageRow(1, { topic: 'taobao_trade_TradeClose', content: { tid: 5 } }));
    assert.deepEqual(
      gone.rejections.map(({ code }) => code),
      ['message.object-gone'],
    );
    const other = map('message', messageRow(1, { topic: 'taobao_item_ItemAdd', content: {} }));
    assert.deepEqual(other, { records: [], rejections: [] });
  });

  it('a content that is no JSON is refused with its path', () => {
    const row = { ...messageRow(1, { topic: 'tmall_mei_PointChange', content: {} }), content: 'not json' };
    assert.deepEqual(
      map('message', row).rejections.map(({ path, code }) => [path, code]),
      [['/content', 'item.not-json']],
    );
  });
});

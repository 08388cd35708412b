import assert from 'node:assert/strict';
import { aftersaleRow, ago, map, recordsOf, relatedRow } from './shop.ts';

const refundsOf = (info: object, order: object = {}) =>
  recordsOf(map('aftersale', aftersaleRow(0, info, order)), 'refund');

describe('an after-sale of a Douyin shop', () => {
  it('becomes a refund of its line, without the freight, about nobody by itself', () => {
    const [refund] = refundsOf({});
    assert.equal(refund!.key, '7102120615012532524/6912345679901234567');
    assert.equal(refund!.account, null);
    const { fields } = refund!;
    assert.deepEqual(
      [fields.order_no, fields.line_no, fields.quantity, fields.refunded_fen, fields.status, fields.refund_kind],
      ['6912345678901234567', '6912345679901234567', 2, 25_900, 'success', 'return'],
    );
    assert.deepEqual(fields.refunded_at, new Date(ago(1800) * 1000));
  });

  it('of a whole order is split over its lines to the fen', () => {
    const lines = [relatedRow(0, { aftersale_pay_amount: 10_000 }), relatedRow(1, { aftersale_pay_amount: 20_000 })];
    const refunds = refundsOf({ aftersale_order_type: 2, refund_amount: 30_001 + 1000 }, { related_order_info: lines });
    assert.deepEqual(
      refunds.map(({ fields }) => fields.refunded_fen),
      [10_000, 20_001],
    );
  });

  it('without lines is one of the line it names', () => {
    const [refund] = refundsOf({ related_id: '6912345679901234567' }, { related_order_info: [] });
    assert.deepEqual([refund!.fields.line_no, refund!.fields.refunded_fen], ['6912345679901234567', 25_900]);
  });

  const KINDS: readonly (readonly [string, number, string])[] = [
    ['goods and money back', 0, 'return'],
    ['money alone, sent', 1, 'money_only'],
    ['money alone, not sent', 2, 'money_only'],
    ['an exchange', 3, 'exchange'],
    ['price protection', 6, 'money_only'],
    ['sent again', 7, 'exchange'],
    ['a repair', 8, 'exchange'],
  ];
  for (const [what, aftersale_type, kind] of KINDS)
    it(`${what}: ${kind}`, () => assert.equal(refundsOf({ aftersale_type })[0]!.fields.refund_kind, kind));

  const STATUSES: readonly (readonly [string, object, string])[] = [
    ['asked for', { aftersale_status: 6, refund_status: 1 }, 'open'],
    ['agreed, the money on its way', { aftersale_status: 12, refund_status: 2 }, 'open'],
    ['given back', { aftersale_status: 12, refund_status: 3 }, 'success'],
    ['given back, claimed from the shop', { aftersale_status: 12, refund_status: 5 }, 'success'],
    ['failed to be given back', { aftersale_status: 12, refund_status: 4 }, 'open'],
    ['refused, so that the buyer can ask again', { aftersale_status: 27, refund_status: 1 }, 'open'],
    ['closed, which keeps its refund waiting', { aftersale_status: 28, refund_status: 1 }, 'closed'],
    ['exchanged', { aftersale_type: 3, aftersale_status: 14, refund_status: 0 }, 'success'],
    ['to be exchanged', { aftersale_type: 3, aftersale_status: 13, refund_status: 0 }, 'open'],
  ];
  for (const [what, info, status] of STATUSES)
    it(`${what}: ${status}`, () => assert.equal(refundsOf(info)[0]!.fields.status, status));

  it('gives nothing back for goods against goods', () => {
    assert.equal(refundsOf({ aftersale_type: 3 })[0]!.fields.refunded_fen, 0);
  });

  it('of a kind that the list does not know is refused (the lines of orders count kinds otherwise)', () => {
    const { records, rejections } = map('aftersale', aftersaleRow(0, { aftersale_type: 5 }));
    assert.equal(records.length, 0);
    assert.deepEqual([rejections[0]?.path, rejections[0]?.code], ['/aftersale_info/aftersale_type', 'field.not-known']);
  });
});

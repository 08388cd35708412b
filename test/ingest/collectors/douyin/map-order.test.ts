import assert from 'node:assert/strict';
import { ago, lineRow, map, orderNo, orderRow, recordsOf, SHOP } from './shop.ts';

const FIRST = orderNo(orderRow(0));
const linesOf = (change: object = {}) => recordsOf(map('order', orderRow(0, change)), 'order_line');
const second = (change: object) => lineRow(1, { order_id: '6912345679901239999', ...change });

describe('an order of a Douyin shop', () => {
  it('becomes a record per line, with its buyer and its amounts in fen', () => {
    const [line] = linesOf();
    assert.equal(line!.key, `${FIRST}/6912345679901234567`);
    const buyer = { kind: 'doudian_open_id', scope: SHOP.shop_id, key: '#zuLyd4U4J3p+czzXkwg+ZQ1000==' };
    assert.deepEqual(line!.account, buyer);
    assert.deepEqual(line!.modifiedAt, new Date(ago(3600) * 1000));
    const { fields } = line!;
    assert.deepEqual(
      [fields.state, fields.line_kind, fields.order_no, fields.platform_order_no, fields.is_platform, fields.sold_by],
      ['paid', 'goods', FIRST, FIRST, true, SHOP.shop_id],
    );
    assert.deepEqual(
      [fields.quantity, fields.ordered_fen, fields.paid_fen, fields.discount_fen, fields.freight_fen],
      [2, 30_000, 25_900, 4100, 1000],
    );
    assert.deepEqual(
      [fields.product_id, fields.sku_id, fields.category, fields.business_date],
      ['3512345678901234567', 'SP00123-M', '20219', '2026-01-15'],
    );
    assert.deepEqual(fields.paid_at, new Date(ago(7000) * 1000));
  });

  it('keeps 64-bit numbers that stand bare to the last digit', () => {
    const [line] = linesOf({ order_id: 6912345678901234567n });
    assert.equal(line!.fields.order_no, '6912345678901234567');
  });

  const SPLITS: readonly (readonly [string, object, object, readonly number[]])[] = [
    ['lines that leave the freight out', { pay_amount: 30_000 }, { pay_amount: 5000 }, [24_000, 5000]],
    ['lines that hold the freight', { pay_amount: 31_000, post_amount: 1000 }, { pay_amount: 6000 }, [24_000, 6000]],
    ['lines that do not say', { pay_amount: 30_001, post_amount: 0 }, { pay_amount: null }, [13_334, 16_667]],
    ['a gift', { pay_amount: 25_000 }, { given_product_type: 'FREE', pay_amount: 0 }, [24_000, 0]],
  ];
  for (const [what, order, line, paid] of SPLITS) {
    it(`splits what was paid for goods over ${what}, to the fen`, () => {
      const records = linesOf({ ...order, sku_order_list: [lineRow(0, { pay_amount: 24_000 }), second(line)] });
      assert.deepEqual(
        records.map(({ fields }) => fields.paid_fen),
        paid,
      );
    });
  }

  it('has nothing paid before it is paid in full, and the deposit apart', () => {
    const [line] = linesOf({
      order_status: 1,
      pay_time: ago(7000),
      order_phase_list: [
        { sku_order_id: '1', total_phase: 2, current_phase: 1, pay_success: true, phase_pay_amount: 5000 },
        { sku_order_id: '1', total_phase: 2, current_phase: 2, pay_success: false, phase_pay_amount: 20_900 },
      ],
    });
    const { state, paid_fen, deposit_fen, paid_at } = line!.fields;
    assert.deepEqual([state, paid_fen, deposit_fen, paid_at], ['deposit_paid', 0, 5000, null]);
  });

  it('has the platform’s share of the discounts apart', () => {
    const [line] = linesOf({ platform_cost_amount: 700 });
    assert.equal(line!.fields.platform_subsidy_fen, 700);
    assert.equal(line!.fields.paid_fen, 25_900);
  });

  it('knows gifts, postage links, live streams, videos and stores', () => {
    const kind = (change: object) => linesOf({ sku_order_list: [lineRow(0, change)] })[0]!;
    assert.equal(kind({ given_product_type: 'FREE' }).fields.line_kind, 'gift');
    assert.equal(kind({ product_name: '补邮费专拍' }).fields.line_kind, 'postage');
    assert.equal(kind({ room_id_str: '7012345678901234567' }).fields.scene, 'live');
    assert.equal(kind({ video_id: '7012345678901234567' }).fields.scene, 'video');
    assert.equal(kind({ store_info: { store_id: '88' } }).fields.fulfilled_by, '88');
    assert.deepEqual(kind({ author_id: 7012345678901234567n }).custom, { author_id: '7012345678901234567' });
  });

  it('without a buyer’s id is a guest’s', () => {
    const [line] = linesOf({ doudian_open_id: '' });
    assert.deepEqual(line!.account, { kind: 'guest', scope: SHOP.shop_id, key: FIRST });
  });

  it('is the app’s buyer where the id is set to mean the same in all its shops', () => {
    const [line] = recordsOf(map('order', orderRow(0), { buyer_scope: 'app' }), 'order_line');
    assert.equal(line!.account!.scope, SHOP.app_key);
  });

  it('with lines of one number is refused whole', () => {
    const mapped = map('order', orderRow(0, { sku_order_list: [lineRow(0), lineRow(0)] }));
    assert.deepEqual(
      [mapped.records.length, mapped.rejections[0]?.code, mapped.rejections[0]?.path],
      [0, 'order.line-twice', '/sku_order_list'],
    );
  });
});

describe('what an order shows of its receiver', () => {
  const evidence = (change: object) =>
    linesOf(change)[0]!.identifiers.map(({ type, scope, value, strength }) => [type, scope, value, strength]);

  it('is weak evidence: the stars as they are, the search index within the shop', () => {
    assert.deepEqual(evidence({}), [
      ['douyin_phone_index', SHOP.shop_id, 'xk8Ru1Jf1000', 'weak'],
      ['phone_masked', '', '138****5678', 'weak'],
    ]);
  });

  const MASKS: readonly (readonly [string, string | null])[] = [
    ['13*******64', '13*******64'],
    ['***********', null],
    ['', null],
    // Never asked for, never to be: a receiver's clear phone is not the buyer's.
    ['13912345670', null],
  ];
  for (const [given, expected] of MASKS) {
    it(`'${given}' is ${expected === null ? 'left' : 'kept'} and makes no rejection`, () => {
      const mapped = map('order', orderRow(0, { mask_post_tel: given, encrypt_post_tel: '' }));
      const found = recordsOf(mapped, 'order_line')[0]!.identifiers.map(({ value }) => value);
      assert.deepEqual(found, expected === null ? [] : [expected]);
      assert.deepEqual(mapped.rejections, []);
    });
  }

  it('never becomes a phone, an account or a personal value, whatever stands in the cells', () => {
    for (const tel of ['13912345670', '18400913965-7576', '$13912345670$MTM5MTIzNDU2NzA=$1$$', '#13912345670#x#1##']) {
      const mapped = map('order', orderRow(0, { encrypt_post_tel: tel, mask_post_tel: tel, post_tel: tel }));
      for (const { identifiers, personal, account } of mapped.records) {
        assert.ok(identifiers.every(({ type, strength }) => type !== 'phone' && strength === 'weak'));
        assert.deepEqual(personal, {});
        assert.equal(account?.kind, 'doudian_open_id');
      }
    }
  });
});

import assert from 'node:assert/strict';
import type { OrderLineFields, RefundFields } from '../../../../ingest/record.ts';
import { encoded, fieldsOf, fileOf, type Pulled, told } from './folder.ts';

const COLUMNS =
  '门店编码 门店名称 机号 小票号 销售日期 交易时间 会员卡号 手机号 行号 款号 条码 品名 品类 数量 吊牌价 实收 导购 单据类型 状态 原单号 原单日期 原机号 渠道 平台单号 支付方式'.split(
    ' ',
  );
type Cells = Readonly<Record<string, string>>;
const LINE: Cells = {
  门店编码: 'S059',
  门店名称: '广州正佳店',
  机号: '01',
  小票号: '002808',
  销售日期: '2026-01-15',
  交易时间: '2026-01-15 18:08:17',
  会员卡号: 'VIP001',
  行号: '1',
  款号: 'K00241',
  条码: '6901234567892',
  品名: '衬衫',
  品类: '上装',
  数量: '2',
  吊牌价: '499.00',
  实收: '898.20',
  导购: '李导购',
  单据类型: '销售',
  渠道: '门店',
};

function sales(lines: readonly Cells[], columns = COLUMNS): string {
  const rows = lines.map((line) => columns.map((column) => ({ ...LINE, ...line })[column] ?? '').join('|'));
  return `${[columns.join('|'), ...rows].join('\r\n')}\r\n`;
}

const pull = (lines: readonly Cells[], settings: Parameters<typeof fileOf>[1] = {}): Promise<Pulled> =>
  fileOf(encoded(sales(lines), 'utf-8-bom'), { name: '销售明细.txt', ...settings });

async function orderOf(line: Cells, settings?: Parameters<typeof fileOf>[1]): Promise<OrderLineFields> {
  const pulled = await pull([line], settings);
  const [fields] = fieldsOf(pulled, 'order_line');
  assert.ok(fields, `no order line, but ${told(pulled).join(', ')}`);
  return fields;
}

async function refundOf(line: Cells, settings?: Parameters<typeof fileOf>[1]): Promise<RefundFields> {
  const pulled = await pull([line], settings);
  const [fields] = fieldsOf(pulled, 'refund');
  assert.ok(fields, `no refund, but ${JSON.stringify(pulled.records)}`);
  return fields;
}

describe('a line of a till’s bill', () => {
  it('is an order line: the bill is named by store, terminal, day and number', async () => {
    const { records, rejections } = await pull([LINE]);
    assert.deepEqual(rejections, []);
    const [record] = records;
    assert.equal(record?.key, 'S059/01/2026-01-15/002808/1');
    assert.deepEqual(record?.account, { kind: 'card_no', scope: 'brand', key: 'VIP001' });
    const { delivery, ...fields } = record.fields as OrderLineFields;
    assert.match(delivery, /^[0-9a-f]{16}$/);
    assert.deepEqual(fields, {
      order_no: 'S059/01/2026-01-15/002808',
      line_no: '1',
      platform_order_no: '',
      is_platform: false,
      suspected_double: false,
      state: 'finished',
      line_kind: 'goods',
      sold_by: 'S059',
      fulfilled_by: 'S059',
      credited_store: 'S059',
      credited_guide: '李导购',
      scene: '',
      terminal: '01',
      bill_no: '002808',
      created_at: new Date('2026-01-15T10:08:17Z'),
      paid_at: new Date('2026-01-15T10:08:17Z'),
      business_date: '2026-01-15',
      product_id: 'K00241',
      sku_id: '6901234567892',
      title: '衬衫',
      category: '上装',
      quantity: 2,
      ordered_fen: 99800,
      paid_fen: 89820,
      discount_fen: 9980,
      freight_fen: 0,
      platform_subsidy_fen: 0,
      coupon_fen: 0,
      points_fen: 0,
      stored_value_fen: 0,
      deposit_fen: 0,
    });
  });

  const whose: readonly (readonly [string, Cells, string | null])[] = [
    ['is the card’s', { 手机号: '13912341234' }, 'card_no VIP001'],
    ['is the phone’s without a card', { 会员卡号: '', 手机号: '13912341234' }, 'phone +8613912341234'],
    [
      'is the phone’s where the card is for walk-ins',
      { 会员卡号: '8888', 手机号: '13912341234' },
      'phone +8613912341234',
    ],
    ['is nobody’s with a junk phone', { 会员卡号: '', 手机号: '13800138000' }, null],
    ['is nobody’s without either', { 会员卡号: '' }, null],
  ];
  for (const [sentence, cells, expected] of whose) {
    it(sentence, async () => {
      const { records } = await pull([{ ...cells }]);
      const account = records[0]?.account;
      assert.equal(account ? `${account.kind} ${account.key}` : null, expected);
    });
  }

  it('is one line however often a join repeats it per payment', async () => {
    const { records } = await pull([{ 支付方式: '微信' }, { 支付方式: '储值卡' }]);
    assert.equal(new Set(records.map(({ key }) => key)).size, 1);
  });

  it('is named by its goods where lines have no numbers, so that repeats stay one', async () => {
    const lines = [{ 支付方式: '微信' }, { 支付方式: '现金' }, { 款号: 'K2' }, { 实收: '1.00' }];
    const { records } = await fileOf(
      sales(
        lines,
        COLUMNS.filter((one) => one !== '行号'),
      ),
    );
    assert.equal(new Set(records.map(({ key }) => key)).size, 3);
  });

  it('has the price for its payment where the till leaves that out', async () => {
    const { records } = await fileOf(
      sales(
        [{}],
        COLUMNS.filter((one) => one !== '实收'),
      ),
    );
    assert.equal((records[0]!.fields as OrderLineFields).paid_fen, 99800);
  });

  it('keeps what was paid by coupon, points and stored value apart', async () => {
    const columns = [...COLUMNS, '券抵', '积分抵', '储值支付'];
    const { records } = await fileOf(sales([{ 实收: '800.00', 券抵: '100', 积分抵: '50', 储值支付: '8' }], columns));
    const { paid_fen, coupon_fen, points_fen, stored_value_fen, discount_fen } = records[0]!.fields as OrderLineFields;
    assert.deepEqual(
      [paid_fen, coupon_fen, points_fen, stored_value_fen, discount_fen],
      [80000, 10000, 5000, 800, 4000],
    );
  });

  it('is in fen where the header says so', async () => {
    const { records } = await fileOf(sales([{}]).replace('实收', '实收（分）').replace('898.20', '89820'));
    assert.equal((records[0]!.fields as OrderLineFields).paid_fen, 89820);
  });

  const refused: readonly (readonly [string, Cells, string])[] = [
    ['is refused without a number', { 小票号: '' }, 'sale.no-bill at bill_no'],
    ['is refused without a day', { 销售日期: '', 交易时间: '' }, 'sale.no-day at business_date'],
    ['is refused in the future', { 销售日期: '2027-01-15', 交易时间: '' }, 'date.in-future at 销售日期'],
    ['is refused where its payment is no amount', { 实收: '很多' }, 'amount.not-a-number at 实收'],
    ['is refused where nothing says what was paid', { 实收: '', 吊牌价: '' }, 'amount.missing at paid'],
  ];
  for (const [sentence, cells, expected] of refused) {
    it(sentence, async () => {
      const pulled = await pull([cells]);
      assert.equal(told(pulled)[0], expected);
      assert.deepEqual(pulled.records, []);
      assert.ok(pulled.rejections.some(({ wholeItem }) => wholeItem));
    });
  }

  it('counts goods by weight as whole pieces, and tells it', async () => {
    const pulled = await pull([{ 数量: '1.5' }]);
    assert.deepEqual(told(pulled), ['number.not-whole at 数量']);
    assert.equal(fieldsOf(pulled, 'order_line')[0]?.quantity, 2);
  });
});

describe('the day of a bill', () => {
  const cases: readonly (readonly [string, Cells, Parameters<typeof fileOf>[1], string, string])[] = [
    [
      'is its business day, also after midnight',
      { 交易时间: '2026-01-16 00:40:00' },
      {},
      '2026-01-15',
      '2026-01-15T16:40:00.000Z',
    ],
    [
      'is the day of its clock where there is no other',
      { 销售日期: '', 交易时间: '2026-01-16 00:40:00' },
      {},
      '2026-01-16',
      '2026-01-15T16:40:00.000Z',
    ],
    [
      'is the day before until the business day ends',
      { 销售日期: '', 交易时间: '2026-01-16 00:40:00' },
      { business_day_cut: '06:00' },
      '2026-01-15',
      '2026-01-15T16:40:00.000Z',
    ],
    ['puts a bare time on the business day', { 交易时间: '18:08' }, {}, '2026-01-15', '2026-01-15T10:08:00.000Z'],
    [
      'puts a bare time after midnight on the next date, where the business day ends later',
      { 交易时间: '00:40' },
      { business_day_cut: '06:00' },
      '2026-01-15',
      '2026-01-15T16:40:00.000Z',
    ],
    ['begins at midnight where no time is given', { 交易时间: '' }, {}, '2026-01-15', '2026-01-14T16:00:00.000Z'],
    [
      'is the brand’s, from a time with a zone',
      { 销售日期: '', 交易时间: '2026-01-15T20:00:00Z' },
      {},
      '2026-01-16',
      '2026-01-15T20:00:00.000Z',
    ],
  ];
  for (const [sentence, cells, settings, day, instant] of cases) {
    it(sentence, async () => {
      const { business_date, created_at } = await orderOf(cells, settings);
      assert.deepEqual([business_date, created_at.toISOString()], [day, instant]);
    });
  }
});

describe('what a line is', () => {
  const cases: readonly (readonly [string, Cells, OrderLineFields['line_kind']])[] = [
    ['goods', {}, 'goods'],
    ['a gift by the kind of its bill', { 单据类型: '赠品' }, 'gift'],
    ['a gift when nothing is paid', { 实收: '0.00' }, 'gift'],
    ['staff', { 单据类型: '员购' }, 'staff'],
    ['wholesale', { 单据类型: '批发' }, 'wholesale'],
    ['a test by its store’s code', { 门店编码: '9999' }, 'test'],
    ['a test by its store’s name', { 门店名称: '测试店' }, 'test'],
    ['a top-up by the kind of its bill', { 单据类型: '充值' }, 'top_up'],
    ['a top-up by its goods', { 品名: '储值卡充值500' }, 'top_up'],
    ['postage', { 品名: '运费' }, 'postage'],
    ['an exchange', { 单据类型: '换货' }, 'exchange'],
  ];
  for (const [what, cells, kind] of cases) {
    it(`is ${what}`, async () => assert.equal((await orderOf(cells)).line_kind, kind));
  }

  it('is a test in the stores that the settings name', async () => {
    assert.equal((await orderOf({ 门店编码: 'T1' }, { test_stores: ['T1'] })).line_kind, 'test');
  });

  it('is no gift when a coupon paid it all', async () => {
    const { records } = await fileOf(sales([{ 实收: '0.00', 券抵: '998.00' }], [...COLUMNS, '券抵']));
    assert.equal((records[0]!.fields as OrderLineFields).line_kind, 'goods');
  });
});

describe('a bill that is no sale', () => {
  for (const status of ['作废', '已取消', '挂单', '已冲红']) {
    it(`is withdrawn when it is ${status}`, async () => {
      const { records } = await pull([{ 状态: status }]);
      assert.deepEqual(
        records.map(({ kind, deleted }) => [kind, deleted]),
        [['order_line', true]],
      );
    });
  }

  it('stands when its state is one of the usual', async () => {
    const { records } = await pull([{ 状态: '已完成' }]);
    assert.equal(records[0]?.deleted, false);
  });
});

describe('a copy of a platform’s order', () => {
  it('names it where the till has its number', async () => {
    const { platform_order_no, suspected_double, is_platform } = await orderOf({
      渠道: '天猫',
      平台单号: '2233445566778899001',
    });
    assert.deepEqual([platform_order_no, suspected_double, is_platform], ['2233445566778899001', false, false]);
  });

  for (const channel of ['天猫旗舰店', '淘宝', '抖音', '京东到家', 'Tmall']) {
    it(`is suspected where the till says ${channel} and no number`, async () => {
      assert.equal((await orderOf({ 渠道: channel })).suspected_double, true);
    });
  }

  it('is suspected where Excel has rounded its number', async () => {
    const pulled = await pull([{ 渠道: '天猫', 平台单号: '2233445566778890000' }]);
    const [fields] = fieldsOf(pulled, 'order_line');
    assert.deepEqual([fields?.platform_order_no, fields?.suspected_double], ['', true]);
    assert.deepEqual(told(pulled), ['order_no.rounded at 平台单号']);
  });

  it('is none at the counter', async () => assert.equal((await orderOf({ 渠道: '门店' })).suspected_double, false));
});

describe('a line that goes back', () => {
  it('is a refund that names its sale as far as the till does', async () => {
    const back = { 小票号: 'R002808', 数量: '-1', 实收: '-449.10', 原单号: '002808', 单据类型: '销售' };
    const { records } = await pull([back]);
    assert.equal(records[0]?.kind, 'refund');
    assert.equal(records[0]?.key, 'S059/01/2026-01-15/R002808/1');
    const { delivery, ...fields } = records[0].fields as RefundFields;
    assert.match(delivery, /^[0-9a-f]{16}$/);
    assert.deepEqual(fields, {
      order_no: '',
      line_no: '',
      store_code: 'S059',
      terminal: '01',
      original_bill_no: '002808',
      original_date: '',
      product_id: 'K00241',
      quantity: 1,
      refunded_fen: 44910,
      status: 'success',
      refund_kind: 'return',
      created_at: new Date('2026-01-15T10:08:17Z'),
      refunded_at: new Date('2026-01-15T10:08:17Z'),
      business_date: '2026-01-15',
    });
  });

  it('names its sale wholly where the till gives day and terminal', async () => {
    const { order_no, original_date } = await refundOf({
      数量: '-1',
      原单号: '002808',
      原单日期: '2026/1/10',
      原机号: '02',
    });
    assert.deepEqual([order_no, original_date], ['S059/02/2026-01-10/002808', '2026-01-10']);
  });

  const kinds: readonly (readonly [string, Cells, RefundFields['refund_kind'], RefundFields['status']])[] = [
    ['a return by its sign', { 数量: '-1', 实收: '-449.10' }, 'return', 'success'],
    ['a return by the kind of its bill, without a sign', { 单据类型: '退货' }, 'return', 'success'],
    ['a return in a mixed bill, by its payment', { 实收: '-449.10' }, 'return', 'success'],
    ['a return with a trailing minus', { 数量: '1-', 实收: '449.10-' }, 'return', 'success'],
    ['an exchange', { 数量: '-1', 单据类型: '换货' }, 'exchange', 'success'],
    ['price protection', { 数量: '0', 实收: '-50.00', 单据类型: '价保' }, 'money_only', 'success'],
    ['a reversal, which is no return', { 数量: '-1', 单据类型: '冲红' }, 'reversal', 'success'],
    ['a reversal by its state', { 数量: '-1', 状态: '冲红' }, 'reversal', 'success'],
    ['a return of staff goods, which takes nothing off', { 数量: '-1', 单据类型: '员购退货' }, 'return', 'closed'],
    ['a return in the test store, which takes nothing off', { 数量: '-1', 门店编码: '9999' }, 'return', 'closed'],
    [
      'a return of a platform’s order, whose refund the platform tells',
      { 数量: '-1', 平台单号: '2233445566778899001' },
      'return',
      'closed',
    ],
  ];
  for (const [what, cells, kind, status] of kinds) {
    it(`is ${what}`, async () => {
      const { refund_kind, status: is, refunded_fen } = await refundOf(cells);
      assert.deepEqual([refund_kind, is], [kind, status]);
      assert.ok(refunded_fen >= 0);
    });
  }

  it('is told by a flag', async () => {
    const { records } = await fileOf(
      sales([{ 退货标志: '1' }, { 退货标志: '0', 行号: '2' }], [...COLUMNS, '退货标志']),
    );
    assert.deepEqual(
      records.map(({ kind }) => kind),
      ['refund', 'order_line'],
    );
  });

  it('is any line of a file of returns', async () => {
    const { records } = await pull([{}], { files: [{ pattern: '销售*', kind: 'refund' }] });
    assert.equal(records[0]?.kind, 'refund');
  });

  it('is the sale itself, flagged and exported again: closed, with its refund', async () => {
    const pulled = await pull([{ 状态: '已退货' }]);
    assert.equal(fieldsOf(pulled, 'order_line')[0]?.state, 'closed_refunded');
    const [refund] = fieldsOf(pulled, 'refund');
    assert.deepEqual(
      [refund?.order_no, refund?.line_no, refund?.refunded_fen],
      ['S059/01/2026-01-15/002808', '1', 89820],
    );
  });

  it('is withdrawn when the return is void', async () => {
    const { records } = await pull([{ 数量: '-1', 状态: '作废' }]);
    assert.deepEqual([records[0]?.kind, records[0]?.deleted], ['refund', true]);
  });
});

describe('a whole sales file', () => {
  const daily = { complete: 'store_day' } as const;

  it('says which stores and days it is whole for, on its last page', async () => {
    const pulled = await pull([{}, { 行号: '2' }, { 门店编码: 'S060', 数量: '-1' }], daily);
    const complete = pulled.pages.at(-1)?.complete;
    assert.deepEqual(complete?.storeDays, [
      { store: 'S059', businessDate: '2026-01-15' },
      { store: 'S060', businessDate: '2026-01-15' },
    ]);
    assert.equal(complete.delivery, fieldsOf(pulled, 'order_line')[0]?.delivery);
  });

  it('speaks for the store that took goods back, never for the store that sold them', async () => {
    const columns = [...COLUMNS, '原门店'];
    const content = sales([{ 数量: '-1', 原单号: '1', 原门店: 'S001' }], columns);
    const { pages } = await fileOf(content, daily);
    assert.deepEqual(pages.at(-1)?.complete?.storeDays, [{ store: 'S059', businessDate: '2026-01-15' }]);
  });

  it('is not taken for whole unless the settings say so', async () => {
    assert.equal((await pull([{}])).pages.at(-1)?.complete, undefined);
  });

  const doubts: readonly (readonly [string, string])[] = [
    ['a row is short', 'S059|01|0001\r\n'],
    ['a row could not be read', `${sales([{ 实收: '很多' }]).split('\r\n')[1]}\r\n`],
    ['its total line says otherwise', '#TOTAL,17\r\n'],
  ];
  for (const [reason, line] of doubts) {
    it(`is not taken for whole where ${reason}, and says so`, async () => {
      const pulled = await fileOf(sales([{}]) + line, daily);
      assert.equal(pulled.pages.at(-1)?.complete, undefined);
      assert.equal(pulled.rejections.at(-1)?.code, 'file.not-whole');
    });
  }
});

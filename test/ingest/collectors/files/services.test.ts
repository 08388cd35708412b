import assert from 'node:assert/strict';
import type { FieldsByKind } from '../../../../ingest/record.ts';
import { fieldsOf, fileOf, told } from './folder.ts';

const at = (time: string) => new Date(`${time}+08:00`);

describe('files of coupons', () => {
  it('are coupons of a member through their life', async () => {
    const pulled = await fileOf(
      '券码,会员卡号,优惠券,批次号,面额,使用门槛,领取时间,使用时间,过期时间,核销订单号,核销门店,抵扣金额,券状态\n' +
        'C001,VIP1,满199减20,B7,20,199,2026-01-01 10:00:00,2026-01-05 12:00:00,2026-03-31,T1,S1,20,已使用\n',
    );
    assert.deepEqual(pulled.rejections, []);
    assert.deepEqual(
      pulled.records.map(({ key, account }) => [key, account?.key]),
      [['C001', 'VIP1']],
    );
    assert.deepEqual(fieldsOf(pulled, 'coupon'), [
      {
        ...{ batch: 'B7', title: '满199减20', state: 'used', face_fen: 2_000, threshold_fen: 19_900, granted_at: null },
        ...{ claimed_at: at('2026-01-01T10:00'), used_at: at('2026-01-05T12:00'), expires_at: at('2026-04-01T00:00') },
        ...{ used_order_no: 'T1', used_store: 'S1', discount_fen: 2_000 },
      },
    ]);
  });

  const states: readonly [what: string, cells: string, state: string, refused?: string[]][] = [
    ['claimed, which its word says', '未使用,2026-01-01,,2026-03-31', 'claimed'],
    ['granted and not claimed yet', '待领取,,,2026-03-31', 'granted'],
    ['used, which its word says', '已核销,2026-01-01,2026-01-02,2026-03-31', 'used'],
    ['expired, which its word says', '已过期,2026-01-01,,2026-01-10', 'expired'],
    ['withdrawn', '已作废,2026-01-01,,2026-03-31', 'revoked'],
    ['used, which its time says', ',2026-01-01,2026-01-02,2026-03-31', 'used'],
    ['expired before the file came', ',2026-01-01,,2026-01-10', 'expired'],
    ['claimed and good for months', ',2026-01-01,,2026-03-31', 'claimed'],
    ['granted, when nothing else is known', ',,,2026-03-31', 'granted'],
    [
      'told by its times, where its word is unknown',
      '甲,2026-01-01,,2026-03-31',
      'claimed',
      ['coupon.unknown-state at 券状态'],
    ],
  ];
  for (const [what, cells, state, refused = []] of states) {
    it(`know a coupon ${what}`, async () => {
      const pulled = await fileOf(`券码,会员卡号,券状态,领取时间,使用时间,过期时间\nC001,VIP1,${cells}\n`);
      assert.deepEqual([fieldsOf(pulled, 'coupon')[0]?.state, told(pulled)], [state, refused]);
    });
  }

  it('refuse a row without a number, and keep one that nobody holds', async () => {
    const pulled = await fileOf(
      '券码,会员卡号,发放时间,过期时间\n,VIP1,2026-01-01,2026-03-31\nC2,,2026-01-01,2026-03-31\n',
    );
    assert.deepEqual(told(pulled), ['coupon.no-number at coupon_no']);
    assert.deepEqual(
      pulled.records.map(({ key, account }) => [key, account]),
      [['C2', null]],
    );
  });
});

describe('files of services', () => {
  const cases: readonly [what: string, content: string, Partial<FieldsByKind['service']>][] = [
    [
      'a parcel against the promised time',
      '运单号,订单号,下单时间,承诺发货时间,发货时间,承诺送达时间,签收时间\nSF1,T1,2026-01-01 08:00:00,2026-01-03 08:00:00,2026-01-02 08:00:00,2026-01-05 20:00:00,2026-01-06 09:00:00\n',
      {
        ...{ service: 'parcel', status: 'done', order_no: 'T1', opened_at: at('2026-01-01T08:00') },
        ...{ start_due_at: at('2026-01-03T08:00'), started_at: at('2026-01-02T08:00') },
        ...{ due_at: at('2026-01-05T20:00'), done_at: at('2026-01-06T09:00') },
      },
    ],
    [
      'a parcel on its way',
      '快递单号,订单号,发货时间,物流状态\nSF1,T1,2026-01-02,运输中\n',
      { service: 'parcel', status: 'open', done_at: null },
    ],
    [
      'a visit that was kept',
      '工单号,服务类型,会员卡号,预约时间,上门时间,师傅\nW1,上门量尺,VIP1,2026-01-10 09:00:00,2026-01-10 09:20:00,E7\n',
      {
        service: 'visit',
        status: 'done',
        due_at: at('2026-01-10T09:00'),
        done_at: at('2026-01-10T09:20'),
        guide: 'E7',
      },
    ],
    [
      'a visit in days to come',
      '预约单号,会员卡号,预约时间\nW1,VIP1,2026-05-10 09:00:00\n',
      { service: 'visit', status: 'open', opened_at: at('2026-05-10T09:00') },
    ],
    [
      'a visit nobody kept',
      '预约单号,会员卡号,预约时间,预约状态\nW1,VIP1,2026-01-10 09:00:00,爽约\n',
      { service: 'visit', status: 'cancelled' },
    ],
    [
      'an installation',
      '工单号,服务类型,创建时间,安装时间\nW1,安装,2026-01-05,2026-01-08\n',
      { service: 'installation', status: 'done' },
    ],
    [
      'a return by its own state',
      '售后单号,售后类型,订单号,申请时间,售后原因,售后状态\nR1,退货退款,T1,2026-01-05,尺码不合,已完成\n',
      { service: 'return', status: 'done', topic: '尺码不合', done_at: null },
    ],
    [
      'a return that is not done yet',
      '售后单号,售后类型,订单号,申请时间,售后状态\nR1,退货,T1,2026-01-05,未完成\n',
      { service: 'return', status: 'open' },
    ],
    [
      'an exchange',
      '售后单号,售后类型,订单号,申请时间\nR1,换货,T1,2026-01-05\n',
      { service: 'exchange', status: 'open' },
    ],
    ['a complaint by its header', '投诉单号,会员卡号,投诉时间\nK1,VIP1,2026-01-05\n', { service: 'complaint' }],
    ['a repair', '工单号,服务类型,报修时间\nK1,维修,2026-01-05\n', { service: 'repair' }],
    [
      'a consultation',
      '咨询编号,会员卡号,咨询时间,客服\nK1,VIP1,2026-01-05,A3\n',
      { service: 'consultation', guide: 'A3' },
    ],
    [
      'a review with stars',
      '评价编号,订单号,款号,评分,评价时间\nP1,T1,TS001,★★★★☆,2026-01-05\n',
      { service: 'review', status: 'done', product_id: 'TS001', score: 4, score_max: 5 },
    ],
    [
      'a review without a number',
      '订单号,款号,评分,评价内容,评价时间\nT1,TS001,4.5,很好,2026-01-05\n',
      { service: 'review', score: 4.5, score_max: null },
    ],
  ];
  for (const [what, content, expected] of cases) {
    it(`know ${what}`, async () => {
      const pulled = await fileOf(content);
      const [service] = fieldsOf(pulled, 'service');
      assert.deepEqual(told(pulled), []);
      assert.deepEqual({ ...service, ...expected }, service);
    });
  }

  const refused: readonly [what: string, content: string, expected: string][] = [
    ['of no kind that is known', '工单号,服务类型,创建时间\nW1,其他,2026-01-05\n', 'service.unknown-kind at 服务类型'],
    ['without any time', '工单号,服务类型,创建时间\nW1,安装,\n', 'date.missing at opened_at'],
    ['that names nothing', '工单号,服务类型,创建时间\n,安装,2026-01-05\n', 'service.no-number at service_no'],
  ];
  for (const [what, content, expected] of refused) {
    it(`refuse a service ${what}`, async () => {
      const pulled = await fileOf(content);
      assert.deepEqual([told(pulled), pulled.records], [[expected], []]);
    });
  }

  it('keep what people wrote to be sealed, and never take a receiver for a member', async () => {
    const pulled = await fileOf('运单号,订单号,发货时间,手机,留言\nSF1,T1,2026-01-02,13912341234,放门口 13912341234\n');
    const [record] = pulled.records;
    assert.deepEqual([record?.account, record?.identifiers], [null, []]);
    assert.deepEqual(record?.personal, { message: '放门口 13912341234' });
    assert.ok(!JSON.stringify(record?.fields).includes('139'));
  });
});

describe('files of surveys', () => {
  it('are answers, a question a row; what was written is not among the fields', async () => {
    const pulled = await fileOf(
      '问卷,题目,会员卡号,答案,NPS,意见,提交时间\n' +
        '2026满意度,愿意推荐吗,VIP1,愿意,9,,2026-01-05 10:00:00\n2026满意度,还有什么,VIP1,我的电话是13912341234,,请回电,2026-01-05 10:00:00\n',
    );
    assert.deepEqual(pulled.rejections, []);
    const common = { survey: '2026满意度', order_no: '', store_code: '', answered_at: at('2026-01-05T10:00') };
    assert.deepEqual(fieldsOf(pulled, 'survey'), [
      { ...common, question: '愿意推荐吗', answer: '愿意', score: 9, score_max: 10 },
      { ...common, question: '还有什么', answer: '', score: null, score_max: null },
    ]);
    assert.equal(pulled.records[1]?.personal.message, '我的电话是13912341234\n请回电');
    assert.equal(new Set(pulled.records.map(({ key }) => key)).size, 2);
  });

  const refused: readonly [what: string, row: string, expected: string[]][] = [
    ['without a time', '问卷A,题1,VIP1,好,', ['date.missing at answered_at']],
    ['without an answer', '问卷A,题1,VIP1,,2026-01-05', ['survey.no-answer at answer']],
  ];
  for (const [what, row, expected] of refused) {
    it(`refuse a row ${what}`, async () => {
      const pulled = await fileOf(`问卷,题目,会员卡号,答案,提交时间\n${row}\n`);
      assert.deepEqual([told(pulled), pulled.records], [expected, []]);
    });
  }

  it('keep a score nobody can count as unknown', async () => {
    const pulled = await fileOf('问卷,题目,答案,评分,提交时间\n问卷A,题1,好,很高,2026-01-05\n');
    assert.deepEqual(told(pulled), ['score.not-a-number at 评分']);
    assert.equal(fieldsOf(pulled, 'survey')[0]?.score, null);
  });
});

import assert from 'node:assert/strict';
import type { ShopCustomerFields } from '../../../../ingest/record.ts';
import { encoded, fieldsOf, fileOf, told } from './folder.ts';

const HEADER = '会员卡号,手机号码,姓名,性别,生日,省份,城市,邮箱,入会时间,开卡门店,导购,会员等级,可用积分,状态';
const ROW =
  'VIP001,13912341234,王小明,男,1990-05-06,广东省,广州市,a1@qq.com,2024-01-02 03:04:05,S030,李导购,金卡,485,正常';
const file = (...rows: string[]) => `${[HEADER, ...rows].join('\n')}\n`;

describe('a member row of a till', () => {
  it('is a shop customer: an account with its card, identifiers, personal values and traits', async () => {
    const { records, rejections } = await fileOf(encoded(file(ROW), 'gb18030'));
    assert.deepEqual(rejections, []);
    assert.deepEqual(records, [
      {
        kind: 'shop_customer',
        key: 'VIP001',
        account: { kind: 'card_no', scope: 'brand', key: 'VIP001' },
        identifiers: [
          { type: 'phone', scope: '', value: '+8613912341234', strength: 'stated' },
          { type: 'email', scope: '', value: 'a1@qq.com', strength: 'stated' },
        ],
        personal: { name: '王小明', phone: '+8613912341234', email: 'a1@qq.com' },
        traits: { gender: 'male', birth: { date: '1990-05-06', precision: 'day' }, province: '广东省', city: '广州市' },
        modifiedAt: null,
        deleted: false,
        custom: {},
        fields: {
          grade: '金卡',
          status: 'normal',
          trade_count: null,
          trade_amount_fen: null,
          last_trade_at: null,
          points: 485,
          joined_at: new Date('2024-01-01T19:04:05Z'),
          store_code: 'S030',
          guide: '李导购',
        },
      },
    ]);
  });

  it('is the same with its columns in another order', async () => {
    const order = [13, 4, 0, 7, 1, 12, 2, 10, 3, 9, 5, 6, 8, 11];
    const turned = (line: string) => order.map((n) => line.split(',')[n]).join(',');
    const [plain, other] = [await fileOf(file(ROW)), await fileOf(`${turned(HEADER)}\n${turned(ROW)}\n`)];
    assert.deepEqual(other.records, plain.records);
  });

  it('is a membership where the till is the loyalty system', async () => {
    const { records } = await fileOf(file(ROW), { role: 'loyalty' });
    assert.equal(records[0]?.kind, 'membership');
    assert.deepEqual(records[0]?.account, { kind: 'card_no', scope: 'brand', key: 'VIP001' });
    assert.deepEqual(records[0]?.fields, {
      status: 'active',
      level: '金卡',
      points: 485,
      joined_at: new Date('2024-01-01T19:04:05Z'),
      store_code: 'S030',
      guide: '李导购',
    });
  });

  it('is a membership where its file is said to hold them', async () => {
    const { records } = await fileOf(file(ROW), { files: [{ pattern: '*.csv', kind: 'membership' }] });
    assert.equal(records[0]?.kind, 'membership');
  });

  const statuses: readonly (readonly [string, ShopCustomerFields['status']])[] = [
    ['', 'normal'],
    ['有效', 'normal'],
    ['已冻结', 'blocked'],
    ['挂失', 'blocked'],
    ['已注销', 'blocked'],
  ];
  for (const [word, status] of statuses) {
    it(`is ${status} when its status is ${word || 'blank'}`, async () => {
      const [fields] = fieldsOf(await fileOf(file(ROW.replace('正常', word))), 'shop_customer');
      assert.equal(fields?.status, status);
    });
  }

  it('is a tombstone when the till deleted it', async () => {
    const { records } = await fileOf(file(ROW.replace('正常', '已删除')));
    assert.equal(records[0]?.deleted, true);
  });

  it('tells a status it does not know and takes it as active', async () => {
    const pulled = await fileOf(file(ROW.replace('正常', '观察')));
    assert.deepEqual(told(pulled), ['status.unknown at 状态']);
    assert.equal(fieldsOf(pulled, 'shop_customer')[0]?.status, 'normal');
  });

  it('keeps the brand’s own columns as they are named in the settings', async () => {
    const { records } = await fileOf(`会员卡号,姓名,手机,鞋码\nV1,王小明,,42\n`, { custom: { shoe_size: '鞋码' } });
    assert.deepEqual(records[0]?.custom, { shoe_size: '42' });
  });

  it('reads gender codes as its source says, and else tells them', async () => {
    const coded = file(ROW.replace(',男,', ',1,'));
    assert.deepEqual(told(await fileOf(coded)), ['gender.unknown-code at 性别']);
    const { records } = await fileOf(coded, { gender_codes: { '1': 'female', '2': 'male' } });
    assert.equal(records[0]?.traits.gender, 'female');
  });

  it('carries the time of its last change where the file has one', async () => {
    const { records } = await fileOf('会员卡号,姓名,手机,修改时间\nV1,王小明,,2026-01-10 08:00:00\n');
    assert.equal(records[0]?.modifiedAt?.toISOString(), '2026-01-10T00:00:00.000Z');
  });

  it('ties an exchanged card to the one before it', async () => {
    const { records } = await fileOf('会员卡号,原卡号,姓名,手机\nV2,V1,王小明,\n');
    assert.deepEqual(records[0]?.identifiers, [{ type: 'card_no', scope: 'brand', value: 'V1', strength: 'stated' }]);
  });
});

describe('whom a member row is about', () => {
  const cases: readonly (readonly [string, string, object, string | null])[] = [
    ['is its card', '会员卡号,手机,姓名\nV1,13912341234,王小明', {}, 'card_no@brand V1'],
    ['is its card also where the till calls it 会员编号', '会员编号,手机,姓名\nV1,,王小明', {}, 'card_no@brand V1'],
    [
      'is its member number before its card',
      '会员编号,会员卡号,手机\nM1,V1,13912341234',
      { programme: 'club' },
      'member_no@club M1',
    ],
    [
      'is its member number where there are no cards',
      '会员卡号,手机,姓名\nM1,,王小明',
      { issuer: undefined, programme: 'club' },
      'member_no@club M1',
    ],
    ['is its phone without a card', '会员卡号,手机,姓名\n,13912341234,王小明', {}, 'phone@ +8613912341234'],
    [
      'is its phone where the card is the one for walk-ins',
      '会员卡号,手机,姓名\n散客卡,13912341234,王小明',
      {},
      'phone@ +8613912341234',
    ],
    ['is nobody with a masked phone alone', '会员卡号,手机,姓名\n,139****1234,王小明', {}, null],
    ['is nobody with two phones alone', '会员卡号,手机,姓名\n,13912341234/13812341234,王小明', {}, null],
    ['is nobody where Excel has rounded the card', '会员卡号,手机,姓名\n6.21E+17,,王小明', {}, null],
    ['is nobody where Excel may have rounded the card', '会员卡号,手机,姓名\n621234567890123000,,王小明', {}, null],
    ['keeps the zeros before its card', '会员卡号,手机,姓名\n"=""0012""",,王小明', {}, 'card_no@brand 0012'],
    ['loses the quote by which Excel keeps text', "会员卡号,手机,姓名\n'0012,,王小明", {}, 'card_no@brand 0012'],
  ];
  for (const [sentence, content, settings, expected] of cases) {
    it(sentence, async () => {
      const { records, rejections } = await fileOf(`${content}\n`, settings);
      const account = records[0]?.account;
      assert.equal(account ? `${account.kind}@${account.scope} ${account.key}` : null, expected);
      if (expected === null) assert.equal(rejections.at(-1)?.code, 'member.nobody');
      assert.equal(
        rejections.some(({ wholeItem }) => wholeItem),
        expected === null,
      );
    });
  }

  it('keeps the card as a further identifier of a member', async () => {
    const { records } = await fileOf('会员编号,会员卡号,手机\nM1,V1,13912341234\n', { programme: 'club' });
    assert.deepEqual(
      records[0]?.identifiers.map(({ type, scope, value }) => `${type}@${scope} ${value}`),
      ['card_no@brand V1', 'phone@ +8613912341234'],
    );
  });
});

describe('a damaged cell of a member row', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['is nothing when it says NULL', '姓名', 'NULL', ''],
    ['is nothing when it says \\N', '姓名', '\\N', ''],
    ['is nothing when it says 无', '姓名', '无', ''],
    ['is told when it is nobody’s name', '姓名', '散客', 'name.placeholder at 姓名'],
    ['is told when the phone is junk', '手机号码', '13800138000', 'phone.junk at 手机号码'],
    ['is told when the phone is a landline', '手机号码', '020-83351234', 'phone.landline at 手机号码'],
    ['is told when the birthday is a default', '生日', '1990-01-01', 'birth.default-date at 生日'],
    ['is told when it was joined in 1970', '入会时间', '1970-01-01 00:00:00', 'date.default at 入会时间'],
    ['is told when it was joined in the future', '入会时间', '2027-01-01', 'date.in-future at 入会时间'],
    ['is told when it was joined on no day', '入会时间', '2024-02-31', 'date.not-a-date at 入会时间'],
    ['is told when its points are no number', '可用积分', '很多', 'number.not-a-number at 可用积分'],
    ['is told when the column was too narrow', '可用积分', '#####', 'text.overflow at 可用积分'],
    ['is kept and told when it is a formula', '姓名', "=cmd|'/c calc'!A0", 'text.formula at 姓名'],
    ['may be an Excel serial', '入会时间', '45294', ''],
    ['may be points with decimals and separators', '可用积分', '"1,234.50"', ''],
  ];
  for (const [sentence, header, value, expected] of cases) {
    it(sentence, async () => {
      const cells = ROW.split(',');
      cells[HEADER.split(',').indexOf(header)] = value;
      const pulled = await fileOf(file(cells.join(',')));
      assert.deepEqual(told(pulled), expected === '' ? [] : [expected]);
      assert.equal(pulled.records.length, 1, 'the row itself is kept');
    });
  }

  it('tells no personal value', async () => {
    const { rejections } = await fileOf(
      file(ROW.replace('13912341234', '020-83351234').replace('王小明', '测试王小明')),
    );
    assert.deepEqual(
      rejections.map(({ given }) => given),
      ['02****34', '测**'],
    );
  });
});

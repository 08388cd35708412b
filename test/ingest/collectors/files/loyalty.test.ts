import assert from 'node:assert/strict';
import { fieldsOf, fileOf, told } from './folder.ts';

const CLUB = { channel: 'loyalty', programme: 'club' } as const;
const OPENID = 'o7df930a76961f5af20db0a89d62';

describe('files of the loyalty system', () => {
  it('are memberships', async () => {
    const content =
      'member_no,phone,name,gender,birthday,level,points,status,joined_at,store,guide\n' +
      'M1,13912341234,王小明,M,1990-05-06,gold,120.5,active,2024-01-02 03:04:05,S1,G1\n' +
      'M2,13912345670,李四,F,,,,closed,2024-01-02,,\n';
    const pulled = await fileOf(content, CLUB);
    assert.deepEqual(pulled.rejections, []);
    assert.deepEqual(pulled.records[0]?.account, { kind: 'member_no', scope: 'club', key: 'M1' });
    assert.deepEqual(fieldsOf(pulled, 'membership'), [
      {
        status: 'active',
        level: 'gold',
        points: 120.5,
        joined_at: new Date('2024-01-01T19:04:05Z'),
        store_code: 'S1',
        guide: 'G1',
      },
      {
        status: 'closed',
        level: '',
        points: null,
        joined_at: new Date('2024-01-01T16:00:00Z'),
        store_code: '',
        guide: '',
      },
    ]);
  });

  it('are bindings, whose id is an identifier in its own scope', async () => {
    const content =
      'member_no,channel,id_type,id_value,scope,bound_at,unbound_at\n' +
      `M1,wechat,openid,${OPENID},wx5f3c1a9b7e2d4608,2024-01-02 03:04:05,\n` +
      'M1,tmall,ouid,AAHrb-fwAAgOrLpFIt9ATdjc,flagship,2024-01-02 03:04:05,\n' +
      'M1,抖音,union_id,dy-union-1,brand,2024-01-02 03:04:05,\n' +
      'M1,门店,会员卡号,VIP1,,2024-01-02 03:04:05,\n';
    const pulled = await fileOf(content, CLUB);
    assert.deepEqual(pulled.rejections, []);
    assert.deepEqual(
      pulled.records.map(({ identifiers: [id] }) => `${id?.type}@${id?.scope} ${id?.strength}`),
      [
        'openid@wx5f3c1a9b7e2d4608 verified',
        'ouid@flagship verified',
        'douyin_union_id@brand verified',
        'card_no@brand verified',
      ],
    );
    assert.deepEqual(
      fieldsOf(pulled, 'binding').map(({ channel }) => channel),
      ['wechat', 'tmall', 'douyin', 'pos'],
    );
    assert.ok(
      pulled.records.every(({ key }) => !key.includes(OPENID)),
      'keys hold no id but the member’s',
    );
  });

  it('are bindings that ended: the id no longer speaks for the member', async () => {
    const content = `member_no,channel,id_type,id_value,scope,bound_at,unbound_at\nM1,wechat,openid,${OPENID},wxapp,2024-01-02,2025-01-02\n`;
    const pulled = await fileOf(content, CLUB);
    assert.equal(pulled.records[0]?.identifiers[0]?.strength, 'weak');
    assert.equal(fieldsOf(pulled, 'binding')[0]?.unbound_at?.toISOString(), '2025-01-01T16:00:00.000Z');
  });

  const bindings: readonly (readonly [string, string, string])[] = [
    ['without its scope', `M1,wechat,openid,${OPENID},,2024-01-02,`, 'openid.scope-missing at id_value'],
    ['of a junk id', 'M1,wechat,openid,undefined,wxapp,2024-01-02,', 'openid.junk at id_value'],
    ['of a type nobody knows', 'M1,wechat,fingerprint,abc,wxapp,2024-01-02,', 'binding.unknown-type at id_type'],
    ['of nothing', 'M1,wechat,openid,,wxapp,2024-01-02,', 'binding.no-id at id_value'],
    ['of nobody', `,wechat,openid,${OPENID},wxapp,2024-01-02,`, 'member.nobody at member_no'],
  ];
  for (const [what, row, expected] of bindings) {
    it(`refuse a binding ${what}`, async () => {
      const pulled = await fileOf(`member_no,channel,id_type,id_value,scope,bound_at,unbound_at\n${row}\n`, CLUB);
      assert.deepEqual([told(pulled), pulled.records], [[expected], []]);
      assert.ok(pulled.rejections[0]?.wholeItem);
    });
  }

  it('are points entries, named by their number or by what they say', async () => {
    const numbered = await fileOf(
      'member_no,entry_no,delta,balance,reason,at\nM1,E1,-50,120.5,exchange,2024-01-02 03:04:05\n',
      CLUB,
    );
    assert.equal(numbered.records[0]?.key, 'E1');
    assert.deepEqual(fieldsOf(numbered, 'points_entry'), [
      { delta: -50, balance: 120.5, reason: 'exchange', happened_at: new Date('2024-01-01T19:04:05Z') },
    ]);
    const bare = await fileOf(
      '会员编号\t变动积分\t变动原因\t变动时间\nM1\t10\t消费\t2024-01-02\nM1\t10\t消费\t2024-01-02\n',
      CLUB,
    );
    assert.equal(new Set(bare.records.map(({ key }) => key)).size, 1);
  });

  it('are level changes', async () => {
    const pulled = await fileOf('会员号|原等级|新等级|变更时间\nM1|银卡|金卡|2024-01-02 03:04:05\n', CLUB);
    assert.deepEqual(fieldsOf(pulled, 'level_change'), [
      { from_level: '银卡', to_level: '金卡', happened_at: new Date('2024-01-01T19:04:05Z') },
    ]);
  });

  it('are consents and refusals', async () => {
    const content =
      'member_no,purpose,via,granted,at\n' +
      'M1,marketing,sms,true,2024-01-02 03:04:05\nM2,营销,短信,退订,2024-01-02\nM3,分析,,0,2024-01-02\n';
    const pulled = await fileOf(content, CLUB);
    assert.deepEqual(
      fieldsOf(pulled, 'consent').map(({ purpose, via, granted }) => [purpose, via, granted]),
      [
        ['marketing', 'sms', true],
        ['marketing', 'sms', false],
        ['analysis', 'any', false],
      ],
    );
  });

  it('never guess a consent', async () => {
    const pulled = await fileOf('member_no,purpose,via,granted,at\nM1,marketing,sms,也许,2024-01-02\n', CLUB);
    assert.deepEqual([told(pulled), pulled.records], [['consent.unclear at granted'], []]);
  });

  it('are stores', async () => {
    const pulled = await fileOf(
      '门店编码,门店名称,大区,营业状态,经销商,导购\nS1,广州正佳店,华南,营业,D07,G01、G02\nS2,北京西单店,华北,已关店,,\n',
      CLUB,
    );
    assert.deepEqual(fieldsOf(pulled, 'store'), [
      { store_code: 'S1', title: '广州正佳店', region: '华南', status: 'open', dealer: 'D07', guides: ['G01', 'G02'] },
      { store_code: 'S2', title: '北京西单店', region: '华北', status: 'closed', dealer: '', guides: [] },
    ]);
  });

  it('may be NDJSON, whose long numbers stay whole', async () => {
    const content =
      '{"member_no":9223372036854775807,"phone":"13912341234","name":"王,小明","points":12.50,"level":null}\n' +
      '\n{"member_no":"M2","name":"李四","level":"gold","tags":["a"]}\n' +
      '{"member_no":"M3","na\n[1,2]\n';
    const pulled = await fileOf(content, { ...CLUB, name: 'members.ndjson' });
    assert.deepEqual(
      pulled.records.map(({ key, personal }) => [key, personal.name]),
      [
        ['9223372036854775807', '王,小明'],
        ['M2', '李四'],
      ],
    );
    assert.deepEqual(told(pulled), ['row.not-json at line 4', 'row.not-json at line 5']);
    assert.equal(fieldsOf(pulled, 'membership')[0]?.points, 12.5);
  });
});

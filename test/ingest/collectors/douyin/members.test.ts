import assert from 'node:assert/strict';
import {
  type DouyinSimulator,
  type SimulatorOptions,
  startDouyinSimulator,
} from '../../../../fixtures/simulators/douyin/index.ts';
import { SourceFault } from '../../../../ingest/collectors/collector.ts';
import { douyinCollector } from '../../../../ingest/collectors/douyin/index.ts';
import type { SourceItem } from '../../../../ingest/record.ts';
import {
  ago,
  contextOf,
  HandClock,
  itemOf,
  itemsOf,
  many,
  map,
  memberOrderRow,
  memberRow,
  orderRow,
  pagesOf,
  recordsOf,
  SHOP,
  sourceOf,
} from './shop.ts';

const OPEN_ID = '1@#Zm9vYmFy+/1000==';
const DAY_S = 86_400;
const FAST = { member_app_id: SHOP.member_app_id, calls_per_second: 100, history_days: 1 };

describe('members of a Douyin shop', () => {
  let clock: HandClock;
  let simulator: DouyinSimulator | undefined;

  const pull = async (data: SimulatorOptions['data'], shop: SimulatorOptions['shop'] = SHOP): Promise<SourceItem[]> => {
    clock = new HandClock();
    simulator ??= await startDouyinSimulator({ shop, data, clock });
    return itemsOf(await pagesOf(contextOf({ simulator, clock, stream: 'members', settings: FAST })));
  };
  afterEach(async () => {
    await simulator?.close();
    simulator = undefined;
  });

  it('are pulled only where the brand has a member system', () => {
    assert.deepEqual(douyinCollector.streams(sourceOf().settings), ['orders', 'aftersales']);
    assert.deepEqual(douyinCollector.streams(sourceOf(FAST).settings), ['orders', 'aftersales', 'members']);
  });

  it('come with the orders that name them, ten a question, each once', async () => {
    const items = await pull({
      member_orders: [...many(120, (n) => memberOrderRow(n)), memberOrderRow(900, { open_id: OPEN_ID })],
      members: many(120, (n) => memberRow(n)),
    });
    const count = (kind: string) => new Set(items.filter((one) => one.kind === kind).map(({ key }) => key)).size;
    assert.deepEqual([count('member_order'), count('member'), items.length], [121, 120, 241]);
    assert.equal(simulator!.stats.byMethod['member.mGetMemberInfoByOpenIdList'], 13);
    assert.deepEqual(simulator!.stats.refused, []);
  });

  it('that left meanwhile are no fault, one by one or all together', async () => {
    const items = await pull({ member_orders: [memberOrderRow(0)], members: [] });
    const { records, rejections } = douyinCollector.map(items.find(({ kind }) => kind === 'member')!, {
      source: sourceOf(),
    });
    assert.deepEqual([records, rejections], [[], []]);
  });

  it('wait while the platform moves them, and are asked for again after the failure that looks permanent', async () => {
    clock = new HandClock();
    const data = { member_orders: [memberOrderRow(0)], members: [memberRow(0)] };
    simulator = await startDouyinSimulator({ shop: SHOP, data, clock });
    const method = 'member.mGetMemberInfoByOpenIdList';
    simulator.misbehave({ kind: 'account-busy', method, times: 3 });
    assert.equal((await pull(data)).length, 2);
    simulator.misbehave({ kind: 'migrating', method, times: 1 });
    await assert.rejects(pull(data), (fault: unknown) => fault instanceof SourceFault && fault.retryAt !== null);
  });

  it('stop the stream where the number of the member system is wrong', async () => {
    await assert.rejects(
      pull({}, { ...SHOP, member_app_id: '52' }),
      (fault: unknown) => fault instanceof SourceFault && fault.kind === 'misconfigured',
    );
  });

  it('show their phone only where they paid within 90 days', async () => {
    const items = await pull({
      member_orders: [memberOrderRow(0), memberOrderRow(1)],
      members: [memberRow(0), memberRow(1, { last_paid: ago(100 * DAY_S) })],
    });
    const phones = items
      .filter(({ kind }) => kind === 'member')
      .flatMap((item) => douyinCollector.map(item, { source: sourceOf() }).records)
      .map(({ personal }) => personal.phone);
    assert.deepEqual(phones.sort(), ['+8613910001000', undefined]);
  });
});

describe('a member of a Douyin shop', () => {
  const customer = (change: object = {}) =>
    recordsOf(map('member', { success: true, ...memberRow(0, change) }), 'shop_customer');

  it('is a shop customer with all ids seen together, each in its scope', () => {
    const [record] = customer();
    assert.deepEqual(record!.account, { kind: 'douyin_open_id', scope: SHOP.shop_id, key: OPEN_ID });
    assert.deepEqual(
      record!.identifiers.map(({ type, scope, value, strength }) => [type, scope, value, strength]),
      [
        ['douyin_union_id', 'demo', 'un-1000-Zm9v', 'verified'],
        ['phone', '', '+8613910001000', 'verified'],
        ['douyin_phone_index', SHOP.shop_id, 'mx8Ru1Jf1000', 'weak'],
      ],
    );
    const { grade, points, status } = record!.fields;
    assert.deepEqual([grade, points, status, record!.personal], ['2', 123.5, 'normal', { phone: '+8613910001000' }]);
  });

  it('may have fewer points than none', () => {
    assert.equal(customer({ point_cent: -150 })[0]!.fields.points, -1.5);
  });

  const PHONES: readonly (readonly [string, string, readonly string[]])[] = [
    ['encrypted', '$kd9Xz$b3BlbnNlc2FtZQ==$1$$', ['douyin_phone_index weak kd9Xz']],
    ['masked', '139****1000', ['phone_masked weak 139****1000']],
    ['the platform’s virtual number', '18400913965-7576', []],
    ['junk', '13800138000', []],
  ];
  for (const [what, mobile, expected] of PHONES) {
    it(`whose phone is ${what} has no phone`, () => {
      const [record] = customer({ mobile, mix_mobile: '', union_id: '' });
      const seen = record!.identifiers.map(({ type, strength, value }) => `${type} ${strength} ${value}`);
      assert.deepEqual([seen, record!.personal], [expected, {}]);
    });
  }

  it('and the buyer of an order are tied by the order’s number, which both bear', () => {
    const settings = { member_app_id: SHOP.member_app_id };
    const [event] = recordsOf(map('member_order', memberOrderRow(0), settings), 'event');
    assert.deepEqual(event!.account, { kind: 'douyin_open_id', scope: SHOP.shop_id, key: OPEN_ID });
    const [line] = recordsOf(map('order', orderRow(0), settings), 'order_line');
    const [number] = event!.identifiers;
    assert.equal(number!.type, 'douyin_order_no');
    assert.ok(line!.identifiers.some((one) => JSON.stringify(one) === JSON.stringify(number)));
  });

  it('is refused where nothing names anybody', () => {
    const { records, rejections } = map('member', {
      success: true,
      ...memberRow(0, { open_id: 'test', union_id: '', mobile: '', mix_mobile: '' }),
    });
    assert.deepEqual([records.length, rejections[0]?.code, rejections[0]?.wholeItem], [0, 'douyin_open_id.junk', true]);
  });

  it('keeps its item’s time where the row tells none', () => {
    const item = itemOf('member_order', memberOrderRow(0));
    const [event] = recordsOf(douyinCollector.map(item, { source: sourceOf() }), 'event');
    assert.deepEqual(event!.fields.happened_at, item.deliveredAt);
  });
});

import assert from 'node:assert/strict';
import { startWecomSimulator } from '../../../../fixtures/simulators/wecom/index.ts';
import { shopMessage, startWeixinShopSimulator } from '../../../../fixtures/simulators/weixin_shop/index.ts';
import { startYouzanSimulator } from '../../../../fixtures/simulators/youzan/index.ts';
import { DEFAULT_RULES, loadLinks, profileOf, resolve } from '../../../../identity/index.ts';
import type { Collector, Source } from '../../../../ingest/collectors/collector.ts';
import { wecomCollector } from '../../../../ingest/collectors/wecom/index.ts';
import { weixinShopCollector } from '../../../../ingest/collectors/weixin_shop/index.ts';
import { youzanCollector } from '../../../../ingest/collectors/youzan/index.ts';
import { openWriter, pushReceiver, runSource, type Writer } from '../../../../ingest/index.ts';
import { raw } from '../../../../store/index.ts';
import { openTestStore, type TestStore } from '../../../helpers/store.ts';
import { HandClock } from '../tmall/shop.ts';
import { CORP, contactRow, sourceOf as corpOf, groupRow, TAG_GROUPS } from '../wecom/corp.ts';
import * as shop from '../weixin_shop/shop.ts';
import * as youzan from '../youzan/shop.ts';

describe('channels of WeChat, pulled and written', () => {
  const clock = new HandClock();
  const signal = new AbortController().signal;
  let test: TestStore;
  let writer: Writer;
  const simulators: { close(): Promise<void> }[] = [];
  let sources: { weixin: Source; wecom: Source; youzan: Source };

  const one = async <T>(text: string) => (await test.store.rows<T>(raw(text)))[0]!;
  const pull = async (collector: Collector, source: Source) => {
    const { status, fault, counts } = await runSource({ store: test.store, writer, clock, collector, source, signal });
    assert.deepEqual([status, fault, counts.rejections], ['done', '', 0]);
  };
  const pullAll = async () => {
    await pull(weixinShopCollector as Collector, sources.weixin);
    await pull(wecomCollector as Collector, sources.wecom);
    await pull(youzanCollector as Collector, sources.youzan);
  };

  before(async () => {
    test = await openTestStore();
    writer = await openWriter({ ...test, clock, mixMobileKeys: [] });
    const weixin = await startWeixinShopSimulator({
      app: shop.APP,
      data: {
        orders: [shop.orderRow(1), shop.orderRow(2, { unionid: '' })],
        afterSales: [shop.afterSaleRow(1)],
        members: [shop.memberRow(1)],
      },
      clock,
    });
    const contacts = [contactRow(1, {}, { remark_mobiles: [] }), contactRow(3, {}, { remark_mobiles: [] })];
    const groups = [groupRow(1)];
    const wecom = await startWecomSimulator({ corp: CORP, data: { contacts, tagGroups: TAG_GROUPS, groups }, clock });
    const buyer_info = { yz_open_id: youzan.openIdOf(2) };
    const yz = await startYouzanSimulator({
      app: youzan.APP,
      data: {
        orders: [youzan.orderRow(1), youzan.orderRow(2, {}, { buyer_info })],
        refunds: [youzan.refundRow(1)],
        members: [youzan.memberRow(1)],
      },
      clock,
    });
    simulators.push(weixin, wecom, yz);
    sources = {
      weixin: shop.sourceOf({ gateway: weixin.url }),
      wecom: corpOf({ gateway: wecom.url }),
      youzan: youzan.sourceOf({ gateway: yz.url }),
    };
    await pullAll();
  });
  after(async () => {
    for (const simulator of simulators) await simulator.close();
    await test.close();
  });

  it('are in their tables, once however often they are pulled', async () => {
    const counts = () =>
      one(`SELECT (SELECT count() FROM order_lines FINAL) AS lines, (SELECT count() FROM refunds FINAL) AS refunds,
        (SELECT count() FROM shop_customers FINAL WHERE deleted = 0) AS customers,
        (SELECT count() FROM events FINAL) AS events`);
    assert.deepEqual(await counts(), { lines: 4, refunds: 2, customers: 4, events: 2 });
    clock.forward(26 * 3600_000);
    await pullAll();
    assert.deepEqual(await counts(), { lines: 4, refunds: 2, customers: 4, events: 2 });
  });

  it('are one person where a unionid or a verified phone says so, and apart where nothing does', async () => {
    const { identity_version } = await resolve({ ...test, clock, rules: DEFAULT_RULES, mixMobileKeys: [] });
    const links = await loadLinks(test.store, identity_version);
    const accounts = await test.store.rows<{ source: string; kind: string; n: number }>(
      raw('SELECT source, kind, account_ordinal AS n FROM accounts ORDER BY n'),
    );
    const byProfile = new Map<number | null, string[]>();
    for (const { source, n } of accounts)
      byProfile.set(profileOf(links, n), [...(byProfile.get(profileOf(links, n)) ?? []), source]);
    const groups = [...byProfile.values()].map((group) => group.sort().join(' + ')).sort();
    assert.deepEqual(groups, [
      ...['wecom', 'wecom', 'wecom + weixin-flagship + youzan-flagship'],
      ...['weixin-flagship', 'youzan-flagship'],
    ]);
  });

  it('a message is on disk before it is answered, and counts once when it is sent again', async () => {
    const receiver = pushReceiver({
      writer,
      clock,
      collector: weixinShopCollector as Collector,
      source: sources.weixin,
    });
    const left = shop.messageRow('channels_ec_vip_close', { CreateTime: clock.now().getTime() / 1000 + 1 });
    for (const nonce of ['1', '2']) {
      const sent = shopMessage(left, shop.SAFE_MODE, { nonce });
      const answer = await receiver.receive({ method: 'POST', headers: {}, ...sent });
      assert.deepEqual([answer.status, answer.body], [200, 'success']);
    }
    const found = await one(`SELECT (SELECT count() FROM events FINAL WHERE event = 'member_left') AS left,
      (SELECT count() FROM shop_customers FINAL WHERE source = 'weixin-flagship' AND deleted = 0) AS customers`);
    assert.deepEqual(found, { left: 1, customers: 0 });
  });
});

import assert from 'node:assert/strict';
import { startTmallSimulator, type TmallSimulator } from '../../../../fixtures/simulators/tmall/index.ts';
import { tmallCollector } from '../../../../ingest/collectors/tmall/index.ts';
import {
  ago,
  contextOf,
  HandClock,
  itemsOf,
  many,
  messageRow,
  pagesOf,
  refundRow,
  SHOP,
  sourceOf,
  tradeRow,
} from './shop.ts';

const tidOf = (n: number): bigint => (tradeRow(n) as { tid: bigint }).tid;
const trade = (n: number, topic = 'TradeBuyerPay', of = n) =>
  messageRow(n, { topic: `taobao_trade_${topic}`, content: { tid: tidOf(of) } });

describe('pull of messages', () => {
  let clock: HandClock;
  let simulator: TmallSimulator;

  const start = async (messages: object[]) => {
    clock = new HandClock();
    const data = { trades: many(300, (n) => tradeRow(n)), refunds: [refundRow(1)], messages };
    simulator = await startTmallSimulator({ shop: SHOP, data, clock });
  };
  afterEach(() => simulator.close());
  const context = () => contextOf({ simulator, clock, stream: 'messages' });

  it('reads the objects anew, each once whatever the number and order of its messages', async () => {
    const join = { user: 'AAO-1', join_time: ago(900), msg_id: 1 };
    await start([
      trade(1),
      trade(2, 'TradeSellerShip', 1),
      trade(3),
      messageRow(4, {
        topic: 'taobao_refund_RefundSuccess',
        content: { refund_id: 91234567890123457n, tid: tidOf(1) },
      }),
      messageRow(5, { topic: 'taobao_opencrm_MemberJoinPrivate', content: join }),
    ]);
    const items = itemsOf(await pagesOf(context()));
    assert.deepEqual(items.map(({ kind, key }) => `${kind} ${key}`).sort(), [
      ...['message 7100000000000000006', 'refund 91234567890123457', `trade ${tidOf(1)}`, `trade ${tidOf(3)}`],
    ]);
    const payload = items.find(({ kind }) => kind === 'trade')!.payload;
    assert.match(payload, /"orders":\[/);
    assert.ok(!payload.includes('receiver'));
    assert.equal(simulator.unconfirmed(), 0);
  });

  it('takes hundreds, published twice and out of order, and confirms every one', async () => {
    await start(many(290, (n) => trade(n)));
    const items = itemsOf(await pagesOf(context()));
    assert.equal(new Set(items.map(({ key }) => key)).size, 290);
    assert.equal(simulator.unconfirmed(), 0);
  });

  it('confirms nothing that is not committed: it comes again', async () => {
    await start(many(20, (n) => trade(n)));
    for await (const page of tmallCollector.pull(context())) assert.ok(page.items.length > 0);
    assert.ok(simulator.unconfirmed() >= 20);
    clock.forward(120_000);
    assert.equal(new Set(itemsOf(await pagesOf(context())).map(({ key }) => key)).size, 20);
    assert.equal(simulator.unconfirmed(), 0);
  });

  it('keeps the message of an order that is gone, and goes on', async () => {
    await start([messageRow(1, { topic: 'taobao_trade_TradeClose', content: { tid: 4n } }), trade(2)]);
    const items = itemsOf(await pagesOf(context()));
    assert.deepEqual(items.map(({ kind }) => kind).sort(), ['message', 'trade']);
    const gone = items.find(({ kind }) => kind === 'message')!;
    assert.equal(tmallCollector.map(gone, { source: sourceOf() }).rejections[0]?.code, 'message.object-gone');
  });

  it('is pulled without a session: only reading an order needs one', async () => {
    await start([messageRow(1, { topic: 'taobao_item_ItemAdd', content: {} })]);
    const source = sourceOf({ gateway: simulator.url, tmc_group: SHOP.tmc_group, session: 'ended' });
    const pages = await pagesOf(contextOf({ simulator, clock, stream: 'messages', source }));
    assert.equal(itemsOf(pages).length, 1);
  });
});

describe('the stream of messages', () => {
  it('is a stream only where a group is configured', () => {
    assert.deepEqual(tmallCollector.streams(sourceOf().settings), ['trades', 'refunds', 'customers']);
    assert.deepEqual(tmallCollector.streams(sourceOf({ tmc_group: 'g' }).settings), [
      'trades',
      'refunds',
      'customers',
      'messages',
    ]);
  });
});

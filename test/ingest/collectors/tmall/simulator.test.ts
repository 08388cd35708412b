import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTmallSimulator, type TmallSimulator } from '../../../../fixtures/simulators/tmall/index.ts';
import { type SignMethod, sign } from '../../../../ingest/collectors/tmall/sign.ts';
import { ago, customerRow, HandClock, json, many, messageRow, refundRow, SHOP, tradeRow } from './shop.ts';

const LIST = 'taobao.trades.sold.increment.get';

/** A call as anybody would make it; `params` change or (undefined) drop what it holds. */
async function ask(
  url: string,
  params: Record<string, string | undefined>,
  secret: string = SHOP.app_secret,
): Promise<Record<string, unknown>> {
  const all: Record<string, string> = {};
  const standard = {
    ...{
      method: LIST,
      app_key: SHOP.app_key,
      session: SHOP.session,
      timestamp: ago(0),
      v: '2.0',
      format: 'json',
      simplify: 'true',
    },
    ...{
      sign_method: 'md5',
      fields: 'tid,modified',
      start_modified: ago(7200),
      end_modified: ago(0),
      type: 'fixed,guarantee_trade',
    },
  };
  for (const [key, value] of Object.entries({ ...standard, ...params })) if (value !== undefined) all[key] = value;
  if (!('sign' in params)) all.sign = sign(all, { secret, method: all.sign_method as SignMethod });
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(all) });
  return JSON.parse(await response.text()) as Record<string, unknown>;
}

describe('Tmall simulator', () => {
  let clock: HandClock;
  let simulator: TmallSimulator;

  before(async () => {
    clock = new HandClock();
    const trades = [...many(230, (n) => tradeRow(n)), tradeRow(300, { type: 'fixed' })];
    const messages = many(30, (n) => messageRow(n, { topic: 't', content: {} }));
    simulator = await startTmallSimulator({ shop: SHOP, data: { trades, messages }, clock });
  });
  after(() => simulator.close());

  const REFUSED: [why: string, params: Record<string, string | undefined>, code: number, subCode?: string][] = [
    ['no method', { method: undefined }, 21],
    ['a method it does not know', { method: 'taobao.user.get' }, 22],
    ['no format, since XML is the default', { format: undefined }, 23],
    ['no signature', { sign: undefined }, 24],
    ['a wrong signature', { sign: 'F'.repeat(32) }, 25],
    ['no session', { session: undefined }, 26],
    ['another session', { session: 'x' }, 27, 'invalid-sessionkey'],
    ['no app key', { app_key: undefined }, 28],
    ['another app key', { app_key: '1' }, 29],
    ['no time stamp', { timestamp: undefined }, 30],
    ['a time stamp eleven minutes old', { timestamp: ago(660) }, 31],
    ['a time stamp in another zone', { timestamp: ago(8 * 3600) }, 31],
    ['no version', { v: undefined }, 32],
    ['no fields', { fields: undefined }, 40, 'isv.missing-parameter:fields'],
    ['no start', { start_modified: undefined }, 40, 'isv.missing-parameter:start_modified'],
    ['a window of a day and a second', { start_modified: ago(86_401) }, 41, 'isv.invalid-parameter'],
    ['a window that ends as it begins', { start_modified: ago(0) }, 41, 'isv.invalid-parameter'],
    [
      'a window older than three months',
      { start_modified: '2025-10-14 00:00:00', end_modified: '2025-10-14 01:00:00' },
      41,
      'isv.invalid-parameter',
    ],
    ['a page of 101', { page_size: '101' }, 41, 'isv.invalid-parameter'],
    ['page 101', { page_no: '101' }, 41, 'isv.invalid-parameter'],
    ['page 0', { page_no: '0' }, 41, 'isv.invalid-parameter'],
    [
      'nine messages',
      { method: 'taobao.tmc.messages.consume', group_name: SHOP.tmc_group, quantity: '9' },
      41,
      'isv.invalid-parameter',
    ],
    [
      'messages of another group',
      { method: 'taobao.tmc.messages.consume', group_name: 'x' },
      41,
      'isv.invalid-parameter',
    ],
  ];
  for (const [why, params, code, subCode] of REFUSED) {
    it(`refuses ${why} with ${code}`, async () => {
      const before = simulator.stats.refused.length;
      const { error_response: error } = (await ask(simulator.url, params)) as {
        error_response: { code: number; sub_code?: string };
      };
      assert.deepEqual([error.code, error.sub_code], [code, subCode]);
      assert.equal(simulator.stats.refused.length, before + 1);
    });
  }

  it('gives pages newest first, empty behind the last, with a total or with has_next', async () => {
    const first = await ask(simulator.url, { page_size: '100' });
    assert.equal(first.total_results, 231);
    assert.equal((first.trades as { modified: string }[])[0]?.modified, ago(3600));
    const last = await ask(simulator.url, { page_size: '100', page_no: '3', use_has_next: 'true' });
    assert.deepEqual([(last.trades as object[]).length, last.has_next, last.total_results], [31, false, undefined]);
    const behind = await ask(simulator.url, { page_size: '100', page_no: '4' });
    assert.deepEqual([behind.trades, behind.total_results], [undefined, 231]);
  });

  it('leaves out types by default, and fields that were not asked for', async () => {
    const page = await ask(simulator.url, { type: undefined, fields: 'tid,buyer_nick,oaid,nothing' });
    assert.equal(page.total_results, 230);
    assert.deepEqual(Object.keys((page.trades as object[])[0]!), ['tid', 'buyer_nick']);
    assert.equal((page.trades as { buyer_nick: string }[])[0]?.buyer_nick, '天**一');
  });

  it('gives the parcel id only with all of the receiver', async () => {
    const fields = 'receiver_name,receiver_address,created,receiver_mobile,receiver_phone,oaid';
    const page = await ask(simulator.url, { fields });
    assert.equal((page.trades as { oaid: string }[])[0]?.oaid, 'week-3-oaid');
  });

  it('wraps the answer where it is not asked to simplify', async () => {
    const answer = await ask(simulator.url, { simplify: undefined, page_size: '1' });
    const { trades } = answer.trades_sold_increment_get_response as { trades: { trade: object[] } };
    assert.equal(trades.trade.length, 1);
  });

  it('does not show what changes later than its clock', async () => {
    simulator.append('trades', [tradeRow(5, { modified: ago(-100) })]);
    assert.equal((await ask(simulator.url, { end_modified: ago(-3600) })).total_results, 230);
    clock.forward(101_000);
    assert.equal((await ask(simulator.url, { end_modified: ago(-3600) })).total_results, 231);
  });

  it('gives a message again until it is confirmed', async () => {
    const consume = { method: 'taobao.tmc.messages.consume', group_name: SHOP.tmc_group, quantity: '200' };
    const ids = async () => ((await ask(simulator.url, consume)).messages as object[] | undefined)?.length ?? 0;
    assert.equal(await ids(), 34);
    assert.equal(await ids(), 0);
    clock.forward(61_000);
    assert.equal(await ids(), 34);
    const s_message_ids = many(30, (n) => String(7100000000000000001n + BigInt(n))).join(',');
    await ask(simulator.url, { method: 'taobao.tmc.messages.confirm', group_name: SHOP.tmc_group, s_message_ids });
    assert.equal(simulator.unconfirmed(), 4);
  });
});

describe('Tmall simulator over a folder', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quanyu-tmall-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('serves every kind of row from its file', async () => {
    const files = { refunds: many(120, refundRow), customers: many(120, customerRow), trades: [tradeRow(0)] };
    for (const [name, rows] of Object.entries(files)) {
      await writeFile(join(folder, `${name}.ndjson`), rows.map((row) => `${json(row)}\n`).join(''));
    }
    await writeFile(join(folder, 'messages.ndjson'), `${json(messageRow(1, { topic: 't', content: {} }))}\n`);
    const simulator = await startTmallSimulator({ shop: SHOP, data: { folder }, clock: new HandClock() });
    try {
      const refunds = await ask(simulator.url, { method: 'taobao.refunds.receive.get', fields: 'refund_id' });
      assert.equal(refunds.total_results, 120);
      const members = { method: 'taobao.crm.members.increment.get.privy', start_modify: '2020-01-01 00:00:00' };
      assert.equal((await ask(simulator.url, members)).total_result, 120);
      const refund = await ask(simulator.url, {
        method: 'taobao.refund.get',
        fields: 'refund_id',
        refund_id: '91234567890123460',
      });
      assert.deepEqual(refund.refund, { refund_id: '91234567890123460' });
      assert.equal(simulator.unconfirmed(), 1);
    } finally {
      await simulator.close();
    }
  });

  it('serves a file as it serves memory, with new versions of its rows, bans, and rows in any order', async () => {
    const rows = many(3000, (n) =>
      json(tradeRow(n, { modified: ago(60 + ((n * 7919) % 3000)), title: '轻'.repeat(n % 700) })),
    );
    await writeFile(join(folder, 'trades.ndjson'), `${rows.join('\n')}\n`);
    const clock = new HandClock();
    const limit = { callsPerSecond: 40, seconds: 3 };
    const [file, memory] = await Promise.all([
      startTmallSimulator({ shop: SHOP, data: { folder }, clock, limit }),
      startTmallSimulator({ shop: SHOP, data: { trades: rows }, clock }),
    ]);
    try {
      for (const page of ['1', '15', '30', '31']) {
        const params = { page_size: '100', page_no: page, fields: 'tid,title,orders' };
        assert.deepEqual(await ask(file.url, params), await ask(memory.url, params));
      }
      file.append('trades', [tradeRow(17, { modified: ago(1), status: 'TRADE_FINISHED' })]);
      const page = await ask(file.url, { fields: 'status' });
      assert.deepEqual([page.total_results, (page.trades as object[])[0]], [3000, { status: 'TRADE_FINISHED' }]);
      const full = await ask(file.url, { method: 'taobao.trade.fullinfo.get', tid: '7012345678901235000' });
      assert.ok(full.trade);
      for (let call = 0; call < 40; call += 1) await ask(file.url, {});
      const { error_response: banned } = (await ask(file.url, {})) as {
        error_response: { code: number; sub_msg: string };
      };
      assert.deepEqual([banned.code, banned.sub_msg], [7, 'This ban will last for 3 more seconds']);
      clock.forward(3001);
      assert.ok((await ask(file.url, {})).trades);
    } finally {
      await Promise.all([file.close(), memory.close()]);
    }
  });
});

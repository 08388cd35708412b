import assert from 'node:assert/strict';
import { openCheckpoints } from '../../../ingest/checkpoint.ts';
import type { Collector } from '../../../ingest/collectors/collector.ts';
import { rebuildSource } from '../../../ingest/rebuild.ts';
import { replayRejections } from '../../../ingest/replay.ts';
import { runSource } from '../../../ingest/run.ts';
import { mapGroup } from '../../../ingest/write/group.ts';
import { openWriter } from '../../../ingest/write/writer.ts';
import { raw, sql } from '../../../store/index.ts';
import { openTestStore, type TestStore } from '../../helpers/store.ts';
import { PHONE, toySource as source, T0, toy } from '../../helpers/toy-collector.ts';

const clock = { now: () => new Date('2026-03-01T04:00:00Z') };
const signal = new AbortController().signal;

describe('the writer', () => {
  let test: TestStore;
  beforeEach(async () => {
    test = await openTestStore();
  });
  afterEach(() => test.close());

  const collect = async (collector: Collector, mixMobileKeys = [{ scope: 'shop', key: 'demoKey' }]) => {
    const writer = await openWriter({ ...test, clock, mixMobileKeys });
    return runSource({ ...test, writer, clock, collector, source, signal });
  };
  const one = async <T>(text: string) => (await test.store.rows<T>(raw(text)))[0]!;

  it('gives each account one ordinal, keeps tokens and sealed values, and no clear value in any table', async () => {
    const view = await collect(
      toy([[{ card: 'A001', phone: PHONE }, { card: 'A002' }], [{ card: 'A003', phone: PHONE }]]),
    );
    assert.equal(view.status, 'done');
    assert.equal(view.counts.items, 3);
    assert.deepEqual(
      await one('SELECT count() AS n, min(account_ordinal) AS least, max(account_ordinal) AS most FROM accounts'),
      { n: 3, least: 1, most: 3 },
    );
    const shared = await one<{ n: number }>(
      `SELECT count() AS n FROM (SELECT arrayJoin(id_token) AS token, uniqExact(account_ordinal) AS accounts FROM account_records FINAL GROUP BY token HAVING accounts = 2)`,
    );
    assert.equal(shared.n, 1, 'both cards meet in the token of their phone');
    for (const table of ['account_records', 'vault', 'source_items', 'shop_customers', 'rejections', 'accounts']) {
      const dump = await test.store.stream(raw(`SELECT * FROM ${table}`), 'JSONEachRow');
      let text = '';
      for await (const chunk of dump) text += String(chunk);
      assert.ok(
        !text.includes('13900000001') && !text.includes('A001') && !text.includes('张三丰'),
        `${table} holds a clear value`,
      );
    }
    const sealed = await test.store.rows<{ text: string }>(
      sql`SELECT ${test.vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') })} AS text FROM vault WHERE kind = 'shop_customer'`,
    );
    assert.ok(sealed.some((row) => (JSON.parse(row.text) as { phone?: string }).phone === PHONE));
    assert.deepEqual(
      await one(
        `SELECT toString(birth_date) AS birth, phone_masked FROM account_records WHERE phone_masked != '' LIMIT 1`,
      ),
      { birth: '1965-03-01', phone_masked: '139****0001' },
    );
  });

  it('writes a value that was cut within an emoji, with a replacement for its half', async () => {
    const cards = toy([[{ card: 'A001' }]]);
    const cut: Collector = {
      ...cards,
      map: (item, context) => {
        const { records, rejections } = cards.map(item, context);
        const custom = { nickname: '小明\ud83d', path: '\\ud83d', whole: '😀' };
        return { records: records.map((record) => ({ ...record, custom })), rejections };
      },
    };
    assert.equal((await collect(cut)).status, 'done');
    assert.deepEqual(await one('SELECT custom FROM shop_customers'), {
      custom: { nickname: '小明\ufffd', path: '\\ud83d', whole: '😀' },
    });
  });

  it('joins a phone to its md5, its sha256 and its mix_mobile', async () => {
    await collect(toy([[{ card: 'A001', phone: '+8613912345678' }]]));
    const found = await test.store.rows<{ n: number }>(sql`
      SELECT count() AS n FROM phone_hashes WHERE hash_token IN (
        ${test.vault.token(raw("concat('identifier', '\\0', 'phone_md5', '\\0', '', '\\0', '535381ec9d5ab7a390db0a30860600f2')"))},
        ${test.vault.token(raw("concat('identifier', '\\0', 'phone_sha256', '\\0', '', '\\0', 'ba6c167e885ea4be8252fb01c61fc55439089f389ee1b0592fc8c4f417196403')"))},
        ${test.vault.token(raw("concat('identifier', '\\0', 'mix_mobile', '\\0', 'shop', '\\0', 'cfa3372701636a345789031a2f107523')"))})`);
    assert.equal(found[0]!.n, 3);
  });

  it('joins a phone that is all a channel knows of an account to its hashes, too', async () => {
    const cards = toy([[{ card: PHONE, birth: null }]]);
    const byPhone: Collector = {
      ...cards,
      map: (item, context) => {
        const { records, rejections } = cards.map(item, context);
        const account = { kind: 'phone', scope: '', key: item.key } as const;
        return { records: records.map((record) => ({ ...record, account })), rejections };
      },
    };
    await collect(byPhone);
    assert.deepEqual(await one('SELECT count() AS n FROM phone_hashes'), { n: 3 });
  });

  it('is the same after pulling everything again, and a newer delivery replaces what it corrects', async () => {
    const pages = [[{ card: 'A001', points: 5 }], [{ card: 'A002', points: 7 }]];
    await collect(toy(pages));
    const state = () =>
      test.store.rows(
        raw(
          'SELECT account_ordinal, points, toString(version) AS v FROM shop_customers FINAL ORDER BY account_ordinal',
        ),
      );
    const before = await state();
    await test.store.run(raw('TRUNCATE TABLE checkpoints'));
    await collect(toy(pages));
    assert.deepEqual(await state(), before);
    await test.store.run(raw('TRUNCATE TABLE checkpoints'));
    await collect(toy([[{ card: 'A001', points: 6 }]], { deliveredAt: new Date('2026-03-02T00:00:00Z') }));
    assert.deepEqual(
      (await state()).map((row) => (row as { points: number }).points),
      [6, 7],
    );
    await test.store.run(raw('TRUNCATE TABLE checkpoints'));
    await collect(toy(pages));
    assert.deepEqual(
      (await state()).map((row) => (row as { points: number }).points),
      [6, 7],
      'an older delivery does not win',
    );
  });

  it('keeps the checkpoint only behind what is written, and goes on from there', async () => {
    await collect(toy([[{ card: 'A001' }], [{ card: 'A002' }]]));
    assert.equal((await openCheckpoints(test.store, clock, 'till')).get('cards'), 2);
    const again = await collect(toy([[{ card: 'A001' }], [{ card: 'A002' }], [{ card: 'A003' }]]));
    assert.equal(again.counts.items, 1);
  });

  it('shows a rejection with path, given and expected, replays it after the mapping was mended, and settles it', async () => {
    const pages = [[{ card: 'A001', bad: true }, { card: 'A002' }]];
    const view = await collect(toy(pages));
    assert.equal(view.counts.rejections, 1);
    assert.deepEqual(await one(`SELECT path, given, expected, code, settled FROM rejections FINAL`), {
      path: '/bad',
      given: 'true',
      expected: 'no bad cards',
      code: 'card.bad',
      settled: 0,
    });
    const writer = await openWriter({ ...test, clock, mixMobileKeys: [] });
    const replay = await replayRejections({
      ...test,
      clock,
      writer,
      collector: toy(pages, { acceptBad: true }),
      source,
    });
    assert.equal(replay.counts.records, 1);
    assert.deepEqual(await one('SELECT countIf(settled = 0) AS open FROM rejections FINAL'), { open: 0 });
    assert.deepEqual(await one('SELECT count() AS n FROM shop_customers FINAL'), { n: 2 });
  });

  it('rebuilds facts from the archive, dropping what the newer mapper does not make any more', async () => {
    await collect(toy([[{ card: 'A001', points: 1, bad: true }, { card: 'A002' }]], { acceptBad: true }));
    const writer = await openWriter({ ...test, clock, mixMobileKeys: [] });
    const view = await rebuildSource({ ...test, clock, writer, collector: toy([], { mapperVersion: 2 }), source });
    assert.equal(view.counts.done, 2);
    assert.deepEqual(await one('SELECT count() AS n, min(mapper_version) AS mapper FROM shop_customers FINAL'), {
      n: 1,
      mapper: 2,
    });
  });

  it('takes in nothing of a suppressed account, nor of a new account that gives a suppressed phone', async () => {
    await collect(toy([[{ card: 'A001', phone: PHONE }]]));
    const token = test.vault.token(raw(`concat('identifier', '\\0', 'phone', '\\0', '', '\\0', '${PHONE}')`));
    await test.store.run(
      sql`INSERT INTO suppressed (token, kind, request_id, since) SELECT ${token}, 'identifier', 'r1', toDateTime64(0, 3, 'UTC')`,
    );
    for (const table of ['shop_customers', 'account_records', 'vault', 'accounts', 'source_items'])
      await test.store.run(raw(`TRUNCATE TABLE ${table}`));
    await test.store.run(raw('TRUNCATE TABLE checkpoints'));
    const view = await collect(
      toy([[{ card: 'A001', phone: PHONE }, { card: 'B001', phone: PHONE }, { card: 'C001' }]]),
    );
    assert.equal(view.counts.suppressed, 2);
    assert.deepEqual(await one('SELECT count() AS n FROM shop_customers FINAL'), { n: 1 });
    assert.deepEqual(await one('SELECT count() AS n FROM source_items FINAL'), { n: 1 });
    assert.deepEqual(await one('SELECT count() AS n FROM item_tombstones FINAL'), { n: 2 });
    await test.store.run(raw('TRUNCATE TABLE checkpoints'));
    const later = await collect(toy([[{ card: 'B001' }]]));
    assert.equal(later.counts.suppressed, 1, 'the new card is theirs too from now on');
  });

  it('lets a call that waits for its answer go before the groups that wait already', async () => {
    const writer = await openWriter({ ...test, clock, mixMobileKeys: [] });
    const page = (card: string) => ({ stream: 'cards', id: card, items: itemsOf(card), cursor: null });
    const itemsOf = (card: string) => [
      { kind: 'card', key: card, payload: JSON.stringify({ card }), position: 0, deliveredAt: T0 },
    ];
    const collector = toy([]);
    const order: string[] = [];
    const commit = async (card: string, urgent: boolean) => {
      const group = await mapGroup(collector, source, [page(card)]);
      return writer.commit(group, { urgent }).then(() => order.push(card));
    };
    await Promise.all([commit('A1', false), commit('A2', false), commit('A3', false), commit('B1', true)]);
    assert.deepEqual(order, ['A1', 'B1', 'A2', 'A3']);
  });
});

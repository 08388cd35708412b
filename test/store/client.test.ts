import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { QuanyuError } from '../../errors.ts';
import { name, openStore, p, raw, type Store, sql } from '../../store/index.ts';
import { startProxy } from '../helpers/http-proxy.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';

/** What no URL, header or error text may hold: a name, a phone, an address, an id. */
const SECRETS = ['张三丰', '13900000001', 'zhang.san@example.com', 'oXk2-Zhang_3', 'SHANGHAI'];
const documentRow = (id: string, more: object = {}) => ({
  collection: 'client',
  id,
  revision: 1,
  deleted: 0,
  body: '{}',
  changed_at: '2026-01-01 00:00:00.000',
  changed_by: 'test',
  ...more,
});

describe('the store', function () {
  this.timeout(60_000);
  let test: TestStore;
  let store: Store;
  before(async () => {
    test = await openTestStore();
    store = test.store;
  });
  after(() => test.close());

  const count = async (collection: string) =>
    (
      await store.rows<{ n: number }>(
        sql`SELECT count() AS n FROM documents WHERE collection = ${p('String', collection)}`,
      )
    )[0]?.n;

  it('lets no value of ours into a URL or a header', async () => {
    const proxy = await startProxy(test.engine.connection.url);
    const through = openStore({ ...store.options, url: proxy.url });
    for (const secret of SECRETS) {
      const value = p('String', secret);
      await through.rows(sql`SELECT ${value} AS a, ${p('Array(String)', [secret])} AS b`);
      for await (const _ of await through.stream(sql`SELECT ${value} AS a`, 'CSV'));
      await through.run(sql`INSERT INTO documents (collection, id, body) SELECT 'proxied', ${value}, ${value}`);
      await through.run(sql`ALTER TABLE documents DELETE WHERE id = ${value} AND collection = 'nowhere'`);
      await through.insert('documents', [documentRow(secret, { collection: secret, body: secret })]);
      await through.rows(sql`SELECT throwIf(1, ${value})`).catch(() => undefined);
    }
    await through.close();
    await proxy.close();
    assert.equal(proxy.seen.length, SECRETS.length * 6);
    for (const { method, target, headers, body } of proxy.seen) {
      const open = `${method} ${target} ${headers}`;
      assert.deepEqual(
        SECRETS.filter((secret) => open.includes(secret)),
        [],
        open,
      );
      assert.ok(
        SECRETS.some((secret) => body.includes(secret)),
        'the value travels in the body',
      );
    }
  });

  it('says what the engine refused, and never with a value in it', async () => {
    const failing: Record<string, (value: string) => Promise<unknown>> = {
      'a number that is none': (value) => store.rows(sql`SELECT ${p('UInt32', value)}`),
      'an array of no numbers': (value) => store.rows(sql`SELECT ${p('Array(UInt32)', [1, value])}`),
      'a time that is none': (value) => store.rows(sql`SELECT ${p('DateTime', value)}`),
      'a day that is none': (value) => store.rows(sql`SELECT toDate32(materialize(${p('String', value)}))`),
      'a text too long': (value) => store.rows(sql`SELECT ${p('FixedString(3)', value)}`),
      'a cast': (value) => store.rows(sql`SELECT CAST(materialize(${p('String', value)}) AS UInt32)`),
      'an id that is none': (value) => store.rows(sql`SELECT toUUID(${p('String', value)})`),
      'an address that is none': (value) => store.rows(sql`SELECT toIPv4(${p('String', value)})`),
      'a broken pattern': (value) => store.rows(sql`SELECT match('a', ${p('String', `${value}(`)})`),
      'broken JSON': (value) => store.rows(sql`SELECT CAST(${p('String', `{"a":${value}`)} AS JSON)`),
      'a word of the query': (value) => store.rows(sql`SELECT throwIf(1, ${p('String', value)})`),
      'a long word of the query': (value) => store.rows(sql`SELECT throwIf(1, ${p('String', value.repeat(500))})`),
      'a quoted word': (value) => store.rows(sql`SELECT throwIf(1, ${p('String', `it's '${value}' or "${value}"`)})`),
      'an unknown column': (value) => store.rows(sql`SELECT ${name(value)} FROM documents`),
      'an unknown table': (value) => store.rows(sql`SELECT ${p('String', value)} FROM nowhere`),
      'a condition that is none': (value) => store.rows(sql`SELECT 1 WHERE ${p('String', value)}`),
      'an insert with a wrong number': (value) => store.insert('documents', [documentRow(value, { revision: value })]),
      'an insert with a wrong time': (value) => store.insert('documents', [documentRow(value, { changed_at: value })]),
      'an insert with an unknown column': (value) =>
        store.insert('documents', [documentRow(value, { [`c_${1}`]: value })]),
      'an insert from a select': (value) =>
        store.run(sql`INSERT INTO documents (id, revision) SELECT 'a', ${p('String', value)}`),
      'rows that hold it': async (value) => {
        await store.insert('documents', [documentRow('held', { collection: 'held', body: value })]);
        await store.rows(sql`SELECT throwIf(id = 'held', 'no') FROM documents WHERE toUInt64(body) = 1`);
      },
      'a late row': async (value) => {
        const late = sql`SELECT if(number = 300000, throwIf(1, ${p('String', value)}), number) AS n FROM numbers(400000)`;
        for await (const _ of await store.stream(late, 'CSV'));
      },
    };
    for (const [what, work] of Object.entries(failing)) {
      for (const secret of SECRETS) {
        const error = await work(secret).catch((thrown: unknown) => thrown);
        // A phone is a number, too.
        if (!(error instanceof Error) && /^\d+$/.test(secret)) continue;
        assert.ok(error instanceof QuanyuError, `${what}: ${error}`);
        assert.equal(error.code, 'store.query-failed', what);
        const told = `${error.message} ${error.stack} ${JSON.stringify(error.details)} ${error.cause}`;
        assert.ok(!told.includes(secret), `${what}: ${told}`);
        assert.ok(!told.includes(secret.slice(0, 8)), `${what}, in part: ${told}`);
        assert.match(error.message, /ClickHouse answered ([A-Z_0-9]{5,}|an error): \S/, what);
      }
    }
  });

  it('keeps names of ours readable in its errors', async () => {
    await assert.rejects(store.rows(sql`SELECT nonsense FROM documents WHERE id = ${p('String', 'abcdef')}`), {
      message: /nonsense/,
    });
    await assert.rejects(store.run(raw('INSERT INTO nowhere SELECT 1')), { message: /nowhere/ });
  });

  it('inserts all rows of a call or none, however many they are', async () => {
    const rows = Array.from({ length: 80_000 }, (_, n) =>
      documentRow(`${n}`, { collection: 'whole', body: 'x'.repeat(250) }),
    );
    const broken = [...rows];
    broken[broken.length - 1] = documentRow('last', { collection: 'whole', revision: 'not a number' as never });
    await assert.rejects(store.insert('documents', broken), { code: 'store.query-failed' });
    assert.equal(await count('whole'), 0);
    await store.insert('documents', rows);
    assert.equal(await count('whole'), rows.length);
    const parts = await store.rows<{ level: number }>(
      sql`SELECT level FROM system.parts WHERE database = 'quanyu' AND table = 'documents' AND active AND rows >= ${p('UInt32', rows.length)}`,
    );
    assert.equal(parts.length, 1, 'one call is one part');
  });

  it('inserts nothing for no rows', async () => {
    await store.insert('documents', []);
  });

  it('gives a result of millions of rows as a stream, whole', async () => {
    let bytes = 0;
    const stream = await store.stream(sql`SELECT number FROM numbers(${p('UInt32', 5_000_000)})`, 'RowBinary');
    for await (const chunk of stream) bytes += (chunk as Buffer).length;
    assert.equal(bytes, 5_000_000 * 8);
  });

  it('never lets a result that was cut off by an error pass for a whole one', async () => {
    const late = sql`SELECT if(number = 300000, throwIf(1, 'late'), number) AS n FROM numbers(400000)`;
    for (const format of ['CSV', 'RowBinary', 'JSONEachRow']) {
      const read = async () => {
        for await (const _ of await store.stream(late, format));
      };
      await assert.rejects(read(), { code: 'store.query-failed', message: /FUNCTION_THROW_IF/ }, format);
    }
    await assert.rejects(store.rows(late), { code: 'store.query-failed' });
  });

  it('carries settings with the one call that names them', async () => {
    const zone = sql`SELECT toString(toDateTime(0)) AS at`;
    const [there] = await store.rows<{ at: string }>(zone, { settings: { session_timezone: 'Asia/Shanghai' } });
    const [here] = await store.rows<{ at: string }>(zone);
    assert.deepEqual([there?.at, here?.at], ['1970-01-01 08:00:00', '1970-01-01 00:00:00']);
  });

  it('gives up when its signal says so', async () => {
    const stop = new AbortController();
    const asked = store.rows(sql`SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1`, {
      signal: stop.signal,
    });
    setTimeout(() => stop.abort(), 100);
    const began = performance.now();
    await assert.rejects(asked);
    assert.ok(performance.now() - began < 5_000);
  });

  it('says that the engine is gone, and works again once it is back', async () => {
    const running = store.stream(sql`SELECT number FROM numbers(2000000000)`, 'RowBinary');
    const broken = assert.rejects(
      (async () => {
        for await (const _ of await running);
      })(),
      { code: 'store.unavailable' },
    );
    await running;
    process.kill(test.engine.pid!, 'SIGKILL');
    await broken;
    const unavailable = { code: 'store.unavailable', status: 503, retry: 'later' };
    await assert.rejects(store.rows(sql`SELECT ${p('String', SECRETS[0])}`), unavailable);
    for (let waited = 0; !(await store.ping()) && waited < 20_000; waited += 100) await sleep(100);
    assert.deepEqual(await store.rows(sql`SELECT 1 AS one`), [{ one: 1 }]);
    assert.equal(await count('whole'), 80_000, 'what was acknowledged is there');
  });

  it('says so when nothing listens at the address', async () => {
    const nobody = openStore({ ...store.options, url: 'http://127.0.0.1:1' });
    await assert.rejects(nobody.run(sql`SELECT 1`), { code: 'store.unavailable', message: /ECONNREFUSED/ });
    await assert.rejects(nobody.insert('documents', [documentRow(SECRETS[1]!)]), (error: QuanyuError) => {
      assert.equal(error.code, 'store.unavailable');
      assert.ok(!`${error.message}${error.stack}${error.cause}`.includes(SECRETS[1]!));
      return true;
    });
    assert.equal(await nobody.ping(), false);
    await nobody.close();
  });
});

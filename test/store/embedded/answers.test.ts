import assert from 'node:assert/strict';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, constants as zlib } from 'node:zlib';
import { authorization, type EngineHttp, openEngineHttp, residentMb } from './engine-http.ts';

describe('answers over HTTP', () => {
  let http: EngineHttp;
  before(async () => {
    http = await openEngineHttp();
  });
  after(() => http.close());

  describe('without the right password', () => {
    const attempts: readonly (readonly [what: string, headers: Record<string, string>, url: Record<string, string>])[] =
      [
        ['no credentials', {}, {}],
        ['a wrong password', { authorization: `Basic ${Buffer.from('quanyu:wrong').toString('base64')}` }, {}],
        ['another user', { 'x-clickhouse-user': 'default', 'x-clickhouse-key': '' }, {}],
        ['junk', { authorization: 'Basic %%%' }, {}],
        ['a wrong password in the URL', {}, { user: 'quanyu', password: 'x' }],
      ];
    for (const [what, headers, url] of attempts) {
      it(`are refused as ClickHouse does: ${what}`, async () => {
        const answer = await http.send({ body: 'SELECT 1', auth: false, headers, url });
        assert.deepEqual([answer.status, answer.headers['x-clickhouse-exception-code']], [403, '516']);
        assert.match(answer.text, /AUTHENTICATION_FAILED/);
      });
    }

    it('are given with it, in each of ClickHouse’s ways', async () => {
      const { username: user, password } = http.engine.connection;
      const headers = { 'x-clickhouse-user': user, 'x-clickhouse-key': password };
      assert.equal((await http.send({ body: 'SELECT 1', auth: false, headers })).text, '1\n');
      assert.equal((await http.send({ body: 'SELECT 1', auth: false, url: { user, password } })).text, '1\n');
    });
  });

  describe('to a statement that fails', () => {
    const failures: readonly (readonly [sql: string, status: number, name: string])[] = [
      ['SELEC 1', 400, 'SYNTAX_ERROR'],
      ['SELECT 1 FROM', 400, 'SYNTAX_ERROR'],
      ["SELECT 'open", 400, 'SYNTAX_ERROR'],
      ['SELECT 1 /* open', 400, 'SYNTAX_ERROR'],
      ['', 400, 'SYNTAX_ERROR'],
      ['SELECT * FROM nope', 404, 'UNKNOWN_TABLE'],
      ['SELECT nope(1)', 404, 'UNKNOWN_FUNCTION'],
      ["SELECT toUInt8('x')", 400, 'CANNOT_PARSE_TEXT'],
      ['SELECT throwIf(1)', 500, 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO'],
      ['CREATE USER x', 403, 'ACCESS_DENIED'],
      ["SELECT 1 INTO OUTFILE '/tmp/x'", 500, 'INTO_OUTFILE_NOT_ALLOWED'],
    ];
    for (const [sql, status, name] of failures) {
      it(`have ClickHouse’s status, code and words: ${sql}`, async () => {
        const answer = await http.send({ body: sql });
        assert.match(
          answer.text,
          new RegExp(
            `^Code: ${answer.headers['x-clickhouse-exception-code']}\\. DB::Exception: [\\s\\S]*\\(${name}\\)\n$`,
          ),
        );
        assert.equal(answer.status, status, answer.text);
        assert.doesNotMatch(answer.text, /OUTFILE '|pipes/);
      });
    }

    it('have their status although rows came before the error, where the result is small', async () => {
      const answer = await http.send({
        body: 'SELECT throwIf(number = 10) FROM numbers(20) SETTINGS max_block_size = 1',
      });
      assert.deepEqual([answer.status, answer.headers['x-clickhouse-exception-code']], [500, '395']);
    });

    it('have it always where the client waits for the end', async () => {
      const body = 'SELECT throwIf(number = 1000000) FROM numbers(2000000)';
      const answer = await http.send({ body, url: { wait_end_of_query: '1' } });
      assert.deepEqual([answer.status, answer.headers['x-clickhouse-exception-code']], [500, '395']);
    });

    for (const format of ['JSON', 'RowBinary']) {
      it(`break off late with the exception, never a whole body: ${format}`, async () => {
        const body = `SELECT throwIf(number = 600000), randomString(20) FROM numbers(1000000) FORMAT ${format}`;
        const answer = await http.send({ body });
        assert.deepEqual([answer.status, answer.whole], [200, false]);
        const tag = answer.headers['x-clickhouse-exception-tag'];
        const end = new RegExp(
          `\r\n__exception__\r\n${tag}\r\nCode: 395[\\s\\S]*\n(\\d+) ${tag}\r\n__exception__\r\n$`,
        );
        assert.match(answer.bytes.subarray(-2000).toString('latin1'), end);
      });
    }

    it('break off late in a packed body too', async () => {
      const answer = await http.send({
        body: 'SELECT throwIf(number = 600000), randomString(20) FROM numbers(1000000)',
        url: { enable_http_compression: '1' },
        headers: { 'accept-encoding': 'gzip' },
      });
      assert.equal(answer.whole, false);
      assert.throws(() => gunzipSync(answer.bytes), /unexpected end/);
      const text = gunzipSync(answer.bytes, { finishFlush: zlib.Z_SYNC_FLUSH }).subarray(-1000).toString('latin1');
      assert.match(text, /__exception__\r\n[\s\S]*Code: 395/);
    });
  });

  /** Starts a query and gives its answer unread. */
  function begin(sql: string): Promise<{ outgoing: ClientRequest; incoming: IncomingMessage }> {
    return new Promise((done, fail) => {
      const headers = { authorization: authorization(http.engine) };
      const outgoing = request(http.engine.connection.url, { method: 'POST', headers }, (incoming) => {
        incoming.on('error', () => {});
        done({ outgoing, incoming });
      });
      outgoing.on('error', fail);
      outgoing.end(sql);
    });
  }

  const running = (mark: string) =>
    http.query(
      `SELECT count() FROM system.processes WHERE position(query, '${mark}') > 0 AND query NOT LIKE '%processes%'`,
    );

  async function goneWithin(ms: number, mark: string): Promise<boolean> {
    for (const until = Date.now() + ms; Date.now() < until; await sleep(50)) {
      if ((await running(mark)) === '0\n') return true;
    }
    return false;
  }

  it('wait for a client that reads slowly, in bounded memory', async () => {
    const before = residentMb(http.engine.pid);
    const { incoming, outgoing } = await begin("SELECT 'slow', number FROM numbers(200000000) FORMAT RowBinary");
    incoming.once('data', () => incoming.pause());
    await sleep(1500);
    const grown = residentMb(http.engine.pid) - before;
    assert.ok(grown < 200, `the engine grew by ${grown} MB for 2.6 GB that nobody reads`);
    assert.equal(await http.query('SELECT 1'), '1\n');
    outgoing.destroy();
    assert.ok(await goneWithin(5000, 'slow'));
  });

  describe('that nobody waits for any more', () => {
    const statements: readonly (readonly [what: string, sql: string])[] = [
      ['an aggregate that has shown nothing yet', "SELECT 'mark', sum(sipHash64(number)) FROM numbers(1000000000000)"],
      [
        'a query that sleeps',
        "SELECT 'mark', sleepEachRow(1) FROM numbers(1000) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 3000000000",
      ],
      ['a result under way', "SELECT 'mark', number FROM numbers(1000000000000)"],
      [
        'an INSERT from a SELECT',
        "INSERT INTO FUNCTION null('a String, b UInt64') SELECT 'mark', number FROM numbers(1000000000000)",
      ],
    ];
    for (const [what, sql] of statements) {
      it(`are stopped in the engine: ${what}`, async () => {
        const outgoing = request(http.engine.connection.url, {
          method: 'POST',
          headers: { authorization: authorization(http.engine) },
        });
        outgoing.on('error', () => {});
        outgoing.on('response', (incoming) => incoming.on('error', () => {}).resume());
        outgoing.end(sql);
        for (let turn = 0; turn < 40 && (await running('mark')) === '0\n'; turn += 1) await sleep(50);
        assert.equal(await running('mark'), '1\n');
        outgoing.destroy();
        assert.ok(await goneWithin(5000, 'mark'));
      });
    }
  });

  it('go on beside each other: a small one beside eight long ones', async () => {
    const long = Array.from({ length: 8 }, () => http.query('SELECT sleep(1.5)'));
    await sleep(200);
    const started = performance.now();
    assert.equal(await http.query('SELECT 1'), '1\n');
    assert.ok(performance.now() - started < 1000);
    await Promise.all(long);
    assert.ok(performance.now() - started < 4000, 'the eight ran one after the other');
  });

  it('refuse an id that is running already', async () => {
    const first = http.query('SELECT sleep(0.5)', { query_id: 'twice' });
    await sleep(150);
    const second = await http.send({ body: 'SELECT 1', url: { query_id: 'twice' } });
    assert.equal(second.headers['x-clickhouse-exception-code'], '216');
    await first;
    assert.equal(await http.query('SELECT 1', { query_id: 'twice' }), '1\n');
  });
});

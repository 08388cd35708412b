import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EngineHttp, openEngineHttp } from './engine-http.ts';

describe('sessions over HTTP', () => {
  let http: EngineHttp;
  before(async () => {
    http = await openEngineHttp();
    await http.query('CREATE DATABASE other');
    await http.query('CREATE TABLE other.only_there (a UInt8) ENGINE = Memory');
  });
  after(() => http.close());

  /** Everything a request could leave behind for the next, as the engine tells it. */
  async function traces(): Promise<string> {
    const settings = 'SELECT name, value FROM system.settings WHERE changed ORDER BY name';
    const own = "SELECT currentDatabase(), getSetting('max_block_size'), getSetting('readonly')";
    return [
      await http.query(settings),
      await http.query(own),
      await http.query('SHOW TEMPORARY TABLES').catch(String),
    ].join('|');
  }

  describe('what one request sets', () => {
    const requests: readonly (readonly [what: string, send: () => Promise<unknown>])[] = [
      ['a setting', () => http.query('SELECT 1', { max_block_size: '7' })],
      ['compatibility', () => http.query('SELECT 1', { compatibility: '21.3' })],
      ['readonly', () => http.query('SELECT 1', { readonly: '1' })],
      ['a GET', () => http.send({ method: 'GET', url: { query: 'SELECT 1' } })],
      ['a database', () => http.query('SELECT * FROM only_there', { database: 'other' })],
      ['SET', () => http.query('SET max_block_size = 9')],
      ['SET of many settings at once', () => http.query("SET compatibility = '21.3'")],
      ['SET of a parameter', () => http.query("SET param_leaked = 'x'")],
      ['USE', () => http.query('USE other')],
      ['a temporary table', () => http.query('CREATE TEMPORARY TABLE tmp (a UInt8)')],
      ['settings of its query', () => http.query('SELECT 1 SETTINGS max_block_size = 11')],
      ['a setting of a query that fails', () => http.query('SELECT nope', { max_block_size: '7' }).catch(() => {})],
      [
        'an unknown setting among known ones',
        () => http.query('SELECT 1', { max_block_size: '7', nope: '1' }).catch(() => {}),
      ],
    ];
    for (const [what, send] of requests) {
      it(`is not there for the next: ${what}`, async () => {
        const before = await traces();
        for (let turn = 0; turn < 3; turn += 1) await send();
        assert.equal(await traces(), before);
        assert.match((await http.send({ body: 'SELECT {leaked:String}' })).text, /Code: 456/);
      });
    }

    it('is not there for the next: a parameter’s value', async () => {
      await http.query('SELECT {leaked:String}', { param_leaked: 'secret' });
      for (let turn = 0; turn < 5; turn += 1) {
        assert.match((await http.send({ body: 'SELECT {leaked:String}' })).text, /Code: 456/);
      }
    });

    it('holds for itself, also beside others', async () => {
      const sizes = Array.from({ length: 40 }, (_, index) => String(100 + (index % 5)));
      const seen = await Promise.all(
        sizes.map((size) =>
          http.query("SELECT getSetting('max_block_size'), {v:String}", { max_block_size: size, param_v: `p${size}` }),
        ),
      );
      assert.deepEqual(
        seen,
        sizes.map((size) => `${size}\tp${size}\n`),
      );
    });
  });

  it('refuse a setting the engine does not know, in its words', async () => {
    for (const name of ['nope', 'a b', "x'; DROP TABLE t"]) {
      const answer = await http.send({ body: 'SELECT 1', url: { [name]: '1' } });
      assert.deepEqual([answer.status, answer.headers['x-clickhouse-exception-code']], [404, '115']);
    }
  });

  it('find the database by parameter or header, and say when there is none', async () => {
    assert.equal(await http.query('SELECT currentDatabase()', { database: 'other' }), 'other\n');
    const header = await http.send({ body: 'SELECT currentDatabase()', headers: { 'x-clickhouse-database': 'other' } });
    assert.equal(header.text, 'other\n');
    const none = await http.send({ body: 'SELECT 1', url: { database: 'no`pe' } });
    assert.deepEqual([none.status, none.headers['x-clickhouse-exception-code']], [404, '81']);
  });

  describe('with a name', () => {
    const named = (sql: string, url: Readonly<Record<string, string>> = {}) =>
      http.query(sql, { session_id: 'mine', ...url });

    it('keep settings, database, parameters and temporary tables', async () => {
      await named('CREATE TEMPORARY TABLE kept (a UInt8)');
      await named('INSERT INTO kept VALUES (1), (2)');
      await named('SET max_block_size = 13');
      await named("SET param_kept = 'k'");
      assert.equal(await named("SELECT sum(a), getSetting('max_block_size'), {kept:String} FROM kept"), '3\t13\tk\n');
      await assert.rejects(http.query('SELECT * FROM kept'), /UNKNOWN_TABLE/);
      await named('USE other');
      assert.equal(await named('SELECT count() FROM only_there'), '0\n');
    });

    it('do not keep the settings of one request', async () => {
      await named('SET max_block_size = 17');
      assert.equal(
        await named("SELECT getSetting('max_block_size')", { max_block_size: '5', max_threads: '1' }),
        '5\n',
      );
      assert.equal(await named("SELECT getSetting('max_block_size')"), '17\n');
      await assert.rejects(named('SELECT 1', { max_block_size: '5', database: 'other', nope: '1' }), /UNKNOWN_SETTING/);
      assert.equal(await named("SELECT getSetting('max_block_size')"), '17\n');
      const url = { session_id: 'mine', query: 'SELECT 1' };
      assert.equal((await http.send({ method: 'GET', url })).status, 200);
      await named('CREATE TEMPORARY TABLE writes (a UInt8)');
    });

    it('refuse a second request while one is running', async () => {
      const long = named('SELECT sleepEachRow(0.5) FROM numbers(2)');
      await sleep(150);
      const second = await http.send({ body: 'SELECT 1', url: { session_id: 'mine' } });
      assert.equal(second.headers['x-clickhouse-exception-code'], '373');
      assert.match(second.text, /SESSION_IS_LOCKED/);
      await long;
      assert.equal(await named('SELECT 1'), '1\n');
    });

    it('end after their time', async () => {
      const url = { session_id: 'short', session_timeout: '1' };
      await http.query('CREATE TEMPORARY TABLE gone (a UInt8)', url);
      assert.equal(await http.query('SELECT count() FROM gone', url), '0\n');
      await sleep(1300);
      const checked = await http.send({ body: 'SELECT 1', url: { ...url, session_check: '1' } });
      assert.equal(checked.headers['x-clickhouse-exception-code'], '372');
      await assert.rejects(http.query('SELECT * FROM gone', url), /UNKNOWN_TABLE/);
      const forever = await http.send({ body: 'SELECT 1', url: { session_id: 'x', session_timeout: '999999' } });
      assert.equal(forever.headers['x-clickhouse-exception-code'], '374');
    });
  });

  it('are quick to take: hundreds of small queries a second', async () => {
    const count = 300;
    const rate = async (url: Readonly<Record<string, string>>) => {
      await http.query('SELECT 1', url);
      const started = performance.now();
      for (let turn = 0; turn < count; turn += 1) await http.query('SELECT 1', url);
      return (count * 1000) / (performance.now() - started);
    };
    const rates = [await rate({}), await rate({ max_threads: '1' })];
    // 300 a second on a quiet machine; a fifth of it where other things run beside.
    for (const one of rates) assert.ok(one > 60, `${rates.map(Math.round)} queries a second`);
  });
});

import assert from 'node:assert/strict';
import { gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { type EngineHttp, openEngineHttp } from './engine-http.ts';

function form(fields: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) {
  const parts = [
    ...Object.entries(fields).map(([name, value]) => `form-data; name="${name}"\r\n\r\n${value}`),
    ...Object.entries(files).map(([name, value]) => `form-data; name="${name}"; filename="${name}"\r\n\r\n${value}`),
  ];
  const body = parts.map((part) => `--b\r\nContent-Disposition: ${part}\r\n`).join('');
  return { body: `${body}--b--\r\n`, headers: { 'content-type': 'multipart/form-data; boundary=b' } };
}

describe('queries over HTTP', () => {
  let http: EngineHttp;
  before(async () => {
    http = await openEngineHttp();
  });
  after(() => http.close());

  describe('a query over HTTP', () => {
    it('may stand in the body', async () => {
      const answer = await http.send({ body: 'SELECT 1' });
      assert.deepEqual([answer.status, answer.text], [200, '1\n']);
    });

    it('may stand in the URL, of a GET too', async () => {
      for (const method of ['GET', 'POST']) {
        assert.equal((await http.send({ method, url: { query: 'SELECT 2' } })).text, '2\n');
      }
    });

    it('may begin in the URL and go on in the body', async () => {
      assert.equal(await http.query('3 + 4', { query: 'SELECT' }), '7\n');
    });

    it('may come as a form, its values too', async () => {
      const values = { query: 'SELECT {a:String}, {b:Array(UInt8)}', param_a: "it's \\t", param_b: '[1,2]' };
      const answer = await http.send(form(values));
      assert.equal(answer.text, "it\\'s \\t\t[1,2]\n");
    });

    it('may use files of a form as tables', async () => {
      const call = form(
        { query: 'SELECT a, b FROM t JOIN u ON a = _1 ORDER BY a' },
        { t: '1,x\n2,"y;\n"\n', u: '2\n' },
      );
      const url = { t_structure: 'a UInt8, b String', t_format: 'CSV', u_types: 'UInt8' };
      const answer = await http.send({ ...call, url });
      assert.equal(answer.text, '2\ty;\\n\n');
      assert.equal((await http.send({ body: 'SELECT * FROM t' })).status, 404);
    });

    it('is refused when several statements follow each other, and none of them is run', async () => {
      const answer = await http.send({ body: 'CREATE TABLE one (a UInt8) ENGINE = Memory; SELECT 1' });
      assert.equal(answer.status, 400);
      assert.match(answer.text, /Multi-statements are not allowed/);
      assert.equal(await http.query('EXISTS TABLE one'), '0\n');
    });

    it('may hold a value of 10 MB', async () => {
      assert.equal(await http.query(`SELECT length('${"x''\\\\".repeat(2_000_000)}')`), '6000000\n');
    });

    it('may be 1 MB long', async () => {
      const list = Array.from({ length: 150_000 }, (_, index) => index).join(',');
      assert.equal(await http.query(`SELECT length([${list}])`), '150000\n');
    });

    it('is refused when its text is longer than 16 MB', async () => {
      const answer = await http.send({ body: `SELECT '${'x'.repeat(17 << 20)}'` });
      assert.equal(answer.status, 413);
    });
  });

  describe('a GET', () => {
    for (const query of [
      'CREATE TABLE got (a UInt8) ENGINE = Memory',
      "INSERT INTO FUNCTION null('a UInt8') VALUES (1)",
    ]) {
      it(`may not write: ${query}`, async () => {
        const answer = await http.send({ method: 'GET', url: { query } });
        assert.deepEqual([answer.status, answer.headers['x-clickhouse-exception-code']], [500, '164']);
      });
    }

    it('does not leave the next request unable to write', async () => {
      await http.send({ method: 'GET', url: { query: 'SELECT 1' } });
      await http.query('CREATE OR REPLACE TABLE posted (a UInt8) ENGINE = Memory');
    });
  });

  describe('parameters of a query', () => {
    const values: readonly (readonly [type: string, given: string, shown: string])[] = [
      ['String', "a'b\\\\c\\n\\t\\0;", "a\\'b\\\\c\\n\\t\\0;\n"],
      ['String', '中文 😀', '中文 😀\n'],
      ['Nullable(String)', '\\N', '\\N\n'],
      ['Array(String)', "['it\\'s','\\\\N','']", "['it\\'s','\\\\N','']\n"],
      ['UInt64', '18446744073709551615', '18446744073709551615\n'],
      ['DateTime64(3)', '2026-01-02 03:04:05.678', '2026-01-02 03:04:05.678\n'],
      ['Map(String, UInt8)', "{'a':1}", "{'a':1}\n"],
      ['Tuple(UInt8, String)', "(1,'x')", "(1,'x')\n"],
      ['Identifier', 'dummy', '0\n'],
    ];
    for (const [type, given, shown] of values) {
      it(`keep a ${type} as it is: ${given}`, async () => {
        assert.equal(await http.query(`SELECT {v:${type}} FROM system.one`, { param_v: given }), shown);
      });
    }

    it('may be arrays of 20,000 long strings', async () => {
      const list = Array.from({ length: 20_000 }, (_, index) => `'${String(index).padStart(32, '0')}'`);
      const call = form({ query: 'SELECT length({v:Array(String)}), {v:Array(String)}[-1]', param_v: `[${list}]` });
      const answer = await http.send(call);
      assert.equal(answer.text, `20000\t${'19999'.padStart(32, '0')}\n`);
    });

    it('are refused with the engine’s words when one is missing or of another type', async () => {
      const missing = await http.send({ body: 'SELECT {v:UInt8}' });
      assert.match(missing.text, /Code: 456\..*Substitution `v` is not set/);
      const wrong = await http.send({ body: 'SELECT {v:UInt8}', url: { param_v: 'x' } });
      assert.match(wrong.text, /Code: 457\./);
    });
  });

  describe('the format of a result', () => {
    it('is tab-separated, or what the request or the query asks for, the query before the request', async () => {
      assert.equal(await http.query('SELECT 1 AS a'), '1\n');
      assert.equal(await http.query('SELECT 1 AS a', { default_format: 'JSONEachRow' }), '{"a":1}\n');
      assert.equal(await http.query('SELECT 1 AS a FORMAT CSVWithNames', { default_format: 'JSON' }), '"a"\n1\n');
      const header = await http.send({ body: 'SHOW DATABASES', headers: { 'x-clickhouse-format': 'JSONEachRow' } });
      assert.match(header.text, /\{"name":"default"\}/);
    });

    it('is told in the headers', async () => {
      const types = {
        JSON: 'application/json',
        CSV: 'text/csv',
        RowBinary: 'application/octet-stream',
        XML: 'application/xml',
      };
      for (const [format, type] of Object.entries(types)) {
        const { headers } = await http.send({ body: `SELECT 1 FORMAT ${format}` });
        assert.equal(headers['x-clickhouse-format'], format);
        assert.ok(headers['content-type']?.startsWith(type), headers['content-type']);
      }
    });

    it('makes one document of a result of many blocks', async () => {
      const sql = 'SELECT number FROM numbers(300000)';
      const json = JSON.parse(await http.query(`${sql} FORMAT JSON`));
      assert.deepEqual([json.rows, json.data.length, Number(json.data.at(-1).number)], [300_000, 300_000, 299_999]);
      assert.equal((await http.query(`${sql} FORMAT CSVWithNames`)).split('number').length, 2);
      const { bytes } = await http.send({ body: `${sql} FORMAT Parquet` });
      assert.equal(bytes.indexOf('PAR1', 4), bytes.length - 4);
    });

    it('holds totals and extremes', async () => {
      const sql =
        'SELECT number % 2 AS odd, count() AS n FROM numbers(5) GROUP BY odd WITH TOTALS ORDER BY odd FORMAT JSON';
      const json = JSON.parse(await http.query(sql, { extremes: '1' }));
      assert.deepEqual([Number(json.totals.n), json.extremes.max.odd], [5, 1]);
    });

    it('is refused with the engine’s words when there is no such', async () => {
      for (const format of ['Nope', 'JSON; DROP TABLE t', "'"]) {
        const answer = await http.send({ body: 'SELECT 1', url: { default_format: format } });
        assert.deepEqual([answer.status, answer.headers['x-clickhouse-exception-code']], [404, '73']);
      }
    });

    it('can be every one that the engine writes', async () => {
      // They need a schema, one column of their own kind, or a broker.
      const special =
        'CapnProto,Protobuf,ProtobufSingle,ProtobufList,Template,AvroConfluent,GeoJSON,Npy,RawBLOB,PNG,Prometheus'.split(
          ',',
        );
      const names = (await http.query('SELECT name FROM system.formats WHERE is_output')).trim().split('\n');
      const failures: string[] = [];
      for (const name of names.filter((one) => !special.includes(one))) {
        const answer = await http.send({ body: `SELECT 1 AS a, 'x' AS b FORMAT ${name}` });
        if (answer.status !== 200) failures.push(`${name}: ${answer.text.slice(0, 200)}`);
      }
      assert.ok(names.length > 60, String(names.length));
      assert.deepEqual(failures, []);
    });
  });

  describe('compression', () => {
    it('packs the answer when the client accepts it and asks for it', async () => {
      const sql = 'SELECT number FROM numbers(200000)';
      const plain = await http.query(sql);
      for (const [encoding, unpack] of [
        ['gzip', gunzipSync],
        ['deflate', inflateSync],
      ] as const) {
        const answer = await http.send({
          body: sql,
          url: { enable_http_compression: '1' },
          headers: { 'accept-encoding': encoding },
        });
        assert.equal(answer.headers['content-encoding'], encoding);
        assert.equal(unpack(answer.bytes).toString(), plain);
      }
      assert.equal(
        (await http.send({ body: sql, headers: { 'accept-encoding': 'gzip' } })).headers['content-encoding'],
        undefined,
      );
    });

    it('unpacks the request', async () => {
      const answer = await http.send({ body: gzipSync('SELECT 5'), headers: { 'content-encoding': 'gzip' } });
      assert.equal(answer.text, '5\n');
    });

    it('is refused clearly where it is not known or the bytes are no gzip', async () => {
      const unknown = await http.send({ body: 'SELECT 1', headers: { 'content-encoding': 'zip' } });
      assert.match(unknown.text, /Code: 89\..*expected one of .*gzip/);
      const broken = await http.send({ body: 'SELECT 1', headers: { 'content-encoding': 'gzip' } });
      assert.match(broken.text, /Code: 354\./);
      assert.match((await http.send({ body: 'SELECT 1', url: { compress: '1' } })).text, /enable_http_compression/);
    });
  });

  describe('the headers of an answer', () => {
    it('name the query, the server and its time zone, and sum up what was done', async () => {
      const { headers } = await http.send({ body: 'SELECT number FROM numbers(10)', url: { query_id: 'my-query' } });
      assert.equal(headers['x-clickhouse-query-id'], 'my-query');
      assert.match(headers['x-clickhouse-timezone'] as string, /UTC/);
      assert.equal(headers['x-clickhouse-server-display-name'], 'quanyu');
      const summary = JSON.parse(headers['x-clickhouse-summary'] as string);
      assert.equal(summary.result_rows, '10');
      assert.ok(Object.values(summary).every((value) => typeof value === 'string'));
      assert.match(
        (await http.send({ body: 'SELECT 1' })).headers['x-clickhouse-query-id'] as string,
        /^[\da-f-]{36}$/,
      );
    });

    it('are sent although the query id could be in none', async () => {
      assert.equal(await http.query('SELECT 1', { query_id: 'line\r\nbreak 中' }), '1\n');
    });
  });

  describe('other paths', () => {
    it('tell that the server is alive, without a password', async () => {
      for (const path of ['/', '/ping', '/replicas_status']) {
        const answer = await http.send({ method: 'GET', path, auth: false });
        assert.deepEqual([answer.status, answer.text], [200, 'Ok.\n']);
      }
    });

    it('do not exist', async () => {
      const answer = await http.send({ method: 'GET', path: '/nope?query=SELECT+1' });
      assert.equal(answer.status, 404);
      assert.match(answer.text, /There is no handle \/nope/);
    });
  });
});

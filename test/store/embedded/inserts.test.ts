import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { authorization, type EngineHttp, openEngineHttp, residentMb } from './engine-http.ts';

/** Values that a careless splitter of statements, lines or bytes would lose or run. */
const NASTY = [
  'a;b',
  "it's",
  '"quoted"',
  'line\nend',
  'two\n\nline ends',
  '\n\nDROP TABLE t;\n\n',
  '\\',
  '\t',
  '\0null\0',
  '中文 😀',
  '',
  '-- x',
  '/* x',
];

describe('inserts over HTTP', () => {
  let http: EngineHttp;
  before(async () => {
    http = await openEngineHttp();
  });
  after(() => http.close());
  beforeEach(() => http.query('CREATE OR REPLACE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n'));

  const insert = (query: string, body?: string | Uint8Array, headers: Record<string, string> = {}) =>
    http.send({ url: { query }, headers, ...(body === undefined ? {} : { body }) });
  const count = () => http.query('SELECT count() FROM t');

  describe('the rows', () => {
    const json = NASTY.map((s, n) => JSON.stringify({ n, s })).join('\n');
    const stored = async () =>
      (JSON.parse(await http.query('SELECT s FROM t ORDER BY n FORMAT JSONColumns')) as { s: string[] }).s;

    it('may stand in the body, the statement in the URL', async () => {
      assert.equal((await insert('INSERT INTO t FORMAT JSONEachRow', json)).status, 200);
      assert.deepEqual(await stored(), NASTY);
    });

    it('may follow the statement in the body', async () => {
      await http.query(`INSERT INTO t FORMAT JSONEachRow\n${json}`);
      assert.deepEqual(await stored(), NASTY);
    });

    it('may be packed', async () => {
      await insert('INSERT INTO t FORMAT JSONEachRow', gzipSync(json), { 'content-encoding': 'gzip' });
      assert.deepEqual(await stored(), NASTY);
    });

    it('may be VALUES, with expressions, in body or URL', async () => {
      await http.query("INSERT INTO t VALUES (1, 'a;\n\nb'), (1 + 1, concat('x', ';'));\n");
      await insert("INSERT INTO t (s, n) VALUES ('it''s', 3)");
      await insert('INSERT INTO t VALUES', "(4, 'd')");
      assert.deepEqual(await stored(), ['a;\n\nb', 'x;', "it's", 'd']);
    });

    it('may come through a SELECT from input()', async () => {
      const query = "INSERT INTO t SELECT n * 10, upper(s) FROM input('n UInt64, s String') WHERE n > 1 FORMAT CSV";
      await insert(query, '1,a\n2,"b;\n\nb"\n3,c\n');
      assert.equal(await http.query('SELECT * FROM t ORDER BY n FORMAT CSV'), '20,"B;\n\nB"\n30,"C"\n');
    });

    it('may be more than a SELECT from input() wants', async () => {
      const query = "INSERT INTO t SELECT n, '' FROM input('n UInt64') LIMIT 3 FORMAT CSV";
      assert.equal((await insert(query, '1\n'.repeat(1_000_000))).status, 200);
      assert.equal(await count(), '3\n');
    });

    it('may come from a SELECT, or be none', async () => {
      await http.query("INSERT INTO t SELECT number, 'x' FROM numbers(5)");
      assert.equal((await insert('INSERT INTO t FORMAT CSV', '')).status, 200);
      assert.equal(await count(), '5\n');
    });

    it('are counted in the summary', async () => {
      const answer = await insert('INSERT INTO t FORMAT JSONEachRow', json);
      const summary = JSON.parse(answer.headers['x-clickhouse-summary'] as string);
      assert.equal(summary.written_rows, String(NASTY.length));
    });

    it('may use parameters and settings of the request', async () => {
      const url = { query: 'INSERT INTO {t:Identifier} FORMAT CSV', param_t: 't', format_csv_delimiter: '|' };
      assert.equal((await http.send({ url, body: '1|x\n' })).status, 200);
      await insert("INSERT INTO t SETTINGS format_csv_delimiter = '|' FORMAT CSV", '2|y\n');
      assert.equal(await http.query('SELECT * FROM t ORDER BY n FORMAT CSV'), '1,"x"\n2,"y"\n');
    });
  });

  it('take every format the engine reads, as the engine wrote it', async () => {
    // They need a schema, one column of their own kind, a broker, or cannot hold both columns.
    const special =
      'CapnProto,Protobuf,ProtobufSingle,ProtobufList,Template,Regexp,AvroConfluent,GeoJSON,Npy,RawBLOB,Form,MySQLDump,One,DWARF,HiveText,LineAsString'.split(
        ',',
      );
    const names = (await http.query('SELECT name FROM system.formats WHERE is_input AND is_output')).trim().split('\n');
    const source = "SELECT number AS n, concat('v;\\n\\n', toString(number)) AS s FROM numbers(3)";
    const failures: string[] = [];
    for (const name of names.filter((one) => !special.includes(one) && !one.includes('Raw'))) {
      await http.query('TRUNCATE TABLE t');
      const { bytes } = await http.send({ body: `${source} FORMAT ${name}` });
      const answer = await insert(`INSERT INTO t FORMAT ${name}`, bytes);
      const same = await http.query(`SELECT count() FROM (${source}) AS a JOIN t USING (n, s)`);
      if (same !== '3\n') failures.push(`${name}: ${answer.text.slice(0, 150) || same}`);
    }
    assert.ok(names.length > 30, String(names.length));
    assert.deepEqual(failures, []);
  });

  describe('faulty data', () => {
    const faults: readonly (readonly [what: string, query: string, body: string | Uint8Array, code: string])[] = [
      [
        'ends within a row',
        'INSERT INTO t FORMAT RowBinary',
        Buffer.concat([Buffer.alloc(8), Buffer.from([1, 97]), Buffer.alloc(3)]),
        '33',
      ],
      ['ends within a JSON row', 'INSERT INTO t FORMAT JSONEachRow', '{"n":1,"s":"a"}\n{"n":2,"s', '26'],
      ['is of another type', 'INSERT INTO t FORMAT CSV', '1,a\nx,b\n', '27'],
      ['goes to no table', 'INSERT INTO nope FORMAT CSV', '1\n', '60'],
      ['is of no known format', 'INSERT INTO t FORMAT Nope', '1\n', '73'],
      ['follows a broken statement', 'INSERT INTO t (n n) FORMAT CSV', '1\n', '62'],
    ];
    for (const [what, query, body, code] of faults) {
      it(`that ${what} is refused whole, in the engine’s words`, async () => {
        const answer = await insert(query, body);
        assert.equal(answer.headers['x-clickhouse-exception-code'], code, answer.text);
        assert.doesNotMatch(answer.text, /pipes\/p/);
        assert.equal(await count(), '0\n');
      });
    }

    it('is refused at once, however much of it follows', async () => {
      const answer = await insert('INSERT INTO nope FORMAT CSV', Buffer.alloc(20 << 20, '1,a\n'));
      assert.equal(answer.status, 404);
    });
  });

  it('lose and double nothing when many run at once and some of them fail', async () => {
    const inserts = Array.from({ length: 400 }, async (_, n) => {
      const lines = `${n},x\n`.repeat(1 + (n % 7) * 3000);
      const answer = await insert('INSERT INTO t FORMAT CSV', n % 5 === 0 ? `${lines}broken` : lines);
      return answer.status === 200 ? 1 + (n % 7) * 3000 : 0;
    });
    const expected = (await Promise.all(inserts)).reduce((sum, rows) => sum + rows, 0);
    assert.ok(expected > 0);
    assert.equal(await count(), `${expected}\n`);
  });

  it('whose client goes away midway write nothing of the block that was not whole', async () => {
    const url = new URL('/?query=INSERT+INTO+t+FORMAT+CSV', http.engine.connection.url);
    const outgoing = request(url, { method: 'POST', headers: { authorization: authorization(http.engine) } });
    outgoing.on('error', () => {});
    outgoing.write('1,a\n'.repeat(1000));
    await sleep(300);
    outgoing.destroy();
    await sleep(300);
    assert.equal(await count(), '0\n');
    assert.equal(await http.query("SELECT count() FROM system.processes WHERE query LIKE 'INSERT%'"), '0\n');
  });

  it('that are packed and cut off write nothing', async () => {
    const packed = gzipSync('1,a\n'.repeat(100_000));
    const answer = await insert('INSERT INTO t FORMAT CSV', packed.subarray(0, packed.length - 20), {
      'content-encoding': 'gzip',
    });
    assert.equal(answer.headers['x-clickhouse-exception-code'], '354', answer.text);
    assert.equal(await count(), '0\n');
  });

  it('stream in bounded memory, with nothing of the data on the disk', async () => {
    await http.query('CREATE OR REPLACE TABLE t (n UInt64) ENGINE = Null');
    const block = Buffer.alloc(8 << 20, 7);
    const url = new URL('/?query=INSERT+INTO+t+FORMAT+RowBinary', http.engine.connection.url);
    const hold: { most: number; disk: number } = { most: 0, disk: 0 };
    const before = residentMb(http.engine.pid);
    await new Promise<void>((done, fail) => {
      const outgoing = request(
        url,
        { method: 'POST', headers: { authorization: authorization(http.engine) } },
        (answer) => {
          answer.resume();
          answer.on('end', () => (answer.statusCode === 200 ? done() : fail(new Error(String(answer.statusCode)))));
        },
      );
      outgoing.on('error', fail);
      let sent = 0;
      const push = () => {
        hold.most = Math.max(hold.most, residentMb(http.engine.pid));
        hold.disk = Math.max(hold.disk, bytesUnder(join(http.dataDir, 'engine-run')));
        if (sent++ === 100) outgoing.end();
        else if (outgoing.write(block)) setImmediate(push);
        else outgoing.once('drain', push);
      };
      push();
    });
    assert.ok(hold.most - before < 300, `800 MB went through, memory grew by ${hold.most - before} MB`);
    assert.ok(hold.disk < 10_000, `${hold.disk} bytes lay on the disk`);
  });

  it('hold the same bytes that were sent, a million rows of them', async () => {
    const rows = 1_000_000;
    const sent = Buffer.alloc(rows * 8);
    for (let row = 0; row < rows; row += 1) sent.writeBigUInt64LE(BigInt(row) * 7919n, row * 8);
    await http.query('CREATE OR REPLACE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n');
    const answer = await insert('INSERT INTO t FORMAT RowBinary', sent);
    assert.equal(JSON.parse(answer.headers['x-clickhouse-summary'] as string).written_rows, String(rows));
    const { bytes } = await http.send({ body: 'SELECT n FROM t ORDER BY n FORMAT RowBinary' });
    const digest = (one: Uint8Array) => createHash('sha256').update(one).digest('hex');
    assert.equal(digest(bytes), digest(sent));
  });
});

function bytesUnder(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}

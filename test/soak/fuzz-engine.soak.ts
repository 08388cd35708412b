import assert from 'node:assert/strict';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { authorization, type EngineHttp, openEngineHttp } from '../store/embedded/engine-http.ts';
import { damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';

/** Connections at once, and how long one may stay silent after its last byte. */
const AT_ONCE = 6;
const SILENT_MS = 400;
const CRLF = '\r\n';

const QUERIES = [
  ...[
    'SELECT 1',
    'SELECT number FROM numbers(100000)',
    'SELECT {x:UInt8}',
    'SELECT throwIf(number = 5000) FROM numbers(9000)',
  ],
  ...[
    "INSERT INTO FUNCTION null('a UInt8') FORMAT CSV\n1\n2\nx",
    "INSERT INTO FUNCTION null('a UInt8') FORMAT Native\n\u0001",
  ],
  ...[
    "INSERT INTO FUNCTION null('a UInt8') SELECT number FROM numbers(1000)",
    'SELECT * FROM t',
    'SET max_threads = 1',
  ],
  ...['SELECT sleep(0.05)', 'CREATE TEMPORARY TABLE t (a UInt8) ENGINE = Memory', 'USE nowhere', '', ';', 'SELECT'],
  ...['SELECT * FROM system.one FORMAT Nothing', "SELECT 'x' INTO OUTFILE '/nowhere/x'", 'SELECT 1 FORMAT Parquet'],
];
const TARGETS = [
  ...['/', '/?', '/ping', '/nothing', '/?query=SELECT%201', '/?query=%zz', '/?database=nowhere', '//[::', '*', ''],
  ...[
    '/?session_id=a',
    '/?session_id=a&session_check=1',
    '/?session_timeout=1&session_id=b',
    '/?query_id=q',
    '/?wait_end_of_query=1',
  ],
  ...[
    '/?max_result_rows=5',
    '/?no_such_setting=1',
    '/?readonly=2',
    '/?param_x=7',
    '/?param_x=700',
    '/?default_format=Nope',
  ],
  ...[
    '/?compress=1',
    '/?decompress=1',
    '/?enable_http_compression=1',
    '/?buffer_size=1',
    '/?user=x',
    '/?t_structure=a+UInt8',
  ],
];
const HEADERS = [
  ...['Content-Encoding: gzip', 'Content-Encoding: br', 'Content-Encoding: deflate', 'Content-Encoding: zstd'],
  ...['Accept-Encoding: gzip', 'Accept-Encoding: br;q=x', 'Expect: 100-continue', 'Connection: close', 'Upgrade: h2c'],
  ...['Content-Type: multipart/form-data; boundary=b', 'Content-Type: multipart/form-data', 'X-ClickHouse-Format: CSV'],
  ...[
    'X-ClickHouse-User: x',
    'X-ClickHouse-Database: system',
    'X: \u0001',
    'Nocolon',
    ' folded',
    `X: ${'x'.repeat(20_000)}`,
  ],
];
const FORM =
  '--b\r\nContent-Disposition: form-data; name="query"\r\n\r\nSELECT count() FROM t\r\n--b\r\nContent-Disposition: form-data; ' +
  'name="t"; filename="t"\r\n\r\n1\n2\n\r\n--b\r\nContent-Disposition: form-data; name="param_x"\r\n\r\n7\r\n--b--\r\n';

const body: fc.Arbitrary<Buffer> = fc
  .constantFrom(...QUERIES.map((text) => Buffer.from(text)), Buffer.from(FORM))
  .chain((bytes) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(bytes) },
      { weight: 2, arbitrary: damaged(bytes) },
      fc.constant(gzipSync(bytes)),
      damaged(gzipSync(bytes)),
    ),
  );

interface Call {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly auth: boolean;
  readonly body: Buffer;
  /** How the body's length is told; `more` and `less` lie. */
  readonly framing: 'right' | 'more' | 'less' | 'chunked' | 'none' | 'both';
}

const call: fc.Arbitrary<Call> = fc.record({
  method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'HEAD', 'PUT', 'OPTIONS', 'BREW', 'CONNECT', ''),
  target: fc.oneof({ weight: 2, arbitrary: fc.constant('/') }, fc.constantFrom(...TARGETS)),
  headers: fc.uniqueArray(fc.constantFrom(...HEADERS), { maxLength: 3 }),
  auth: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  body,
  framing: fc.constantFrom('right', 'right', 'right', 'more', 'less', 'chunked', 'none', 'both'),
});

/** What one connection sends: calls one behind another, its bytes damaged or cut, its end held open or closed. */
const connection = fc.record({
  calls: fc.array(call, { minLength: 1, maxLength: 3 }),
  cutAt: fc.option(fc.nat(600), { nil: undefined, freq: 2 }),
  end: fc.boolean(),
  leaveAfterMs: fc.constantFrom(0, 5, 50, SILENT_MS),
});
type Connection = typeof connection extends fc.Arbitrary<infer Case> ? Case : never;

function bytesOf({ method, target, headers, auth, body, framing }: Call, authorization: string): Buffer {
  const length = { right: 0, more: 50, less: -3 }[framing as 'right'];
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: x',
    ...(auth ? [`Authorization: ${authorization}`] : []),
    ...(length === undefined && framing !== 'both'
      ? []
      : [`Content-Length: ${Math.max(0, body.length + (length ?? 0))}`]),
    ...(framing === 'chunked' || framing === 'both' ? ['Transfer-Encoding: chunked'] : []),
    ...headers,
  ];
  const chunked = Buffer.concat([
    Buffer.from(`${body.length.toString(16)}${CRLF}`),
    body,
    Buffer.from(`${CRLF}0${CRLF}${CRLF}`),
  ]);
  return Buffer.concat([Buffer.from(lines.join(CRLF) + CRLF + CRLF, 'latin1'), framing === 'chunked' ? chunked : body]);
}

describe('fuzz: raw HTTP at the embedded engine', function () {
  this.timeout(0);
  let http: EngineHttp;
  let pid: number | undefined;
  let idle: number;

  before(async () => {
    http = await openEngineHttp();
    pid = http.engine.pid;
    // Some at once first, so that what the engine keeps open for later is open.
    await Promise.all(Array.from({ length: AT_ONCE * 3 }, () => http.query('SELECT sleep(0.1)')));
    idle = held().length;
  });
  after(() => http.close());

  /** The sockets and pipes that the engine holds open; nothing where the system does not show it. */
  function held(): string[] {
    const folder = `/proc/${pid}/fd`;
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((fd) => {
      try {
        const file = readlinkSync(`${folder}/${fd}`);
        return /^(socket|pipe):|\/pipes\/p\d+/.test(file) ? [file] : [];
      } catch {
        return [];
      }
    });
  }

  const pipesHeld = () => held().filter((file) => file.includes('/pipes/'));

  function visit({ calls, cutAt, end, leaveAfterMs }: Connection): Promise<void> {
    const all = Buffer.concat(calls.map((one) => bytesOf(one, authorization(http.engine))));
    const bytes = cutAt === undefined ? all : all.subarray(0, cutAt);
    return new Promise((done) => {
      const socket = connect(Number(new URL(http.engine.connection.url).port), '127.0.0.1', () => {
        socket.write(bytes);
        if (end) socket.end();
      });
      socket.setTimeout(SILENT_MS, () => socket.destroy());
      if (leaveAfterMs < SILENT_MS) setTimeout(() => socket.destroy(), leaveAfterMs);
      socket.on('data', () => {});
      socket.on('error', () => {});
      socket.on('close', () => done());
    });
  }

  /** Waits until it is so; false when it does not become so in some seconds. */
  async function becomes(isSo: () => boolean | Promise<boolean>): Promise<boolean> {
    for (let tries = 0; tries < 100; tries++) {
      if (await isSo()) return true;
      await sleep(50);
    }
    return false;
  }

  it('does no harm: the engine answers, and nothing is left running or open', async () => {
    await fuzz(fc.array(connection, { minLength: 1, maxLength: AT_ONCE }), async (visits) => {
      await Promise.all(visits.map(visit));
      assert.equal(await http.query('SELECT 1'), '1\n');
      assert.deepEqual([http.engine.pid, http.engine.state()], [pid, { status: 'running', restarts: 0 }]);
      const left = async () => http.query("SELECT count() FROM system.processes WHERE query NOT LIKE '%processes%'");
      assert.ok(await becomes(async () => (await left()) === '0\n'), 'a statement goes on');
      assert.ok(await becomes(() => pipesHeld().length === 0), `pipes stay open: ${pipesHeld()}`);
    });
    assert.ok(await becomes(() => held().length <= idle + AT_ONCE), `${held().length} are open, ${idle} before`);
  });
});

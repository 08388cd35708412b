import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { authorization, type EngineHttp, openEngineHttp } from './engine-http.ts';

describe('hostile requests to the embedded engine', () => {
  let http: EngineHttp;
  let pid: number | undefined;
  before(async () => {
    http = await openEngineHttp();
    pid = http.engine.pid;
  });
  after(() => http.close());
  afterEach('the engine is the same process and answers', async () => {
    assert.equal(await http.query('SELECT 1'), '1\n');
    assert.deepEqual([http.engine.pid, http.engine.state()], [pid, { status: 'running', restarts: 0 }]);
  });

  /** Sends bytes as they are; gives what came back until the server or `ms` ended it. */
  function raw(bytes: string, { ms = 500, end = false } = {}): Promise<string> {
    return new Promise((done) => {
      let got = '';
      const socket = connect(Number(new URL(http.engine.connection.url).port), '127.0.0.1', () => {
        socket.write(bytes, 'latin1');
        if (end) socket.end();
      });
      socket.on('data', (chunk) => {
        got += chunk.toString('latin1');
      });
      socket.on('error', () => {});
      socket.on('close', () => done(got));
      setTimeout(() => socket.destroy(), ms);
    });
  }

  const post = (rest: string) =>
    `POST / HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization(http.engine)}\r\n${rest}`;
  const cases: readonly (readonly [what: string, bytes: () => string])[] = [
    ['no HTTP at all', () => '\0\u0001\u0002 hello\r\n\r\n'],
    ['a TLS greeting', () => '\u0016\u0003\u0001\u0002\0\u0001\0'],
    ['junk in the request line', () => 'GET //[::/?query=%zz HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['junk in headers', () => post('X: \u0001\u0002\r\n\r\n')],
    [
      'broken percent signs',
      () => post('Content-Length: 0\r\n\r\n').replace('POST /', 'POST /?query=%E4%zz&%=%&param_=x'),
    ],
    ['a body shorter than announced', () => post('Content-Length: 100\r\n\r\nSELECT 1')],
    ['a broken chunk', () => post('Transfer-Encoding: chunked\r\n\r\nzz\r\nSELECT 1')],
    [
      'a form without parts',
      () => post('Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 3\r\n\r\nabc'),
    ],
    ['a form without boundary', () => post('Content-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\nabc')],
    ['an unknown method', () => post('Content-Length: 0\r\n\r\n').replace('POST', 'BREW')],
  ];
  for (const [what, bytes] of cases) it(`do no harm: ${what}`, () => raw(bytes()));

  it('do no harm: headers without end', async () => {
    const answer = await raw(post(`X: ${'x'.repeat(2 << 20)}\r\n`), { ms: 3000 });
    assert.match(answer, /^HTTP\/1\.1 431 /);
  });

  it('do no harm: a half-closed socket', async () => {
    await raw(post('Content-Length: 15\r\n\r\nSELECT sleep(1)'), { end: true });
  });

  it('are answered in their order when several are sent at once', async () => {
    const one = (digit: number) => post(`Content-Length: 8\r\n\r\nSELECT ${digit}`);
    const answer = await raw(one(1) + one(2) + one(3), { ms: 1500 });
    assert.deepEqual(answer.match(/^[123]$/gm), ['1', '2', '3']);
  });

  it('do not hold the engine when bodies are begun and never ended', async () => {
    const waiting = Array.from({ length: 100 }, () => raw(post('Content-Length: 100\r\n\r\nSELECT '), { ms: 1000 }));
    await sleep(300);
    assert.equal(await http.query('SELECT 1'), '1\n');
    await Promise.all(waiting);
  });

  it('do not leave anything running when clients come and go at every moment', async () => {
    const queries = [
      'SELECT sleep(0.3)',
      'SELECT number FROM numbers(3000000)',
      "INSERT INTO FUNCTION null('a UInt8') FORMAT CSV\n1\n2",
    ];
    const visits = Array.from({ length: 60 }, (_, index) => {
      const query = queries[index % queries.length] ?? '';
      return raw(post(`Content-Length: ${query.length + (index % 2)}\r\n\r\n${query}`), { ms: (index * 37) % 300 });
    });
    await Promise.all(visits);
    const left = async () => http.query("SELECT count() FROM system.processes WHERE query NOT LIKE '%processes%'");
    for (let turn = 0; turn < 100 && (await left()) !== '0\n'; turn += 1) await sleep(50);
    assert.equal(await left(), '0\n');
  });

  it('do no harm whatever the text of a query is', async () => {
    const piece = fc.constantFrom(
      'SELECT 1',
      'INSERT INTO t',
      ' FORMAT ',
      'CSV',
      'VALUES',
      "'",
      '"',
      '`',
      '/*',
      '--',
      '\n',
      ';',
      '{x:UInt8}',
      '(',
      ')',
      '$a$',
      '\\',
      '\0',
      'é',
      'SETTINGS a=1',
      'input(',
      "'x UInt8')",
      'WITH 1 AS x ',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const answer = await http.send({ body: pieces.join(' ') });
        assert.ok(answer.whole && answer.status >= 200, String(answer.status));
      }),
      { numRuns: 150 },
    );
  });
});

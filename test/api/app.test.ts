import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { assertProblem, openTestApp, type TestApp } from './test-app.ts';

describe('the API', () => {
  let app: TestApp;
  before(async () => {
    app = await openTestApp();
  });
  after(() => app.close());

  describe('errors', () => {
    it('answers an unknown route with a problem document', async () => {
      assertProblem(await app.call('GET', '/api/v1/nothing'), 404, 'api.not-found');
      assertProblem(await app.call('GET', '/'), 404, 'api.not-found');
    });

    it('answers a method that a path does not take with the ones it takes', async () => {
      const reply = await app.call('DELETE', '/api/v1/sources');
      assertProblem(reply, 405, 'api.method-not-allowed');
      assert.equal(reply.headers.get('allow'), 'GET, HEAD');
    });

    it('tells every fault of a request with its place, what was expected, and never the value', async () => {
      const reply = await app.call('POST', '/api/v1/keys', { body: { role: 'queen', phone: '13912345678' } });
      assertProblem(reply, 400, 'api.request-invalid');
      assert.deepEqual(
        reply.json.errors.map((one: { in: string; pointer: string }) => `${one.in}${one.pointer}`).sort(),
        ['body/name', 'body/phone', 'body/role'],
      );
      assert.match(reply.text, /one of: marketer, analyst, crm, steward, privacy, admin/);
      assert.doesNotMatch(reply.text, /queen|139123/);
    });

    it('does not repeat a name from a body that could be a personal value', async () => {
      const reply = await app.call('POST', '/api/v1/keys', { body: { '13912345678': 1, name: 'x', role: 'crm' } });
      assertProblem(reply, 400, 'api.request-invalid');
      assert.doesNotMatch(reply.text, /139123/);
    });

    it('names the place of a wrong query parameter', async () => {
      for (const query of [
        'limit=0',
        'limit=many',
        'limit=1e309',
        'limit=-Infinity',
        'limit=1&limit=2',
        'cursr=x',
        'status=gone',
      ]) {
        const reply = await app.call('GET', `/api/v1/runs?${query}`);
        assertProblem(reply, 400, 'api.request-invalid');
        assert.equal(reply.json.errors[0].in, 'query');
      }
    });

    it('tells broken JSON, another type, a compression it does not know', async () => {
      assertProblem(await app.call('POST', '/api/v1/keys', { body: '{"name":' }), 400, 'api.body-not-json');
      assertProblem(await app.call('POST', '/api/v1/keys', { body: '"text"' }), 400, 'api.body-not-json');
      assertProblem(
        await app.call('POST', '/api/v1/keys', { body: 'name=x', headers: { 'Content-Type': 'text/plain' } }),
        415,
        'api.media-type-unsupported',
      );
      assertProblem(
        await app.call('POST', '/api/v1/keys', { body: {}, headers: { 'Content-Encoding': 'zstd' } }),
        415,
        'api.media-type-unsupported',
      );
      assertProblem(await app.call('POST', '/api/v1/keys'), 400, 'api.request-invalid');
    });

    it('refuses a body of over 1 MB, also one that only unfolds to it', async () => {
      const large = JSON.stringify({ name: 'x'.repeat(1_100_000), role: 'crm' });
      assertProblem(await app.call('POST', '/api/v1/keys', { body: large }), 413, 'api.body-too-large');
      const response = await fetch(`${app.base}/api/v1/keys`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${app.keys.admin}`,
          'Content-Type': 'application/json',
          'Content-Encoding': 'gzip',
        },
        body: gzipSync(large),
      });
      assert.equal(response.status, 413);
    });

    it('refuses a body nested a hundred thousand levels deep', async () => {
      const body = `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
      assertProblem(await app.call('POST', '/api/v1/keys', { body }), 400, 'api.body-not-json');
    });

    it('answers a path that cannot be decoded', async () => {
      assertProblem(await app.call('GET', '/api/v1/runs/%E0%A4%A'), 400, 'api.request-invalid');
      assertProblem(await app.call('GET', `/api/v1/runs/${encodeURIComponent('张三')}`), 400, 'api.request-invalid');
    });

    it('hides its own faults behind a request id, and logs their place without their text', async () => {
      const secret = 'the phone is 13912345678';
      const list = app.sources.list.bind(app.sources);
      app.sources.list = () => {
        throw new TypeError(secret);
      };
      const reply = await app.call('GET', '/api/v1/sources');
      app.sources.list = list;
      assertProblem(reply, 500, 'api.internal');
      assert.doesNotMatch(reply.text + app.lines.join(), /139123/);
      const line = app.lines.find((one) => one.includes(reply.json.request_id) && one.includes('api.internal'));
      assert.match(line ?? '', /TypeError at .*test-app|TypeError at .*app\.test/);
    });
  });

  describe('headers', () => {
    it('gives each answer an id, and takes over a sane one', async () => {
      const given = (id: string) => app.call('GET', '/ready', { headers: { 'X-Request-Id': id } });
      assert.equal((await given('nightly-run.7')).headers.get('x-request-id'), 'nightly-run.7');
      for (const junk of ['13912345678', 'a 13912345678', `x${'y'.repeat(64)}`, 'user-13912345678', 'a@b.cn'])
        assert.notEqual((await given(junk)).headers.get('x-request-id'), junk);
      assert.match((await app.call('GET', '/ready')).headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
    });

    it('keeps answers out of caches and out of frames', async () => {
      const { headers } = await app.call('GET', '/api/v1/sources');
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('x-powered-by'), null);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/);
    });

    it('answers what is not HTTP, and headers past reading, without falling over', async () => {
      const send = (bytes: string) =>
        new Promise<string>((resolve, reject) => {
          let text = '';
          const socket = connect(app.port, '127.0.0.1', () => socket.write(bytes));
          socket.on('data', (data) => {
            text += data;
          });
          socket.on('close', () => resolve(text));
          socket.on('error', reject);
        });
      assert.match(
        await send('\x16\x03\x01\x02\x00 hello\r\n\r\n'),
        /^HTTP\/1\.1 400 [\s\S]*"code":"api.request-invalid"/,
      );
      assert.match(await send(`GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'y'.repeat(20_000)}\r\n\r\n`), /^HTTP\/1\.1 431 /);
      assert.match(await send('GET / HTTP/1.1\r\nHost: x\r\nAuthoriz\u0000ation: x\r\n\r\n'), /^HTTP\/1\.1 400 /);
      assert.equal((await app.call('GET', '/ready')).status, 200);
    });
  });

  describe('push', () => {
    it('hands a platform’s call over as it came and sends back its answer', async () => {
      const response = await fetch(`${app.base}/push/tmall?sign=ABC&method=x.y`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Sign': 'abc' },
        body: 'mobile=13912345678',
      });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), 'text/xml; charset=utf-8');
      assert.equal(await response.text(), '<ok/>');
      const [call] = app.sources.pushed;
      assert.deepEqual({ ...(call?.query as object) }, { sign: 'ABC', method: 'x.y' });
      assert.equal(call?.headers['x-sign'], 'abc');
      assert.equal(call?.body.toString(), 'mobile=13912345678');
    });

    it('hands over a platform’s question whether the URL is ours', async () => {
      const response = await fetch(`${app.base}/push/tmall?signature=ABC&echostr=1`);
      assert.equal(response.status, 200);
      const call = app.sources.pushed.at(-1);
      assert.deepEqual({ ...(call?.query as object) }, { signature: 'ABC', echostr: '1' });
    });

    it('knows no source of another name, and takes no body over 1 MB', async () => {
      assertProblem(await app.call('POST', '/push/nobody', { as: null, body: {} }), 404, 'api.not-found');
      assertProblem(
        await app.call('POST', '/push/tmall', { as: null, body: 'x'.repeat(1_100_000) }),
        413,
        'api.body-too-large',
      );
    });
  });

  describe('logs', () => {
    it('hold the pattern of the route and no part of the request', async () => {
      await app.call('GET', '/api/v1/runs/phone-13912345678?x=13912345678');
      await app.call('GET', '/zhang-san-13912345678');
      await app.call('POST', '/api/v1/keys', { body: { name: '13912345678', role: 'x' } });
      const all = app.lines.join('\n');
      assert.doesNotMatch(all, /139123|zhang|qk_/);
      assert.match(all, /"route":"\/api\/v1\/runs\/\{id\}"/);
      assert.match(all, /"route":"unknown","status":404/);
    });
  });
});

describe('limits', () => {
  let app: TestApp;
  before(async () => {
    app = await openTestApp({ requestsPerMinute: 3, wrongKeysPerMinute: 2 });
  });
  after(() => app.close());

  it('hold for each key by itself and say when to go on', async () => {
    for (let n = 0; n < 3; n++) assert.equal((await app.call('GET', '/api/v1/sources', { as: 'crm' })).status, 200);
    const reply = await app.call('GET', '/api/v1/sources', { as: 'crm' });
    assertProblem(reply, 429, 'api.too-many-requests');
    assert.ok(Number(reply.headers.get('retry-after')) > 0);
    assert.equal((await app.call('GET', '/api/v1/sources', { as: 'steward' })).status, 200);
  });

  it('stop an address from trying keys', async () => {
    const tried = () => app.call('GET', '/api/v1/sources', { as: null, headers: { Authorization: 'Bearer guess' } });
    assertProblem(await tried(), 401, 'api.unauthenticated');
    assertProblem(await tried(), 401, 'api.unauthenticated');
    assertProblem(await tried(), 429, 'api.too-many-requests');
  });
});

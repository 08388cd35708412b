import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { raw } from '../../store/index.ts';
import { basic, KEY, openTracked, post, type Tracked } from '../helpers/tracked.ts';

const event = (messageId: string, more: object = {}) => ({
  messageId,
  type: 'track',
  event: 'Viewed',
  userId: 'u-1',
  ...more,
});

describe('the tracking API', function () {
  this.timeout(60_000);
  let api: Tracked;
  before(async () => {
    api = await openTracked();
  });
  after(() => api.close());

  const events = () =>
    api.store.store.rows<{ event: string; happened_at: string; properties: Record<string, string> }>(
      raw(
        'SELECT event, toString(happened_at) AS happened_at, properties FROM events FINAL ORDER BY event, happened_at',
      ),
    );

  it('takes every address of servers and of browsers, and answers as Segment does', async () => {
    const about = { userId: 'u-1', anonymousId: 'a-12345678', writeKey: KEY };
    const calls: [string, object][] = [
      ['/v1/identify', { traits: { plan: 'gold' } }],
      ['/v1/track', { event: 'Bought', properties: { total: 12.5, items: [{ sku: 'S1' }], member: true } }],
      ['/v1/page', { name: 'Home', properties: { url: 'https://shop.example/' } }],
      ['/v1/screen', { name: 'Cart' }],
      ['/v1/group', { groupId: 'g1', traits: { size: 3 } }],
      ['/v1/alias', { previousId: 'a-99999999' }],
      ['/v1/i', {}],
      ['/v1/t', { event: 'Bought again' }],
      ['/v1/batch', { batch: [event('b1'), event('b2', { event: 'Shared' })] }],
      ['/v1/import', { batch: [event('b3', { event: 'Long ago', timestamp: '2020-01-02T03:04:05Z' })] }],
    ];
    for (const [path, body] of calls) {
      const answer = await post(api.base, path, { ...about, ...body }, { 'content-type': 'text/plain' });
      assert.deepEqual([path, answer.status, answer.json], [path, 200, { success: true }]);
    }
    const view = await api.pull();
    assert.deepEqual(
      [view.status, view.counts.items, view.counts.records, view.counts.rejections],
      ['done', 11, 11, 0],
    );
    const rows = await events();
    assert.deepEqual(
      rows.map((row) => row.event),
      ['Bought', 'Bought again', 'Long ago', 'Shared', 'Viewed', 'alias', 'group', 'page', 'screen'],
    );
    assert.deepEqual(rows[0]!.properties, { total: '12.5', 'items.0.sku': 'S1', member: 'true' });
    assert.equal(rows[2]!.happened_at, '2020-01-02 03:04:05.000');
  });

  it('keeps an event once however often its messageId comes, also packed', async () => {
    const body = gzipSync(
      JSON.stringify({ batch: [event('again', { event: 'Twice' })], sentAt: new Date().toISOString() }),
    );
    for (let time = 0; time < 3; time++) {
      const answer = await post(api.base, '/v1/batch', body, { authorization: basic(KEY), 'content-encoding': 'gzip' });
      assert.equal(answer.status, 200);
      await api.pull();
    }
    assert.equal((await events()).filter((row) => row.event === 'Twice').length, 1);
  });

  it('keeps what is good of a batch, and tells what is not', async () => {
    const batch = [
      event('good', { event: 'Good' }),
      { type: 'track', userId: 'u-2' },
      event('nobody', { userId: '' }),
      7,
    ];
    assert.equal(
      (
        await post(api.base, '/v1/batch', {
          batch: [...batch, event('big', { properties: { x: 'x'.repeat(40_000) } })],
        })
      ).status,
      200,
    );
    const view = await api.pull();
    assert.deepEqual([view.counts.items, view.counts.records, view.counts.rejections], [5, 1, 4]);
    const told = await api.store.store.rows<{ path: string; expected: string }>(
      raw('SELECT path, expected FROM rejections FINAL WHERE settled = 0 ORDER BY path'),
    );
    assert.deepEqual(told, [
      { path: '/message', expected: 'a JSON object' },
      { path: '/message', expected: 'at most 32 KB' },
      { path: '/message/event', expected: 'the name of the event' },
      { path: '/message/userId', expected: 'a userId or an anonymousId' },
    ]);
  });

  const refused: [string, string, unknown, Record<string, string>, number][] = [
    ['a key of nobody', '/v1/track', event('x'), { authorization: basic('somebody-else') }, 401],
    ['no key', '/v1/track', event('x'), {}, 401],
    ['what is no JSON', '/v1/track', '{"type":', { authorization: basic(KEY) }, 400],
    ['a list', '/v1/track', [], { authorization: basic(KEY) }, 400],
    ['a batch without a list', '/v1/batch', {}, { authorization: basic(KEY) }, 400],
    [
      'a message over 32 KB',
      '/v1/track',
      event('x', { properties: { x: 'x'.repeat(33_000) } }),
      { authorization: basic(KEY) },
      400,
    ],
    ['a batch over 500 KB', '/v1/batch', { batch: ['x'.repeat(513_000)] }, { authorization: basic(KEY) }, 400],
    ['a packed body that is none', '/v1/batch', '{}', { authorization: basic(KEY), 'content-encoding': 'gzip' }, 400],
    ['a packing that is not known', '/v1/batch', '{}', { authorization: basic(KEY), 'content-encoding': 'lzma' }, 400],
  ];
  for (const [what, path, body, headers, status] of refused) {
    it(`refuses ${what} with ${status}`, async () => {
      const answer = await post(api.base, path, body, headers);
      assert.deepEqual([answer.status, answer.json.success], [status, false]);
      assert.ok(answer.json.message);
    });
  }

  it('lets web sites of any origin send, and asks them to come back later over the limit', async () => {
    const headers = { origin: 'https://shop.example', 'access-control-request-headers': 'content-type,authorization' };
    const preflight = await fetch(`${api.base}/v1/t`, { method: 'OPTIONS', headers });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'content-type,authorization');
    const answers = await fetch(`${api.base}/v1/projects/${KEY}/settings`);
    const { integrations } = (await answers.json()) as { integrations: Record<string, { apiHost: string }> };
    assert.equal(`http://${integrations['Segment.io']!.apiHost}`, `${api.base}/v1`);
  });
});

describe('the limit of a source of the tracking API', function () {
  this.timeout(60_000);
  it('is told with 429 and when to come back', async () => {
    const api = await openTracked({ events_per_second: 2 });
    try {
      const statuses: number[] = [];
      for (let n = 0; n < 6; n++) statuses.push((await post(api.base, '/v1/track', event(`n${n}`))).status);
      assert.deepEqual(statuses.slice(0, 4), [200, 200, 200, 200]);
      assert.ok(statuses.includes(429));
      const late = await post(api.base, '/v1/batch', { batch: [1, 2, 3, 4].map((n) => event(`late${n}`)) });
      assert.equal(late.status, 429);
      assert.equal(late.headers.get('retry-after'), '2');
    } finally {
      await api.close();
    }
  });
});

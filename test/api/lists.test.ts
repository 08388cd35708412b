import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readCursor, writeCursor } from '../../api/cursor.ts';
import { assertProblem, openTestApp, type TestApp } from './test-app.ts';

describe('paged lists', () => {
  let app: TestApp;
  before(async () => {
    app = await openTestApp();
    await app.store.store.insert(
      'runs',
      Array.from({ length: 25 }, (_, n) => runRow(n)),
    );
    await app.store.store.insert(
      'rejections',
      Array.from({ length: 12 }, (_, n) => rejectionRow(n)),
    );
    for (let n = 0; n < 7; n++) {
      const note = {
        actor: 'k',
        role: 'crm',
        action: 'export',
        object: `e${n}`,
        purpose: 'p',
        count: n,
        request_id: 'r',
      };
      await app.services.audit.note(note);
    }
  });
  after(() => app.close());

  async function walk(path: string, limit: number): Promise<object[][]> {
    const pages: object[][] = [];
    let cursor = '';
    do {
      const reply = await app.call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor}`);
      assert.equal(reply.status, 200, reply.text);
      pages.push(reply.json.items);
      cursor = reply.json.next_cursor === null ? '' : `&cursor=${reply.json.next_cursor}`;
    } while (cursor !== '');
    return pages;
  }

  it('give each item once, in one order, whatever the size of the page', async () => {
    for (const path of [
      '/api/v1/runs',
      '/api/v1/runs?kind=collect',
      '/api/v1/rejections',
      '/api/v1/rejections?source=pos',
      '/api/v1/audit',
    ]) {
      const whole = (await walk(path, 1000)).flat();
      assert.ok(whole.length > 2, path);
      for (const limit of [1, 3, whole.length]) {
        const pages = await walk(path, limit);
        assert.deepEqual(pages.flat(), whole, `${path} by ${limit}`);
        assert.ok(pages.every((page) => page.length > 0));
      }
    }
  });

  it('tell instants as RFC 3339, newest runs first', async () => {
    const { json } = await app.call('GET', '/api/v1/runs?limit=2');
    assert.deepEqual(
      json.items.map((run: { started_at: string }) => run.started_at),
      ['2026-01-31T08:00:12.000Z', '2026-01-31T08:00:11.000Z'],
    );
  });

  it('refuse a cursor that is cut, mistyped, or of other filters or another list', async () => {
    const { json } = await app.call('GET', '/api/v1/runs?source=pos&limit=2');
    const cursor: string = json.next_cursor;
    assert.equal((await app.call('GET', `/api/v1/runs?source=pos&limit=9&cursor=${cursor}`)).status, 200);
    for (const path of [
      `/api/v1/runs?cursor=${cursor}`,
      `/api/v1/runs?source=tmall&cursor=${cursor}`,
      `/api/v1/audit?cursor=${cursor}`,
      `/api/v1/runs?source=pos&cursor=${cursor.slice(0, -5)}`,
      `/api/v1/runs?source=pos&cursor=${cursor.slice(0, 30)}A${cursor.slice(31)}`,
      '/api/v1/runs?cursor=5',
      '/api/v1/runs?cursor=',
    ])
      assertProblem(await app.call('GET', path), 400, 'api.cursor-invalid');
  });

  it('show what runs as it is now', async () => {
    const { json: begun } = await app.call('POST', '/api/v1/sources/pos/runs');
    assert.equal(begun.status, 'running');
    const { json: run } = await app.call('GET', `/api/v1/runs/${begun.run_id}`);
    assert.deepEqual(run, begun);
    assertProblem(await app.call('GET', '/api/v1/runs/no-such-run'), 404, 'api.not-found');
    assertProblem(await app.call('POST', '/api/v1/sources/nobody/runs'), 404, 'api.not-found');
  });

  it('count the quarantine by source and code, and replay a source of it', async () => {
    const { json } = await app.call('GET', '/api/v1/rejections/summary');
    assert.deepEqual(json.items, [
      { source: 'pos', code: 'phone.junk', rejections: 6 },
      { source: 'tmall', code: 'amount.not-a-number', rejections: 6 },
    ]);
    const { status, json: run } = await app.call('POST', '/api/v1/rejections/replay', { body: { source: 'pos' } });
    assert.deepEqual([status, run.kind, run.source], [202, 'replay', 'pos']);
    assertProblem(await app.call('POST', '/api/v1/rejections/replay', { body: { source: 'x' } }), 404, 'api.not-found');
  });

  it('list unmatched returns and suspected doubles', async () => {
    for (const list of ['unmatched-returns', 'suspected-doubles']) {
      const reply = await app.call('GET', `/api/v1/orders/${list}`);
      assert.deepEqual([reply.status, reply.json], [200, { items: [], next_cursor: null }]);
    }
  });

  it('say how the installation is', async () => {
    const { status, json } = await app.call('GET', '/health', { as: null });
    assert.deepEqual([status, json.status, json.engine.status, json.published.version], [200, 'ok', 'running', 0]);
    assert.deepEqual(json.sources.in_fault, [
      { id: 'tmall', fault: 'the session has expired', advice: 'authorise the shop again' },
    ]);
    const metrics = await app.call('GET', '/metrics', { as: null });
    for (const line of [
      'quanyu_engine_up 1',
      'quanyu_engine_restarts_total 0',
      'quanyu_source_fault{source="tmall"} 1',
      'quanyu_http_request_seconds_count{method="GET",route="/api/v1/runs",status="200"}',
    ])
      assert.ok(metrics.text.includes(line), line);
  });
});

describe('a cursor', () => {
  it('gives back its position for the list it belongs to and for no other', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), fc.string(), (position, one, other) => {
        fc.pre(position !== null && one !== other && !Object.is(position, -0));
        const cursor = writeCursor({ list: 'l', filter: one }, position)!;
        const read = readCursor({ list: 'l', filter: one }, cursor);
        assert.deepEqual(read, JSON.parse(JSON.stringify(position)));
        assert.throws(() => readCursor({ list: 'l', filter: other }, cursor), { code: 'api.cursor-invalid' });
      }),
    );
  });

  it('is never followed when it is any other text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((json) => Buffer.from(json).toString('base64url')),
        ),
        (text) => {
          assert.throws(() => readCursor({ list: 'l' }, text), { code: 'api.cursor-invalid' });
        },
      ),
    );
  });
});

function runRow(n: number) {
  const source = n % 2 === 0 ? 'pos' : 'tmall';
  // Two runs begin at each instant: their ids tell them apart.
  const at = `2026-01-31 08:00:${String(Math.floor(n / 2)).padStart(2, '0')}.000`;
  const fields = { status: 'done', started_at: at, finished_at: at, counts: { records: n }, fault: '', advice: '' };
  return { run_id: `run-${n}`, revision: 2, kind: n % 5 === 0 ? 'refresh' : 'collect', source, ...fields };
}

function rejectionRow(n: number) {
  const [source, code] = n % 2 === 0 ? ['pos', 'phone.junk'] : ['tmall', 'amount.not-a-number'];
  const item = {
    item_kind: 'row',
    item_id: String(2n ** 120n + BigInt(n >> 2)),
    path: `column ${n}`,
    page_id: 'page',
    position: n,
  };
  const told = { given: '1**', expected: 'a phone', whole_item: n % 2, mapper_version: 1, version: '1', settled: 0 };
  return { source, code, happened_at: '2026-01-31 08:00:00.000', ...item, ...told };
}

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertProblem, openTestApp, type Reply, type TestApp } from './test-app.ts';
import { collectBrand, PERSONAL, ZHANG } from './test-brand.ts';

const EVERYBODY = { kind: 'channel', operator: 'any', channels: ['pos'] };
const SPENT = { kind: 'tag', tag: 'net_amount_fen', operator: 'gte', value: 10_000 };

describe('audiences and exports', () => {
  let app: TestApp;
  before(async () => {
    app = await openTestApp();
    await collectBrand(app.store);
    const { status, json } = await app.call('POST', '/api/v1/refresh', { body: {} });
    assert.deepEqual([status, json.version], [200, 1]);
  });
  after(() => app.close());

  /** Follows a run until it has ended. */
  async function ended(begun: Reply): Promise<Reply['json']> {
    assert.equal(begun.status, 202, begun.text);
    const id = begun.json.run_id ?? begun.json.run.run_id;
    for (let tries = 0; tries < 200; tries++) {
      const { json } = await app.call('GET', `/api/v1/runs/${id}`);
      if (json.status !== 'running') return json;
      await sleep(25);
    }
    throw new Error(`run ${id} did not end`);
  }

  async function audienceOf(condition: unknown): Promise<string> {
    const { json: segment } = await app.call('POST', '/api/v1/segments', { body: { name: 's', condition } });
    const run = await ended(await app.call('POST', `/api/v1/segments/${segment.id}/runs`));
    assert.equal(run.status, 'done');
    return run.run_id;
  }

  const fileOf = async (id: string, as: 'marketer' | 'crm' = 'crm') => {
    const response = await fetch(`${app.base}/api/v1/exports/${id}/file`, {
      headers: { Authorization: `Bearer ${app.keys[as]}` },
    });
    return { response, bytes: Buffer.from(await response.arrayBuffer()) };
  };

  it('count a condition before it is saved, by channel and with a masked sample', async () => {
    const { status, json } = await app.call('POST', '/api/v1/segments/preview', {
      as: 'marketer',
      body: { condition: EVERYBODY },
    });
    assert.deepEqual([status, json.count, json.channels.pos, json.sample.length], [200, 2, 2, 2]);
    assert.equal(json.freshness.published_version, 1);
    const one = await app.call('POST', '/api/v1/segments/preview', { body: { condition: SPENT } });
    assert.equal(one.json.count, 1);
  });

  it('refuse to count a condition that cannot be compiled', async () => {
    const condition = { kind: 'and', of: [SPENT, { kind: 'tag', tag: 'net_amount_fen', operator: 'like', value: 1 }] };
    const reply = await app.call('POST', '/api/v1/segments/preview', { body: { condition } });
    assertProblem(reply, 422, 'condition.invalid');
    assert.match(reply.json.faults[0].path, /^\/of\/1/);
  });

  it('run a segment, keep the result, and page through its members', async () => {
    const { json: segment } = await app.call('POST', '/api/v1/segments', {
      body: { name: 'all', condition: EVERYBODY },
    });
    const begun = await app.call('POST', `/api/v1/segments/${segment.id}/runs`, { as: 'marketer' });
    const run = await ended(begun);
    assert.deepEqual([run.kind, run.status, run.counts.members], ['audience', 'done', 2]);

    const { json: audience } = await app.call('GET', `/api/v1/audiences/${run.run_id}`);
    assert.deepEqual([audience.member_count, audience.segment, audience.condition], [2, segment.id, EVERYBODY]);
    const { json: runs } = await app.call('GET', `/api/v1/segments/${segment.id}/runs`);
    assert.deepEqual(runs, { items: [audience], next_cursor: null });

    const path = `/api/v1/audiences/${run.run_id}/members`;
    const { json: whole } = await app.call('GET', path, { as: 'crm' });
    assert.equal(whole.items.length, 2);
    const { json: first } = await app.call('GET', `${path}?limit=1`);
    const { json: second } = await app.call('GET', `${path}?limit=1&cursor=${first.next_cursor}`);
    assert.deepEqual([...first.items, ...second.items], whole.items);
    assert.equal(second.next_cursor, null);
    assertProblem(await app.call('GET', `${path}?limit=10001`), 400, 'api.request-invalid');
    const none = await app.call('GET', '/api/v1/audiences/13912345678/members');
    assertProblem(none, 404, 'audience.not-found');
    assert.doesNotMatch(none.text, /139123/);
  });

  it('export an audience masked, with a receipt, a download that can be checked, and audit rows', async () => {
    const audience = await audienceOf(EVERYBODY);
    const body = {
      audience,
      columns: ['profile_id', 'phone_masked', 'net_amount_fen'],
      purpose: 'marketing',
      via: 'sms',
    };
    const begun = await app.call('POST', '/api/v1/exports', { as: 'marketer', body });
    assert.equal((await ended(begun)).status, 'done');
    const id: string = begun.json.export.export_id;
    const { json } = await app.call('GET', `/api/v1/exports/${id}`);
    assert.deepEqual([json.receipt.row_count, json.receipt.taken_back, json.export.reveal], [2, false, false]);

    const { response, bytes } = await fileOf(id, 'marketer');
    assert.equal(response.headers.get('content-type'), 'text/csv; charset=utf-8');
    assert.equal(createHash('sha256').update(bytes).digest('hex'), json.receipt.sha256);
    assert.equal(response.headers.get('content-length'), String(bytes.length));
    assert.equal(
      response.headers.get('repr-digest'),
      `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`,
    );
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    for (const value of PERSONAL) assert.ok(!bytes.includes(value));

    const { json: audit } = await app.call('GET', '/api/v1/audit?limit=2');
    assert.deepEqual(
      audit.items.map((entry: Record<string, unknown>) => [entry.action, entry.object, entry.role, entry.count]),
      [
        ['export-download', id, 'marketer', 2],
        ['export', id, 'marketer', 2],
      ],
    );
  });

  it('give values in clear only to roles that may, when asked for, with a reason', async () => {
    const audience = await audienceOf(SPENT);
    const asked = { audience, columns: ['profile_id', 'phone'], purpose: 'marketing' };
    const send = (as: 'marketer' | 'crm', more: object) =>
      app.call('POST', '/api/v1/exports', { as, body: { ...asked, ...more } });
    assertProblem(await send('crm', {}), 422, 'export.invalid');
    assertProblem(await send('crm', { reveal: true }), 422, 'export.invalid');
    assertProblem(await send('marketer', { reveal: true, reason: 'birthday text' }), 403, 'api.forbidden');
    assert.equal(
      (await app.call('GET', '/api/v1/exports')).json.items.filter((one: { reveal: boolean }) => one.reveal).length,
      0,
    );

    const begun = await send('crm', { reveal: true, reason: 'birthday text' });
    assert.equal((await ended(begun)).status, 'done');
    const id: string = begun.json.export.export_id;
    assert.ok((await fileOf(id)).bytes.includes(ZHANG.phone));
    assert.equal((await fileOf(id, 'marketer')).response.status, 403);
    const { json: audit } = await app.call('GET', '/api/v1/audit?limit=2');
    assert.deepEqual(
      audit.items.map((entry: Record<string, unknown>) => [entry.action, entry.purpose]),
      [
        ['export-download', 'marketing: birthday text'],
        ['export-in-clear', 'marketing: birthday text'],
      ],
    );
  });

  it('tell an export that cannot be made, and one that has no file', async () => {
    const body = { audience: 'nothing', columns: ['profile_id'], purpose: 'marketing' };
    assertProblem(await app.call('POST', '/api/v1/exports', { body }), 404, 'audience.not-found');
    const columns = ['profile_id', 'password'];
    assertProblem(
      await app.call('POST', '/api/v1/exports', { body: { ...body, columns } }),
      400,
      'api.request-invalid',
    );
    assertProblem(await app.call('GET', '/api/v1/exports/exp_1/file'), 404, 'api.not-found');
    const by = { by: 'test' };
    await app.services.documents.put(
      'exports',
      'exp_1',
      { ...body, via: 'any', require_consent: false, reveal: false, reason: '' },
      by,
    );
    assertProblem(await app.call('GET', '/api/v1/exports/exp_1/file'), 409, 'export.not-finished');
  });

  it('note a job that failed as a failed run with advice', async () => {
    const audience = await audienceOf(EVERYBODY);
    const { export: real } = app.services.jobs;
    Object.assign(app.services.jobs, { export: () => Promise.reject(new Error(`disk full at ${ZHANG.phone}`)) });
    const body = { audience, columns: ['profile_id'], purpose: 'marketing' };
    const run = await ended(await app.call('POST', '/api/v1/exports', { body }));
    Object.assign(app.services.jobs, { export: real });
    assert.deepEqual([run.status, run.fault], ['failed', 'A fault of Quanyu itself.']);
    assert.ok(run.advice);
  });

  it('log nothing personal on the way', () => {
    for (const value of PERSONAL) assert.ok(!app.lines.join().includes(value), value);
  });
});

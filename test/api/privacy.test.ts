import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { resumePrivacyRequests } from '../../api/index.ts';
import { assertProblem, openTestApp, type TestApp } from './test-app.ts';
import { collectBrand, LI, PERSONAL, ZHANG } from './test-brand.ts';

describe('people who asked to be forgotten', () => {
  let app: TestApp;
  before(async () => {
    app = await openTestApp();
    await collectBrand(app.store);
    await app.call('POST', '/api/v1/refresh', { body: {} });
  });
  after(() => app.close());

  async function ended(id: string) {
    for (;;) {
      const { json } = await app.call('GET', `/api/v1/privacy/requests/${id}`, { as: 'privacy' });
      if (json.status !== 'running') return json;
      await sleep(100);
    }
  }

  it('are gone, with the searcher’s word for it, and the others are not', async () => {
    const { json: before } = await app.call('POST', '/api/v1/profiles/lookup', {
      body: { type: 'phone', value: ZHANG.phone },
    });
    const body = { identifier: { type: 'phone', value: ZHANG.phone }, reason: 'asked at the till' };
    const asked = await app.call('POST', '/api/v1/privacy/requests', { as: 'privacy', body });
    assert.equal(asked.status, 202);
    const done = await ended(asked.json.request_id);
    assert.deepEqual([done.status, done.report?.accounts, done.report?.left], ['done', 2, {}], JSON.stringify(done));

    const { profile_id } = before.items[0];
    assertProblem(await app.call('GET', `/api/v1/profiles/${profile_id}`), 404, 'api.not-found');
    const after = await app.call('POST', '/api/v1/profiles/lookup', { body: { type: 'phone', value: ZHANG.phone } });
    assert.deepEqual(after.json.items, []);
    const other = await app.call('POST', '/api/v1/profiles/lookup', { body: { type: 'phone', value: LI.phone } });
    assert.equal(other.json.items.length, 1);

    const { json: audit } = await app.call('GET', '/api/v1/audit');
    const actions = audit.items.filter((entry: { object: string }) => entry.object === asked.json.request_id);
    assert.deepEqual(
      actions.map((entry: { action: string }) => entry.action),
      ['forgotten', 'forget'],
    );
    const kept = JSON.stringify(app.services.documents.get('privacy_requests', asked.json.request_id));
    for (const value of [...PERSONAL, profile_id]) assert.ok(!kept.includes(value));
  });

  it('do not come back with the next pull', async () => {
    await collectBrand(app.store);
    await app.call('POST', '/api/v1/refresh', { body: {} });
    const again = await app.call('POST', '/api/v1/profiles/lookup', { body: { type: 'phone', value: ZHANG.phone } });
    assert.deepEqual(again.json.items, []);
  });

  it('are named by an identifier or a profile, and told apart where several have it', async () => {
    const send = (more: object) =>
      app.call('POST', '/api/v1/privacy/requests', { body: { reason: 'asked by letter', ...more } });
    assertProblem(await send({}), 400, 'api.request-invalid');
    assertProblem(await send({ identifier: { type: 'phone', value: '13700000042' } }), 404, 'api.not-found');
    assertProblem(await send({ identifier: { type: 'fax', value: '1' } }), 400, 'api.request-invalid');
    const { find } = app.services.profiles;
    const both = ['a', 'b'].map((end) => `p_${'0'.repeat(31)}${end}`);
    Object.assign(app.services.profiles, { find: async () => both });
    const reply = await send({ identifier: { type: 'phone', value: LI.phone } });
    Object.assign(app.services.profiles, { find });
    assertProblem(reply, 409, 'privacy.ambiguous');
    assert.deepEqual(reply.json.profile_ids, both);
  });

  it('are forgotten all the same when the process was cut off on the way', async () => {
    const { json } = await app.call('POST', '/api/v1/profiles/lookup', { body: { type: 'phone', value: LI.phone } });
    const { forget } = app.services.jobs;
    Object.assign(app.services.jobs, { forget: () => Promise.reject(new Error('cut off')) });
    const body = { profile_id: json.items[0].profile_id, reason: 'asked by letter' };
    const asked = await app.call('POST', '/api/v1/privacy/requests', { body });
    assert.equal((await ended(asked.json.request_id)).status, 'failed');
    Object.assign(app.services.jobs, { forget });
    assert.equal(await resumePrivacyRequests(app.services), 1);
    const done = await ended(asked.json.request_id);
    assert.deepEqual([done.status, done.report.accounts, done.report.left], ['done', 1, {}]);
    const again = await app.call('POST', `/api/v1/privacy/requests/${asked.json.request_id}/runs`);
    assert.deepEqual([again.status, again.json], [202, done]);
    assert.equal(await resumePrivacyRequests(app.services), 0);
    const { json: listed } = await app.call('GET', '/api/v1/privacy/requests');
    assert.deepEqual(
      listed.items.map((one: { status: string }) => one.status),
      ['done', 'done'],
    );
  });
});

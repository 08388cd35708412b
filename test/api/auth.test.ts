import assert from 'node:assert/strict';
import { createKey, ensureAdminKey, listKeys } from '../../api/keys.ts';
import { MAY_REVEAL, ROLES, type Role } from '../../api/roles.ts';
import type { OpenapiDocument } from './documented-answers.ts';
import { assertProblem, openTestApp, type TestApp } from './test-app.ts';

const EVERYBODY = [...ROLES];

/** Who may do what: held here in words of its own, so that a change of a route's roles is seen twice. */
const MATRIX: Record<string, Role[]> = {
  listSources: EVERYBODY,
  getSource: EVERYBODY,
  runSource: ['steward', 'admin'],
  rebuildSource: ['admin'],
  refresh: ['steward', 'admin'],
  rotateKey: ['admin'],
  listRuns: EVERYBODY,
  getRun: EVERYBODY,
  listRejections: ['analyst', 'steward', 'privacy', 'admin'],
  countRejections: ['analyst', 'steward', 'privacy', 'admin'],
  getCoverage: ['analyst', 'steward', 'admin'],
  listReconciliation: ['analyst', 'steward', 'admin'],
  explainReconciliation: ['analyst', 'steward', 'admin'],
  replayRejections: ['steward', 'admin'],
  listUnmatchedReturns: ['analyst', 'steward', 'admin'],
  listSuspectedDoubles: ['analyst', 'steward', 'admin'],
  listTags: EVERYBODY,
  listTraits: EVERYBODY,
  listSegments: EVERYBODY,
  createSegment: ['marketer', 'analyst', 'admin'],
  getSegment: EVERYBODY,
  changeSegment: ['marketer', 'analyst', 'admin'],
  removeSegment: ['marketer', 'analyst', 'admin'],
  previewSegment: ['marketer', 'analyst', 'crm', 'admin'],
  runSegment: ['marketer', 'analyst', 'crm', 'admin'],
  listSegmentRuns: EVERYBODY,
  listAudiences: EVERYBODY,
  getAudience: EVERYBODY,
  listMembers: ['marketer', 'analyst', 'crm', 'privacy', 'admin'],
  createExport: ['marketer', 'crm', 'privacy', 'admin'],
  listExports: EVERYBODY,
  listExportColumns: EVERYBODY,
  getExport: EVERYBODY,
  downloadExport: ['marketer', 'crm', 'privacy', 'admin'],
  lookupProfiles: ['marketer', 'crm', 'steward', 'privacy', 'admin'],
  findProfiles: ['marketer', 'crm', 'steward', 'privacy', 'admin'],
  getProfile: EVERYBODY,
  listProfileRecords: EVERYBODY,
  explainProfile: EVERYBODY,
  listProfileOrders: EVERYBODY,
  revealProfile: ['crm', 'privacy', 'admin'],
  createPrivacyRequest: ['privacy', 'admin'],
  listPrivacyRequests: ['privacy', 'admin'],
  getPrivacyRequest: ['privacy', 'admin'],
  repeatPrivacyRequest: ['privacy', 'admin'],
  getPublished: EVERYBODY,
  listKeys: ['admin'],
  createKey: ['admin'],
  revokeKey: ['admin'],
  listAudit: ['admin'],
};
const OPEN = ['getHealth', 'getReady', 'getMetrics', 'getOpenapi', 'push', 'checkPush'];

describe('who may call what', () => {
  let app: TestApp;
  let operations: { id: string; method: string; path: string }[];
  before(async () => {
    app = await openTestApp();
    const document: OpenapiDocument = (await app.call('GET', '/openapi.json', { as: null })).json;
    operations = Object.entries(document.paths).flatMap(([path, ofPath]) =>
      Object.entries(ofPath).map(([method, { operationId: id }]) => ({ id, method: method.toUpperCase(), path })),
    );
  });
  after(() => app.close());

  const pathOf = (path: string) => path.replace(/\{\w+\}/g, 'nobody-has-this-id');

  it('is said here for every operation', () => {
    assert.deepEqual(operations.map(({ id }) => id).sort(), [...Object.keys(MATRIX), ...OPEN].sort());
  });

  it('holds for each route and each role', async () => {
    for (const { id, method, path } of operations.filter((one) => !OPEN.includes(one.id))) {
      for (const role of ROLES) {
        // A broken body: who may call gets past the check of the role and no further.
        const body = method === 'GET' ? {} : { body: '{"not":' };
        const reply = await app.call(method, pathOf(path), { as: role, ...body });
        const what = `${role} ${method} ${path} answered ${reply.status}`;
        assert.equal(reply.status === 403, !MATRIX[id]?.includes(role), what);
        assert.notEqual(reply.status, 401, what);
      }
    }
  });

  it('needs a key on every route that is not open', async () => {
    for (const { id, method, path } of operations) {
      const reply = await app.call(method, pathOf(path), { as: null });
      assert.equal(reply.status === 401, !OPEN.includes(id), `${method} ${path} answered ${reply.status}`);
    }
  });

  it('lets only crm, privacy and admin see personal values in clear', () => {
    assert.deepEqual([...MAY_REVEAL], ['crm', 'privacy', 'admin']);
  });

  it('refuses keys that are wrong, cut, of another form, or sent twice', async () => {
    const good = app.keys.admin;
    const headers = ['', 'Bearer', 'Bearer ', `Basic ${good}`, `Bearer ${good.slice(0, -1)}`, `Bearer ${good}x`];
    headers.push(
      `Bearer ${good} ${good}`,
      `Bearer qk_aaaaaaaaaa_${'A'.repeat(43)}`,
      `Bearer ${'x'.repeat(4000)}`,
      good,
    );
    headers.push('Bearer __proto__', 'Bearer constructor');
    for (const Authorization of headers) {
      const reply = await app.call('GET', '/api/v1/sources', { as: null, headers: { Authorization } });
      assertProblem(reply, 401, 'api.unauthenticated');
      assert.match(reply.headers.get('www-authenticate') ?? '', /^Bearer/);
    }
    const lower = await app.call('GET', '/api/v1/sources', { as: null, headers: { Authorization: `bearer ${good}` } });
    assert.equal(lower.status, 200);
  });

  it('refuses a key in a URL, whether it is right or not', async () => {
    for (const query of ['key=x', 'api_key=x', 'access_token=x', 'Token=x', `anything=${app.keys.admin}`])
      assertProblem(await app.call('GET', `/api/v1/sources?${query}`), 400, 'api.key-in-url');
  });
});

describe('API keys', () => {
  let app: TestApp;
  before(async () => {
    app = await openTestApp();
  });
  after(() => app.close());

  it('are made by an administrator, shown once, used, and revoked at once, with an audit row for each', async () => {
    const made = await app.call('POST', '/api/v1/keys', { body: { name: 'the shop’s CRM', role: 'crm' } });
    assert.equal(made.status, 201);
    assert.match(made.json.key, /^qk_[a-z2-7]{10}_[\w-]{43}$/);
    const headers = { Authorization: `Bearer ${made.json.key}` };
    assert.equal((await app.call('GET', '/api/v1/sources', { as: null, headers })).status, 200);
    assert.equal((await app.call('GET', '/api/v1/keys', { as: null, headers })).status, 403);

    const listed = await app.call('GET', '/api/v1/keys');
    const found = listed.json.items.find((key: { id: string }) => key.id === made.json.id);
    assert.equal(found.name, 'the shop’s CRM');
    assert.doesNotMatch(listed.text, /qk_|hash|salt/);

    assert.equal((await app.call('DELETE', `/api/v1/keys/${made.json.id}`)).status, 200);
    assertProblem(await app.call('GET', '/api/v1/sources', { as: null, headers }), 401, 'api.unauthenticated');
    assertProblem(await app.call('DELETE', `/api/v1/keys/${made.json.id}`), 404, 'api.not-found');

    const audit = await app.call('GET', '/api/v1/audit?limit=2');
    assert.deepEqual(
      audit.json.items.map((entry: { action: string; object: string; role: string }) => [
        entry.action,
        entry.object,
        entry.role,
      ]),
      [
        ['key-revoked', made.json.id, 'admin'],
        ['key-created', made.json.id, 'admin'],
      ],
    );
  });

  it('are kept without their secrets', async () => {
    const { key } = await createKey(app.services.documents, { name: 'n', role: 'crm', by: 'test' });
    const rows = await app.store.store.rows<{ body: string }>(
      (await import('../../store/index.ts')).sql`SELECT body FROM documents WHERE collection = 'api_keys'`,
    );
    const secret = key.split('_').slice(2).join('_');
    assert.ok(rows.length > 0);
    for (const { body } of rows) assert.ok(!body.includes(secret));
  });

  it('never leave the installation without an administrator', async () => {
    const admins = listKeys(app.services.documents).filter((key) => key.role === 'admin');
    assert.equal(admins.length, 1);
    assertProblem(await app.call('DELETE', `/api/v1/keys/${admins[0]?.id}`), 409, 'api.last-admin-key');
  });

  it('come from QUANYU_ADMIN_KEY while it is set', async () => {
    const { documents } = app.services;
    const given = (bearer: string) =>
      app.call('GET', '/api/v1/keys', { as: null, headers: { Authorization: `Bearer ${bearer}` } });
    assert.deepEqual(await ensureAdminKey(documents, { given: 'a-key-of-my-own+1' }), {});
    assert.equal((await given('a-key-of-my-own+1')).status, 200);
    await ensureAdminKey(documents, { given: 'another-key-of-mine' });
    assert.equal((await given('a-key-of-my-own+1')).status, 401);
    assert.equal((await given('another-key-of-mine')).status, 200);
    await ensureAdminKey(documents, { given: undefined });
    assert.equal((await given('another-key-of-mine')).status, 401);
  });

  it('refuses a QUANYU_ADMIN_KEY that is short or that no header can carry', async () => {
    for (const given of ['short', 'with a space in it', 'schlüssel-schlüssel'])
      await assert.rejects(ensureAdminKey(app.services.documents, { given }), { code: 'api.key-weak' });
  });

  it('are made at the first start and not at the second', async () => {
    const { documents } = app.services;
    const fresh = { ...documents, list: () => [] as never[] };
    const first = await ensureAdminKey(fresh, { given: undefined });
    assert.match(first.key ?? '', /^qk_/);
    assert.deepEqual(await ensureAdminKey(documents, { given: undefined }), {});
  });
});

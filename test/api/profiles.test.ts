import assert from 'node:assert/strict';
import fc from 'fast-check';
import { identifierTokens } from '../../api/identifier-tokens.ts';
import { assertProblem, openTestApp, type TestApp } from './test-app.ts';
import { collectBrand, LI, PERSONAL, ZHANG } from './test-brand.ts';

describe('profiles', () => {
  let app: TestApp;
  before(async () => {
    app = await openTestApp();
    await collectBrand(app.store);
    await app.call('POST', '/api/v1/refresh', { body: {} });
  });
  after(() => app.close());

  const lookup = (value: string, type = 'phone') =>
    app.call('POST', '/api/v1/profiles/lookup', { as: 'crm', body: { type, value } });
  const idOf = async (phone: string): Promise<string> => (await lookup(phone)).json.items[0].profile_id;

  it('are found by a phone in any usual form, sent in the body', async () => {
    const id = await idOf(ZHANG.phone);
    for (const form of [
      `+86 ${ZHANG.phone}`,
      `0086-${ZHANG.phone}`,
      ` ${ZHANG.phone.slice(0, 3)} ${ZHANG.phone.slice(3)}`,
    ])
      assert.deepEqual((await lookup(form)).json.items, [{ profile_id: id }]);
    assert.deepEqual((await lookup(ZHANG.email, 'email')).json.items, [{ profile_id: id }]);
    assert.notEqual(await idOf(LI.phone), id);
    assert.deepEqual((await lookup('13700000042')).json.items, []);
  });

  it('are found again by the token of a lookup, and by nothing else in a URL', async () => {
    const first = await lookup(ZHANG.phone);
    const token: string = first.json.identifier;
    assert.deepEqual((await app.call('GET', `/api/v1/profiles?identifier=${token}`)).json, first.json);
    assert.notEqual((await lookup(ZHANG.phone)).json.identifier, token);
    for (const value of [ZHANG.phone, `phone:${ZHANG.phone}`, token.slice(1), `${token.slice(0, -2)}AA`, 'x'])
      assertProblem(await app.call('GET', `/api/v1/profiles?identifier=${value}`), 400, 'api.identifier-token-invalid');
    assertProblem(await app.call('GET', '/api/v1/profiles'), 400, 'api.request-invalid');
  });

  it('show masked traits with the record each came from, tags, and accounts', async () => {
    const id = await idOf(ZHANG.phone);
    const { status, json, text } = await app.call('GET', `/api/v1/profiles/${id}`, { as: 'analyst' });
    assert.deepEqual([status, json.profile_id, json.accounts.length], [200, id, 2]);
    assert.match(json.traits.phone_masked.value, /\*/);
    assert.equal(json.traits.phone_masked.from.source, 'till');
    assert.equal(json.tags.net_amount_fen, 30_000);
    for (const value of PERSONAL) assert.ok(!text.includes(value));
  });

  it('resolve by the id of any of their accounts', async () => {
    const id = await idOf(ZHANG.phone);
    const { json } = await app.call('GET', `/api/v1/profiles/${id}`);
    for (const { account_id } of json.accounts)
      assert.equal((await app.call('GET', `/api/v1/profiles/${account_id}`)).json.profile_id, id);
    assertProblem(await app.call('GET', `/api/v1/profiles/p_${'0'.repeat(32)}`), 404, 'api.not-found');
    assertProblem(await app.call('GET', `/api/v1/profiles/${ZHANG.phone}`), 400, 'api.request-invalid');
  });

  it('list what each record says of them, by type of identifier and never by value', async () => {
    const path = `/api/v1/profiles/${await idOf(ZHANG.phone)}/records`;
    const { json, text } = await app.call('GET', path, { as: 'steward' });
    const cards = json.items.filter((record: { kind: string }) => record.kind === 'shop_customer');
    assert.equal(cards.length, 2);
    assert.deepEqual(
      cards.map((card: { fields: object }) => card.fields),
      Array(2).fill({ grade: 'VIP', status: 'normal', trade_count: null, trade_amount_fen: null }),
    );
    assert.ok(cards.every((card: { phone_masked: string }) => /\*/.test(card.phone_masked)));
    assert.deepEqual(
      new Set(cards.flatMap((card: { identifiers: { type: string }[] }) => card.identifiers.map(({ type }) => type))),
      new Set(['phone', 'email']),
    );
    for (const value of [...PERSONAL, ...ZHANG.cards]) assert.ok(!text.includes(value), value);

    const pages: object[] = [];
    for (let cursor = ''; ; ) {
      const { json: page } = await app.call('GET', `${path}?limit=1${cursor}`);
      pages.push(...page.items);
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    assert.deepEqual(pages, json.items);
  });

  it('say why they are one person, without telling the identifier', async () => {
    const { status, json, text } = await app.call('GET', `/api/v1/profiles/${await idOf(ZHANG.phone)}/why`);
    assert.equal(status, 200);
    assert.deepEqual(
      json.why.map((link: { id_type: string }) => link.id_type),
      ['phone'],
    );
    assert.match(json.why[0].zh, /同一个/);
    assert.deepEqual(json.held, []);
    for (const value of [...PERSONAL, ...ZHANG.cards]) assert.ok(!text.includes(value), value);
    const alone = await app.call('GET', `/api/v1/profiles/${await idOf(LI.phone)}/why`);
    assert.deepEqual(alone.json.why, []);
  });

  it('list their orders over all accounts', async () => {
    const { json } = await app.call('GET', `/api/v1/profiles/${await idOf(ZHANG.phone)}/orders`);
    assert.deepEqual(json.items.map((order: { order_no: string }) => order.order_no).sort(), ['B-1', 'B-2']);
  });

  it('are revealed to roles that may, for a purpose, after the audit row is written', async () => {
    const id = await idOf(ZHANG.phone);
    const send = (as: 'crm' | 'marketer', body: object) =>
      app.call('POST', `/api/v1/profiles/${id}/reveal`, { as, body });
    assertProblem(await send('marketer', { purpose: 'call back' }), 403, 'api.forbidden');
    assertProblem(await send('crm', {}), 400, 'api.request-invalid');
    assertProblem(await send('crm', { purpose: 'x' }), 400, 'api.request-invalid');

    const { status, json } = await send('crm', { purpose: 'call back', fields: ['phone', 'name'] });
    assert.equal(status, 200);
    assert.deepEqual(json.items, [
      { field: 'phone', value: `+86${ZHANG.phone}`, sources: ['till'] },
      { field: 'name', value: '张三丰', sources: ['till'] },
    ]);
    const { json: audit } = await app.call('GET', '/api/v1/audit?limit=1');
    const { action, object, purpose, count, role } = audit.items[0];
    assert.deepEqual([action, object, purpose, count, role], ['reveal', id, 'call back (phone, name)', 1, 'crm']);
  });

  it('are not revealed when the audit row cannot be written', async () => {
    const id = await idOf(ZHANG.phone);
    const { note } = app.services.audit;
    Object.assign(app.services.audit, { note: () => Promise.reject(new Error('disk full')) });
    const reply = await app.call('POST', `/api/v1/profiles/${id}/reveal`, { body: { purpose: 'call back' } });
    Object.assign(app.services.audit, { note });
    assertProblem(reply, 500, 'api.internal');
    assert.ok(!reply.text.includes(ZHANG.phone));
  });

  it('leave nothing personal in a log line, whatever was sent where', async () => {
    await app.call('GET', `/api/v1/profiles?identifier=${ZHANG.phone}&name=${encodeURIComponent('张三丰')}`);
    await app.call('GET', `/api/v1/profiles/${ZHANG.phone}`);
    await app.call('GET', `/${ZHANG.email}`);
    await lookup(ZHANG.phone, 'phoen');
    await app.call('POST', '/api/v1/profiles/lookup', { body: `{"type":"phone","value":"${ZHANG.phone}` });
    assert.ok(app.lines.length > 20);
    for (const value of PERSONAL) {
      assert.ok(!app.lines.join().includes(value), value);
      assert.ok(!app.lines.join().includes(encodeURIComponent(value)), value);
    }
  });
});

describe('the token of an identifier', () => {
  it('gives back what it stands for, for a quarter of an hour, in the process that made it', () => {
    const clock = { at: new Date('2026-01-31T08:00:00Z'), now: () => clock.at };
    const tokens = identifierTokens(clock);
    fc.assert(
      fc.property(
        fc.record({ type: fc.string(), scope: fc.string(), value: fc.string() }, { noNullPrototype: true }),
        (identifier) => {
          clock.at = new Date('2026-01-31T08:00:00Z');
          const token = tokens.seal(identifier);
          assert.deepEqual(tokens.open(token), identifier);
          assert.throws(() => identifierTokens(clock).open(token), { code: 'api.identifier-token-invalid' });
          clock.at = new Date('2026-01-31T08:15:01Z');
          assert.throws(() => tokens.open(token), { code: 'api.identifier-token-invalid' });
        },
      ),
    );
  });

  it('is refused when it is any other text', () => {
    const tokens = identifierTokens({ now: () => new Date() });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
        assert.throws(() => tokens.open(text), { code: 'api.identifier-token-invalid' });
      }),
    );
  });
});

import assert from 'node:assert/strict';
import { assertProblem, openTestApp, type TestApp } from './test-app.ts';

const BOUGHT = { kind: 'purchase', did: true, window: { kind: 'rolling', days: 90 } };
const ON_TMALL = { kind: 'channel', operator: 'any', channels: ['tmall'] };

describe('segments', () => {
  let app: TestApp;
  before(async () => {
    app = await openTestApp();
  });
  after(() => app.close());

  const saved = async (condition: unknown = BOUGHT) =>
    (await app.call('POST', '/api/v1/segments', { as: 'marketer', body: { name: 'buyers', condition } })).json;

  it('are saved, read in words, changed against a revision, and removed', async () => {
    const made = await app.call('POST', '/api/v1/segments', {
      as: 'marketer',
      body: { name: '近期购买', condition: { kind: 'and', of: [BOUGHT, ON_TMALL] } },
    });
    assert.deepEqual([made.status, made.json.revision, made.headers.get('etag')], [201, 1, '"1"']);
    const path = made.headers.get('location')!;
    const read = await app.call('GET', path, { as: 'analyst' });
    assert.deepEqual(read.json, made.json);
    assert.match(read.json.sentence.zh, /90/);
    assert.match(read.json.sentence.en, /90/);

    const body = { name: 'on Tmall', condition: ON_TMALL };
    const changed = await app.call('PUT', path, { as: 'marketer', body, headers: { 'If-Match': '"1"' } });
    assert.deepEqual([changed.status, changed.json.revision, changed.json.name], [200, 2, 'on Tmall']);

    const late = await app.call('PUT', path, { as: 'marketer', body, headers: { 'If-Match': '"1"' } });
    assertProblem(late, 409, 'store.revision-moved');
    assert.equal(late.json.revision, 2);
    assertProblem(await app.call('DELETE', path, { headers: { 'If-Match': '"1"' } }), 409, 'store.revision-moved');

    assert.equal(
      (await app.call('DELETE', path, { headers: { 'If-Match': changed.headers.get('etag')! } })).status,
      204,
    );
    assertProblem(await app.call('GET', path), 404, 'api.not-found');
    assertProblem(await app.call('PUT', path, { body, headers: { 'If-Match': '*' } }), 404, 'api.not-found');
  });

  it('let one of two changes made at once win, and tell the other', async () => {
    const { id } = await saved();
    const answers = await Promise.all(
      ['one', 'two', 'three'].map((name) =>
        app.call('PUT', `/api/v1/segments/${id}`, {
          body: { name, condition: BOUGHT },
          headers: { 'If-Match': '"1"' },
        }),
      ),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409]);
  });

  it('cannot be changed without the revision that was seen', async () => {
    const { id } = await saved();
    const body = { name: 'n', condition: BOUGHT };
    for (const headers of [{}, { 'If-Match': 'yesterday' }, { 'If-Match': '"-1"' }])
      assertProblem(await app.call('PUT', `/api/v1/segments/${id}`, { body, headers }), 428, 'api.revision-required');
  });

  it('are not saved with a condition that cannot be compiled, and the fault names its place', async () => {
    const before = (await app.call('GET', '/api/v1/segments')).json.items.length;
    const wrong: [unknown, RegExp][] = [
      [{ kind: 'and', of: [] }, /\/of/],
      [{ kind: 'and', of: [BOUGHT, { kind: 'tag', tag: 'no_such_tag', operator: 'is', value: 'x' }] }, /\/of\/1/],
      [{ kind: 'or', of: [{ kind: 'wish' }] }, /\/of\/0/],
      [{ ...BOUGHT, window: { kind: 'rolling', days: 1e9 } }, /\/window/],
      [null, /./],
      [{}, /./],
    ];
    for (const [condition, place] of wrong) {
      const reply = await app.call('POST', '/api/v1/segments', { body: { name: 'n', condition } });
      assertProblem(reply, 422, 'condition.invalid');
      assert.match(JSON.stringify(reply.json.faults.map((fault: { path: string }) => fault.path)), place);
    }
    assertProblem(await app.call('POST', '/api/v1/segments', { body: { name: 'n' } }), 400, 'api.request-invalid');
    assert.equal((await app.call('GET', '/api/v1/segments')).json.items.length, before);
  });

  it('stay listed when a library no longer has what one names, with the fault', async () => {
    const gone = {
      name: 'old',
      condition: { kind: 'tag', tag: 'was_here_once', operator: 'is', value: 'x' },
    };
    await app.services.documents.put('segments', 'seg_old', gone, { by: 'test' });
    const { status, json } = await app.call('GET', '/api/v1/segments/seg_old');
    assert.equal(status, 200);
    assert.match(json.fault, /was_here_once|not known/);
    assert.equal((await app.call('GET', '/api/v1/segments')).status, 200);
    await app.services.documents.remove('segments', 'seg_old', { by: 'test' });
  });

  it('use a library of tags and traits with words in two languages', async () => {
    for (const list of ['tags', 'traits']) {
      const { status, json } = await app.call('GET', `/api/v1/${list}`, { as: 'marketer' });
      assert.equal(status, 200);
      assert.ok(json.items.length >= 9, list);
      for (const item of json.items) assert.ok(item.title.zh && item.title.en && item.sentence.zh, item.id);
    }
  });
});

import assert from 'node:assert/strict';
import { type Documents, openDocuments, sql } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';

describe('documents', () => {
  let test: TestStore;
  let documents: Documents;
  let now = new Date('2026-03-01T04:00:00Z');
  const clock = { now: () => now };
  const by = 'key-1';
  before(async () => {
    test = await openTestStore();
    documents = await openDocuments(test.store, clock);
  });
  after(() => test.close());

  /** What another process would read after a restart. */
  const reopened = () => openDocuments(test.store, clock);

  it('give back what was put, with revision, author and time', async () => {
    const body = { name: "O'Neill \\ 张三", list: [1, null, { deep: '👩‍👧' }] };
    const put = await documents.put('segments', 'a', body, { by });
    assert.deepEqual(put.body, body);
    assert.deepEqual([put.revision, put.changed_by, put.changed_at], [1, by, '2026-03-01 04:00:00.000']);
    assert.deepEqual(documents.get('segments', 'a'), put);
    assert.equal(documents.get('segments', 'b'), undefined);
    assert.equal(documents.get('other', 'a'), undefined);
  });

  it('refuse a change made against a revision that has moved on, naming both', async () => {
    await documents.put('keys', 'moved', { n: 1 }, { by });
    await documents.put('keys', 'moved', { n: 2 }, { by, expected: 1 });
    await documents.put('keys', 'moved', { n: 3 }, { by, expected: 2 });
    const refused = { code: 'store.revision-moved', status: 409, message: /revision 1\b.*revision 3\b/ };
    await assert.rejects(documents.put('keys', 'moved', { n: 9 }, { by, expected: 1 }), refused);
    await assert.rejects(documents.remove('keys', 'moved', { by, expected: 1 }), refused);
    await assert.rejects(documents.put('keys', 'moved', { n: 9 }, { by, expected: 0 }), { message: /revision 0\b/ });
    await assert.rejects(documents.put('keys', 'never', { n: 9 }, { by, expected: 4 }), { message: /4.*revision 0\b/ });
    assert.deepEqual(documents.get('keys', 'moved')?.body, { n: 3 });
    assert.deepEqual((await reopened()).get('keys', 'moved')?.body, { n: 3 });
  });

  it('let exactly one of many concurrent changes against one revision win', async () => {
    await documents.put('keys', 'raced', { winner: -1 }, { by });
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => documents.put('keys', 'raced', { winner: n }, { by, expected: 1 })),
    );
    const won = tries.flatMap((one, n) => (one.status === 'fulfilled' ? [n] : []));
    assert.equal(won.length, 1);
    assert.deepEqual(documents.get('keys', 'raced')?.body, { winner: won[0] });
    const there = (await reopened()).get('keys', 'raced');
    assert.deepEqual([there?.revision, there?.body], [2, { winner: won[0] }]);
  });

  it('keep every one of many concurrent changes that name no revision', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => documents.put('counts', `${n % 5}`, { n }, { by })));
    const found = (await reopened()).list<{ n: number }>('counts');
    assert.deepEqual(
      found.map((one) => [one.id, one.revision, one.body.n]).sort(),
      [0, 1, 2, 3, 4].map((n) => [`${n}`, 4, 15 + n]),
    );
  });

  it('are gone when removed, and can be made again', async () => {
    await documents.put('exports', 'again', { n: 1 }, { by });
    await documents.remove('exports', 'again', { by, expected: 1 });
    assert.equal(documents.get('exports', 'again'), undefined);
    assert.deepEqual(documents.list('exports'), []);
    assert.deepEqual((await reopened()).list('exports'), []);
    const again = await documents.put('exports', 'again', { n: 2 }, { by, expected: 0 });
    assert.ok(again.revision > 2, 'a revision seen before the removal is never met again');
    await assert.rejects(documents.put('exports', 'again', { n: 3 }, { by, expected: 1 }), { status: 409 });
    assert.deepEqual((await reopened()).get('exports', 'again'), again);
  });

  it('list one collection only, even when one name begins like another', async () => {
    await documents.put('tag', '1', {}, { by });
    await documents.put('tags', '2', {}, { by });
    assert.deepEqual(
      documents.list('tag').map((one) => one.id),
      ['1'],
    );
  });

  it('stay as they are when a write fails', async () => {
    await documents.put('keys', 'failing', { n: 1 }, { by });
    await test.store.run(sql`RENAME TABLE documents TO documents_away`);
    await assert.rejects(documents.put('keys', 'failing', { n: 2 }, { by }), { code: 'store.query-failed' });
    await test.store.run(sql`RENAME TABLE documents_away TO documents`);
    assert.deepEqual(documents.get('keys', 'failing')?.body, { n: 1 });
    const next = await documents.put('keys', 'failing', { n: 3 }, { by, expected: 1 });
    assert.deepEqual((await reopened()).get('keys', 'failing'), next);
  });

  it('do not change under a reader that works on what it got', async () => {
    await documents.put('keys', 'read', { list: [1] }, { by });
    const got = documents.get<{ list: number[] }>('keys', 'read');
    assert.throws(() => got?.body.list.push(2), TypeError);
    assert.deepEqual(documents.get('keys', 'read')?.body, { list: [1] });
  });

  it('survive a kill of the engine right after they were acknowledged', async () => {
    now = new Date('2026-03-02T00:00:00Z');
    await documents.put('keys', 'acknowledged', { n: 1 }, { by });
    const gone = new Promise((done) => test.engine.onStateChange(done));
    process.kill(test.engine.pid!, 'SIGKILL');
    await gone;
    while (!(await test.store.ping())) await new Promise((done) => setTimeout(done, 50));
    const there = (await reopened()).get('keys', 'acknowledged');
    assert.deepEqual([there?.body, there?.changed_at], [{ n: 1 }, '2026-03-02 00:00:00.000']);
  });
});

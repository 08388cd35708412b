import assert from 'node:assert/strict';
import { type AuditEntry, type AuditNote, type AuditPosition, openAudit } from '../../privacy/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';

const note = (object: string): AuditNote => ({
  actor: 'key-1',
  role: 'analyst',
  action: 'reveal',
  object,
  purpose: 'a customer’s question',
  count: 1,
  request_id: `request-${object}`,
});

describe('the audit log', () => {
  let test: TestStore;
  let now = new Date('2026-03-01T04:00:00Z');
  const clock = { now: () => now };
  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());

  it('says who did what, why, to how many and when, the newest first', async () => {
    const audit = openAudit(test.store, clock);
    await audit.note(note('p_1'));
    now = new Date('2026-03-01T04:00:01Z');
    await audit.note(note('p_2'));
    assert.deepEqual(await audit.list({ limit: 10 }), [
      { ...note('p_2'), at: '2026-03-01 04:00:01.000' },
      { ...note('p_1'), at: '2026-03-01 04:00:00.000' },
    ]);
  });

  it('loses nothing between two pages, though many notes are of one instant', async () => {
    const audit = openAudit(test.store, clock);
    now = new Date('2026-03-02T00:00:00Z');
    const objects = Array.from({ length: 23 }, (_, n) => `p_${n + 100}`);
    await Promise.all(objects.map((object) => audit.note(note(object))));
    const all: AuditEntry[] = [];
    for (let after: AuditPosition | undefined; ; ) {
      const page = await audit.list({ limit: 5, ...(after ? { after } : {}) });
      all.push(...page);
      const last = page.at(-1);
      if (last === undefined) break;
      after = [last.at, last.request_id, last.action, last.object];
    }
    assert.equal(all.length, 25);
    assert.deepEqual(new Set(all.map((one) => one.object)), new Set([...objects, 'p_1', 'p_2']));
    assert.deepEqual(
      all.map((one) => one.at),
      all
        .map((one) => one.at)
        .sort()
        .reverse(),
    );
  });

  it('keeps what was noted when the engine is killed the moment after', async () => {
    const audit = openAudit(test.store, clock);
    now = new Date('2026-03-03T00:00:00Z');
    await audit.note(note('p_last'));
    const gone = new Promise((done) => test.engine.onStateChange(done));
    process.kill(test.engine.pid!, 'SIGKILL');
    await gone;
    while (!(await test.store.ping())) await new Promise((done) => setTimeout(done, 50));
    assert.equal((await audit.list({ limit: 1 }))[0]?.object, 'p_last');
  });
});

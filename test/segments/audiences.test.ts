import assert from 'node:assert/strict';
import { type AudienceRun, audienceMembers, listAudiences, readAudience, runAudience } from '../../segments/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { empty, idOf, insertAccounts, insertLinks, profileRow, published } from './rows.ts';

const GOLD = { kind: 'trait', trait: 'level', operator: 'is', values: ['金卡'] };
const EVERYBODY = { kind: 'trait', trait: 'level', operator: 'is_known' };

describe('audiences', () => {
  let test: TestStore;
  let runs = 0;
  const run = (condition: unknown, of = published()): Promise<AudienceRun> =>
    runAudience({
      store: test.store,
      published: of,
      segment: 'seg-1',
      condition,
      runId: `run-${++runs}`,
      now: new Date('2026-06-29T16:30:00Z'),
      zone: 'Asia/Shanghai',
    });

  async function members(audience: AudienceRun, of = published(), limit = 2): Promise<string[]> {
    const ids: string[] = [];
    let page = await audienceMembers({ store: test.store, run: audience, published: of, limit });
    for (;;) {
      ids.push(...page.members.map((one) => one.profile_id));
      if (page.next === null) return ids;
      page = await audienceMembers({ store: test.store, run: audience, published: of, position: page.next, limit });
    }
  }

  /** Profiles of a version by ordinal -> level. */
  const profiles = (version: number, levels: Readonly<Record<number, string>>) =>
    test.store.insert(
      'profiles',
      Object.entries(levels).map(([n, level]) => profileRow({ profile_ordinal: Number(n), version, level })),
    );

  before(async () => {
    test = await openTestStore();
  });
  after(() => test.close());
  beforeEach(async () => {
    await empty(test.store, 'profiles', 'audiences', 'audience_members', 'accounts', 'identity_links');
    await insertAccounts(test.store, Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [n, 'pos'])));
    await insertLinks(test.store, 1, { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6 });
  });

  it('hold the members of one run, its count and what it was computed from', async () => {
    await profiles(1, { 1: '金卡', 2: '普通', 3: '金卡', 4: '金卡' });
    const made = await run(GOLD);
    assert.deepEqual(
      [made.member_count, made.channel_counts.pos, made.entered, made.left, made.previous_run],
      [3, 3, 3, 0, 0],
    );
    assert.deepEqual([made.identity_version, made.tags_version, made.data_up_to], [1, 1, '2026-06-29 15:00:00.000']);
    assert.deepEqual(await members(made), [idOf(1), idOf(3), idOf(4)]);
    assert.deepEqual(await readAudience(test.store, made.run_id), made);
  });

  it('page through members by any size without skipping or repeating one', async () => {
    await profiles(1, { 1: 'A', 2: 'A', 3: 'A', 4: 'A', 5: 'A', 6: 'A' });
    const made = await run(EVERYBODY);
    const all = [1, 2, 3, 4, 5, 6].map(idOf);
    for (const limit of [1, 2, 3, 5, 6, 7]) assert.deepEqual(await members(made, published(), limit), all, `${limit}`);
  });

  it('tell who entered and who left since the run before', async () => {
    await profiles(1, { 1: '金卡', 2: '金卡', 3: '普通' });
    await profiles(2, { 1: '金卡', 2: '普通', 3: '金卡', 4: '金卡' });
    await run(GOLD);
    const second = await run(GOLD, published({ tags_version: 2 }));
    assert.deepEqual(
      [second.member_count, second.entered, second.left, second.entered_by_identity, second.left_by_identity],
      [3, 2, 1, 0, 0],
    );
    assert.equal(second.previous_run, second.run - 1);
  });

  it('do not call it entering or leaving when profiles were merged, split or forgotten', async () => {
    await insertLinks(test.store, 1, { 5: 4, 6: 4 });
    await profiles(1, { 1: '金卡', 2: '金卡', 3: '金卡', 4: '金卡' });
    const first = await run(GOLD);
    // 2 merges into 1, 3 is forgotten, 6 is split off 4.
    await insertLinks(test.store, 2, { 2: 1, 3: 4294967295, 6: 6 });
    await profiles(2, { 1: '金卡', 4: '普通', 6: '金卡' });
    const now = published({ version: 2, identity_version: 2, tags_version: 2 });
    const second = await run(GOLD, now);

    assert.deepEqual(
      [second.entered, second.left, second.entered_by_identity, second.left_by_identity],
      [0, 0, 1, 3],
      'entered 6; left 4, and 2 and 3 are no profiles of their own any more',
    );
    const { entered, left, entered_by_identity, left_by_identity } = second;
    assert.equal(first.member_count + entered + entered_by_identity - left - left_by_identity, second.member_count);
  });

  it('count what a new account brings to a profile as entering', async () => {
    await profiles(1, { 1: '普通' });
    await run(GOLD);
    await insertAccounts(test.store, { 7: 'tmall' });
    await insertLinks(test.store, 2, { 7: 1 });
    await profiles(2, { 1: '金卡' });
    const second = await run(GOLD, published({ identity_version: 2, tags_version: 2 }));
    assert.deepEqual([second.entered, second.entered_by_identity], [1, 0]);
  });

  it('give members of an older run by the ids they have now, each once', async () => {
    await profiles(1, { 1: 'A', 2: 'A', 3: 'A', 4: 'A' });
    const made = await run({ kind: 'not', of: { kind: 'channel', operator: 'any', channels: ['tmall'] } });
    await insertLinks(test.store, 2, { 2: 1, 3: 1, 4: 4294967295 });
    assert.deepEqual(await members(made, published({ identity_version: 2 })), [idOf(1)]);
  });

  it('go on by the identity version of the first page when a new one is published in between', async () => {
    await profiles(1, { 2: 'A', 3: 'A', 4: 'A' });
    const made = await run(EVERYBODY);
    const first = await audienceMembers({ store: test.store, run: made, published: published(), limit: 2 });
    await insertLinks(test.store, 2, { 4: 1 });
    const rest = await audienceMembers({
      store: test.store,
      run: made,
      published: published({ identity_version: 2 }),
      position: first.next!,
      limit: 2,
    });
    assert.deepEqual(
      [...first.members, ...rest.members].map((one) => one.profile_id),
      [2, 3, 4].map(idOf),
    );
  });

  it('begin anew over members that a killed run left', async () => {
    await profiles(1, { 1: '金卡' });
    await test.store.insert('audience_members', [
      { run: 1, profile_ordinal: 1 },
      { run: 1, profile_ordinal: 5 },
    ]);
    assert.deepEqual(await listAudiences(test.store, { limit: 5 }), []);
    const made = await run(GOLD);
    assert.deepEqual([made.run, made.member_count, await members(made)], [1, 1, [idOf(1)]]);
  });

  it('write nothing for a condition that cannot be compiled', async () => {
    await assert.rejects(run({ kind: 'and', of: [] }), { code: 'condition.invalid' });
    await assert.rejects(readAudience(test.store, 'run-none'), { code: 'audience.not-found' });
    const rows = await listAudiences(test.store, { segment: 'seg-1', limit: 5 });
    assert.deepEqual(rows, []);
  });
});

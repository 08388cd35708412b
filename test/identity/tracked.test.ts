import assert from 'node:assert/strict';
import { systemClock } from '../../clock.ts';
import { DEFAULT_RULES, loadLinks, profileOf, resolve } from '../../identity/index.ts';
import { raw, sql } from '../../store/index.ts';
import { openTracked, post, type Tracked } from '../helpers/tracked.ts';

describe('people of the tracking API', function () {
  this.timeout(60_000);
  let api: Tracked;
  beforeEach(async () => {
    api = await openTracked({ traits_join: true });
  });
  afterEach(() => api.close());

  let at = Date.UTC(2026, 0, 1);
  /** Tells of messages, a minute apart. */
  async function told(messages: readonly object[]): Promise<void> {
    const batch = messages.map((one) => {
      at += 60_000;
      return { type: 'track', event: 'Seen', timestamp: new Date(at), ...one };
    });
    assert.equal((await post(api.base, '/v1/batch', { batch })).status, 200);
    assert.equal((await api.pull()).counts.rejections, 0);
  }

  /** Accounts of each profile, by their ids. */
  async function profiles(): Promise<string[][]> {
    const { store, vault } = api.store;
    const resolved = await resolve({
      store,
      vault,
      clock: systemClock,
      rules: DEFAULT_RULES,
      mixMobileKeys: [],
      full: true,
    });
    const links = await loadLinks(store, resolved.identity_version);
    const text = vault.open({ sealed: raw('sealed'), iv: raw('iv'), keyId: raw('key_id') });
    const rows = await store.rows<{ ordinal: number; key: string }>(sql`
      SELECT DISTINCT account_ordinal AS ordinal, JSONExtractString(${text}, 'account', 'key') AS key FROM vault FINAL`);
    const found = new Map<number, string[]>();
    for (const { ordinal, key } of rows) {
      const profile = profileOf(links, ordinal)!;
      found.set(profile, [...(found.get(profile) ?? []), key].sort());
    }
    return [...found.values()].sort();
  }

  it('are one with the device they first log in on, and with their other devices', async () => {
    await told([{ anonymousId: 'phone-1' }, { anonymousId: 'laptop-1' }]);
    await told([
      { anonymousId: 'phone-1', userId: 'anna' },
      { type: 'identify', anonymousId: 'laptop-1', userId: 'anna' },
    ]);
    assert.deepEqual(await profiles(), [['anna', 'laptop-1', 'phone-1']]);
  });

  it('are not made one by a device that they share, whoever logs out and in again', async () => {
    await told([{ anonymousId: 'tablet' }]);
    await told([{ anonymousId: 'tablet', userId: 'anna' }, { anonymousId: 'tablet' }]);
    await told([{ anonymousId: 'tablet', userId: 'bernd' }, { anonymousId: 'tablet' }]);
    await told([
      { anonymousId: 'tablet', userId: 'anna' },
      { anonymousId: 'bernds-phone', userId: 'bernd' },
    ]);
    const apart = await profiles();
    assert.deepEqual(apart.flat().sort(), ['anna', 'bernd', 'tablet']);
    // The tablet's own events are one person's at most; the other's link is held for review.
    assert.ok(!apart.some((one) => one.includes('anna') && one.includes('bernd')));
  });

  it('are not made one by an alias, and a device of many is nobody’s', async () => {
    const crowd = Array.from({ length: 9 }, (_, n) => ({ anonymousId: 'kiosk', userId: `visitor-${n}` }));
    await told([...crowd, { type: 'alias', userId: 'visitor-0', previousId: 'visitor-1' }]);
    assert.deepEqual(
      await profiles(),
      crowd.map(({ userId }) => [userId]),
    );
  });
});

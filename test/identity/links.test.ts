import assert from 'node:assert/strict';
import { accountsWith, followLinks, loadLinks, profileOf } from '../../identity/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { type Fact, Facts } from './facts.ts';

const fact = (account: string, phone: string, version = 1): Fact => {
  return { account, version, gives: [{ type: 'phone', value: `+861371204${phone}` }] };
};

describe('links in memory', () => {
  let test: TestStore;
  let facts: Facts;

  before(async () => {
    test = await openTestStore();
    facts = new Facts(test);
  });
  beforeEach(() => facts.clear());
  after(() => test.close());

  it('tell the profile of an account and the accounts of a profile, by any of its accounts', async () => {
    await facts.commit([
      fact('card_no till A', '5601'),
      fact('card_no till B', '5602'),
      fact('card_no till C', '5601'),
    ]);
    const { identity_version } = await facts.resolveAndPublish();
    const links = await loadLinks(test.store, identity_version);
    assert.deepEqual(
      [1, 2, 3].map((account) => profileOf(links, account)),
      [1, 2, 1],
    );
    assert.deepEqual(accountsWith(links, 3), [1, 3]);
    assert.equal(profileOf(links, 4), null);
    assert.deepEqual(accountsWith(links, 99), []);
  });

  it('follow what is published: a later version reads only what changed and equals one that is loaded whole', async () => {
    const follower = followLinks(test.store);
    await facts.commit([
      fact('card_no till A', '5601'),
      fact('card_no till B', '5601'),
      fact('card_no till C', '5602'),
    ]);
    await facts.resolveAndPublish();
    const first = await follower.current();
    await facts.commit([fact('card_no till B', '5602', 2), fact('card_no till D', '5601')]);
    await facts.resolve();
    assert.equal(await follower.current(), first, 'what is not published is not seen');
    const { identity_version } = await facts.resolveAndPublish();
    await facts.forget(['card_no till A']);
    const second = await follower.current();
    assert.deepEqual(second, await loadLinks(test.store, identity_version));
    assert.deepEqual(accountsWith(second, 2), [2, 3]);
    assert.deepEqual(accountsWith(first, 2), [1, 2], 'who began with the first ends with it');
    const third = await facts.resolveAndPublish();
    assert.deepEqual(await follower.current(), await loadLinks(test.store, third.identity_version));
    assert.equal(profileOf(await follower.current(), 1), null);
  });
});

import assert from 'node:assert/strict';
import {
  accountsWith,
  DEFAULT_RULES,
  type Explanation,
  explainProfile,
  findProfiles,
  loadLinks,
} from '../../identity/index.ts';
import { deriveFromPhone, type IdentifierType } from '../../ingest/identifiers/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { type Fact, Facts, type Given } from './facts.ts';

const PHONE = '+8613712045678';
const phone = (value = PHONE, strength: Given['strength'] = 'verified'): Given => ({
  type: 'phone',
  value,
  strength: strength!,
});
const md5 = (value = PHONE): Given => ({ type: 'phone_md5', value: deriveFromPhone(value, [])[0]!.value });
const email = (value: string): Given => ({ type: 'email', value });
const fact = (account: string, gives: readonly Given[], more: Partial<Fact> = {}): Fact => ({
  account,
  gives,
  ...more,
});

const CARD = 'card_no till C-1';
const SHOP = 'ouid shop-1 O-1';
const APP = 'openid app-1 W-1';

describe('explaining a profile', () => {
  let test: TestStore;
  let facts: Facts;

  before(async () => {
    test = await openTestStore();
    facts = new Facts(test);
  });
  beforeEach(() => facts.clear());
  after(() => test.close());

  async function explain(account: string): Promise<Explanation> {
    const { identity_version } = await facts.resolveAndPublish();
    const links = await loadLinks(test.store, identity_version);
    const accounts = accountsWith(links, facts.ordinals.get(account)!);
    return explainProfile(test.store, { rules: DEFAULT_RULES, accounts, identityVersion: identity_version });
  }
  const publicOf = (account: string) => `p_${BigInt(facts.accountId(account)).toString(16).padStart(32, '0')}`;
  const namesOf = (link: { account_a: string; account_b: string }) =>
    [link.account_a, link.account_b].map((id) => [...facts.ordinals.keys()].find((name) => publicOf(name) === id));

  it('names the link that joined two accounts, with its identifier masked, its strength and since when, in a sentence', async () => {
    await facts.commit([fact(CARD, [phone()], { day: 3 }), fact(SHOP, [phone(PHONE, 'stated')], { day: 5 })]);
    const { why, held } = await explain(CARD);
    assert.equal(why.length, 1);
    const [link] = why;
    assert.deepEqual(namesOf(link!), [CARD, SHOP]);
    assert.deepEqual([link!.id_type, link!.shown, link!.strength], ['phone', '138****5678', 'stated']);
    assert.equal(
      link!.zh,
      'source（会员卡号）与source（淘宝店铺买家号 (OUID)）给出了同一个手机号 138****5678，至少一方未经核实，自 2024-01-05 起。',
    );
    assert.match(
      link!.en,
      /gave the same Mobile number 138\*\*\*\*5678, not verified on both sides, since 2024-01-05\.$/,
    );
    assert.deepEqual(held, []);
  });

  it('takes the strongest links only: one less than there are accounts, and all of them for drawing', async () => {
    await facts.commit([
      fact(CARD, [phone(), email('a@b.cn')]),
      fact(SHOP, [phone(), email('a@b.cn')]),
      fact(APP, [email('a@b.cn')]),
    ]);
    const { why, links } = await explain(CARD);
    assert.deepEqual(why.map((link) => link.id_type).sort(), ['email', 'phone']);
    assert.equal(links.length, 3);
  });

  it('says when one side gave only the hash of the phone', async () => {
    await facts.commit([fact(CARD, [phone()]), fact(APP, [md5()])]);
    const { why } = await explain(CARD);
    assert.equal(why.length, 1);
    assert.match(why[0]!.zh, /其中一方只给出密文/);
  });

  it('does not call a shared phone a reason', async () => {
    const crowd = Array.from({ length: 8 }, (_, i) => fact(`card_no till X-${i}`, [phone()]));
    await facts.commit([...crowd, fact(CARD, [phone(), email('a@b.cn')]), fact(SHOP, [phone(), email('a@b.cn')])]);
    const { links } = await explain(CARD);
    assert.deepEqual(
      links.map((link) => link.id_type),
      ['email'],
    );
  });

  it('tells both sides of a held link what stands in the way', async () => {
    const second = 'ouid shop-1 O-2';
    await facts.commit([fact(SHOP, [phone()], { day: 1 }), fact(second, [phone()], { day: 2 })]);
    for (const account of [SHOP, second]) {
      const { why, held } = await explain(account);
      assert.deepEqual(why, []);
      assert.equal(held.length, 1);
      assert.deepEqual(namesOf(held[0]!), [second, SHOP]);
      assert.equal(
        held[0]!.zh,
        '双方给出了同一个手机号，但合并后这个人会有超过 1 个淘宝店铺买家号 (OUID)（shop-1），留待审核。',
      );
    }
  });

  describe('finding profiles by an identifier', () => {
    const find = async (type: IdentifierType, value: string, scope = '') =>
      findProfiles({ store: test.store, vault: test.vault }, { type, scope, value });

    it('finds one by a phone in any shape, by the hash of it and by an account’s own key', async () => {
      await facts.commit([fact(CARD, [phone()]), fact(SHOP, [phone()]), fact(APP, [])]);
      await facts.resolveAndPublish();
      assert.deepEqual(await find('phone', '137 1204-5678'), [publicOf(CARD)]);
      assert.deepEqual(await find('phone_md5', md5().value), [publicOf(CARD)]);
      assert.deepEqual(await find('ouid', 'O-1-x', 'shop-1'), []);
      assert.deepEqual(await find('openid', 'o6_bmjrPTlm6_2sgVt7hMZOPfL2M', 'app-1'), []);
    });

    it('finds by a phone those who gave only its hash', async () => {
      await facts.commit([fact(APP, [md5()]), fact(CARD, [phone()])]);
      await facts.commit([fact(CARD, [], { version: 2 })]);
      await facts.resolveAndPublish();
      assert.deepEqual(await find('phone', '13712045678'), [publicOf(APP)]);
    });

    it('does not find somebody by a phone they gave before', async () => {
      await facts.commit([fact(CARD, [phone()])]);
      await facts.commit([fact(CARD, [phone('+8613712049999')], { version: 2 })]);
      await facts.resolveAndPublish();
      assert.deepEqual(await find('phone', '13712045678'), []);
      assert.deepEqual(await find('phone', '13712049999'), [publicOf(CARD)]);
    });

    it('refuses a value that is none, without repeating it', async () => {
      await assert.rejects(
        find('phone', '12-no-phone-34'),
        (error: Error) => !error.message.includes('12-no-phone-34'),
      );
    });
  });
});

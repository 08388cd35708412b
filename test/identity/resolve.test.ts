import assert from 'node:assert/strict';
import { DEFAULT_RULES, type IdentityRules } from '../../identity/index.ts';
import { deriveFromPhone } from '../../ingest/identifiers/index.ts';
import { raw } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { type Fact, Facts, type Given } from './facts.ts';

const PHONE = '+8613712045678';
const OTHER_PHONE = '+8613712049999';
const phone = (value = PHONE): Given => ({ type: 'phone', value });
const md5 = (value = PHONE): Given => ({ type: 'phone_md5', value: deriveFromPhone(value, [])[0]!.value });
const fact = (account: string, gives: readonly Given[], more: Partial<Fact> = {}): Fact => ({
  account,
  gives,
  ...more,
});

const CARD = 'card_no till C-1';
const SHOP = 'ouid shop-1 O-1';
const APP = 'openid app-1 W-1';

describe('resolving what was committed', () => {
  let test: TestStore;
  let facts: Facts;

  before(async () => {
    test = await openTestStore();
    facts = new Facts(test);
  });
  beforeEach(() => facts.clear());
  after(() => test.close());

  /** The published partition, after checking that a full run would change nothing of it. */
  async function settled(rules: IdentityRules = DEFAULT_RULES): Promise<string[][]> {
    const { identity_version, full } = await facts.resolveAndPublish({ rules });
    const again = await facts.resolve({ rules, full: true });
    const { links_changed, held_changed, statuses_changed } = again.counts;
    assert.deepEqual([links_changed, held_changed, statuses_changed], [0, 0, 0], full ? 'full' : 'increment');
    return facts.profiles(identity_version);
  }

  it('gives every account a profile, also one that nothing is known of', async () => {
    await facts.commit([fact(CARD, []), fact('guest  order-1', [])]);
    assert.deepEqual(await settled(), [[CARD], ['guest  order-1']]);
  });

  it('makes one profile of what arrived first and what arrives later, under the first account', async () => {
    await facts.commit([fact(CARD, [phone()])]);
    assert.deepEqual(await settled(), [[CARD]]);
    await facts.commit([fact(SHOP, [phone()])]);
    assert.deepEqual(await settled(), [[CARD, SHOP]]);
  });

  it('splits a profile when the record that held it together is corrected', async () => {
    await facts.commit([fact(CARD, [phone()]), fact(SHOP, [phone()])]);
    await settled();
    await facts.commit([fact(SHOP, [phone(OTHER_PHONE)], { version: 2 })]);
    assert.deepEqual(await settled(), [[CARD], [SHOP]]);
  });

  it('splits a profile when that record is deleted, and is not impressed by an older version that comes late', async () => {
    await facts.commit([fact(CARD, [phone()]), fact(SHOP, [phone()], { version: 5 })]);
    await settled();
    await facts.commit([fact(SHOP, [phone()], { version: 6, deleted: true })]);
    assert.deepEqual(await settled(), [[CARD], [SHOP]]);
    await facts.commit([fact(SHOP, [phone()], { version: 4 })]);
    assert.deepEqual(await settled(), [[CARD], [SHOP]]);
  });

  it('joins a hash with the phone it is the hash of, whichever comes first', async () => {
    await facts.commit([fact(APP, [md5()]), fact('openid app-2 W-2', [md5()])]);
    assert.deepEqual(await settled(), [[APP, 'openid app-2 W-2']]);
    await facts.commit([fact(CARD, [phone()])]);
    assert.deepEqual(await settled(), [[CARD, APP, 'openid app-2 W-2']]);
    await facts.commit([fact('openid app-3 W-3', [md5()])]);
    assert.deepEqual(await settled(), [[CARD, APP, 'openid app-2 W-2', 'openid app-3 W-3']]);
  });

  it('parts a family when one more gives its phone than may, and joins it again when that one leaves', async () => {
    const family = Array.from({ length: 8 }, (_, i) => fact(`card_no till C-${i}`, [phone()]));
    await facts.commit(family);
    assert.equal((await settled()).length, 1);
    await facts.commit([fact(SHOP, [phone()])]);
    assert.equal((await settled()).length, 9);
    await facts.commit([fact(SHOP, [], { version: 2 })]);
    assert.equal((await settled()).length, 2);
  });

  it('counts hashes of a phone with the phone when it asks how many share it', async () => {
    await facts.commit(Array.from({ length: 6 }, (_, i) => fact(`card_no till C-${i}`, [phone()])));
    await settled();
    await facts.commit(Array.from({ length: 3 }, (_, i) => fact(`openid app-${i} W`, [md5()])));
    assert.equal((await settled()).length, 9);
  });

  it('does not let a blocked value join anybody', async () => {
    const junk: Given = { type: 'phone', value: '+8613800138000' };
    await facts.commit([fact(CARD, [junk]), fact(SHOP, [junk]), fact(APP, [md5('+8613800138000')])]);
    assert.equal((await settled()).length, 3);
    await facts.commit([fact('ouid shop-2 O-2', [junk])]);
    assert.equal((await settled()).length, 4);
  });

  it('never joins by a weak identifier or by a type that says it does not join', async () => {
    const weak: Given = { type: 'phone', value: PHONE, strength: 'weak' };
    const oaid: Given = { type: 'oaid', scope: 'order', value: 'x' };
    await facts.commit([fact(CARD, [weak, oaid]), fact(SHOP, [phone(), oaid])]);
    assert.deepEqual(await settled(), [[CARD], [SHOP]]);
  });

  it('holds a link over a limit, says why, and clears it when nothing stands in the way any more', async () => {
    await facts.commit([fact(SHOP, [phone()], { day: 1 }), fact('ouid shop-1 O-2', [phone()], { day: 2 })]);
    assert.deepEqual(await settled(), [[SHOP], ['ouid shop-1 O-2']]);
    const [held] = await test.store.rows<{ reason: string; detail: string; cleared: number }>(
      raw('SELECT reason, detail, cleared FROM held_links'),
    );
    assert.deepEqual([held!.reason, JSON.parse(held!.detail)], ['limit', { type: 'ouid', scope: 'shop-1', limit: 1 }]);
    await facts.commit([fact('ouid shop-1 O-2', [], { version: 2 })]);
    await settled();
    const rows = await test.store.rows<{ cleared: number }>(raw('SELECT cleared FROM held_links ORDER BY version'));
    assert.deepEqual(
      rows.map((row) => row.cleared),
      [0, 1],
    );
  });

  it('obeys decisions, taken and taken back', async () => {
    await facts.commit([fact(CARD, [phone()]), fact(SHOP, [phone()]), fact(APP, [])]);
    await settled();
    await facts.decide('d1', { verdict: 'not', a: CARD, b: SHOP });
    await facts.decide('d2', { verdict: 'one', a: SHOP, b: APP });
    assert.deepEqual(await settled(), [[CARD], [APP, SHOP]]);
    await facts.decide('d1', { verdict: 'not', a: CARD, b: SHOP, withdrawn: true, revision: 2 });
    await facts.decide('d2', { verdict: 'one', a: SHOP, b: APP, withdrawn: true, revision: 2 });
    assert.deepEqual(await settled(), [[CARD, SHOP], [APP]]);
  });

  it('takes forgotten accounts out of their profiles, and lets a phone join again that they had made shared', async () => {
    await facts.commit(Array.from({ length: 9 }, (_, i) => fact(`card_no till C-${i}`, [phone()])));
    assert.equal((await settled()).length, 9);
    await facts.forget(['card_no till C-3']);
    assert.equal((await settled()).length, 1);
    await facts.forget(['card_no till C-0']);
    assert.deepEqual((await settled())[0]!.length, 7);
    const { counts } = await facts.resolve();
    assert.equal(counts.links_changed, 0, 'they are gone once');
  });

  it('resolves everything again under changed rules', async () => {
    await facts.commit(Array.from({ length: 3 }, (_, i) => fact(`card_no till C-${i}`, [phone()])));
    assert.equal((await settled()).length, 1);
    const stricter: IdentityRules = {
      ...DEFAULT_RULES,
      version: 2,
      types: { ...DEFAULT_RULES.types, phone: { ...DEFAULT_RULES.types.phone, shared_above: 2 } },
    };
    assert.equal((await settled(stricter)).length, 3);
  });

  it('leaves profiles alone that new facts have nothing to do with', async () => {
    await facts.commit([fact(CARD, [phone()]), fact(SHOP, [phone()])]);
    await settled();
    await facts.commit([fact(APP, [phone(OTHER_PHONE)])]);
    const { counts } = await facts.resolveAndPublish();
    assert.deepEqual([counts.accounts, counts.links_changed], [1, 1]);
  });
});

import assert from 'node:assert/strict';
import type { QuanyuError } from '../../errors.ts';
import { blockIdentifier, changeRules, checkRules, DEFAULT_RULES, rulesInForce } from '../../identity/index.ts';
import { IDENTIFIER_TYPES } from '../../ingest/identifiers/index.ts';
import { type Documents, openDocuments } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { Facts, NOW } from './facts.ts';

describe('the identity rules', () => {
  const withType = (type: string, rule: object) => {
    return { ...DEFAULT_RULES, types: { ...DEFAULT_RULES.types, [type]: { ...DEFAULT_RULES.types.phone, ...rule } } };
  };

  it('that hold by default are valid, and rank every type once', () => {
    checkRules(DEFAULT_RULES);
    const priorities = IDENTIFIER_TYPES.map((type) => DEFAULT_RULES.types[type].priority);
    assert.equal(new Set(priorities).size, IDENTIFIER_TYPES.length);
  });

  it('are refused with every fault at once, each with its path', () => {
    const { phone: _phone, ...types } = withType('email', { shared_above: 0, limit: 'one' }).types;
    assert.throws(
      () => checkRules({ ...DEFAULT_RULES, types, max_accounts: 1.5, colour: 'red' }),
      (error: QuanyuError) => {
        assert.equal(error.code, 'identity.rules-invalid');
        for (const part of ['(colour)', "'phone'", '/types/email/limit', '/types/email/shared_above', '/max_accounts'])
          assert.ok(error.message.includes(part), part);
        return true;
      },
    );
  });

  it('cannot make a type join that says of itself that it points at nobody', () => {
    assert.throws(() => checkRules(withType('oaid', {})), /\/types\/oaid\/joins was true, expected false/);
    assert.throws(() => checkRules(withType('phone_masked', {})), /phone_masked/);
  });

  it('name a type that is not known, and what is', () => {
    assert.throws(() => checkRules(withType('fax', {})), /\/types must NOT have additional properties \(fax\)/);
  });
});

describe('the identity rules in force', () => {
  let test: TestStore;
  let facts: Facts;
  let documents: Documents;
  const clock = { now: () => NOW };

  before(async () => {
    test = await openTestStore();
    facts = new Facts(test);
    documents = await openDocuments(test.store, clock);
  });
  after(() => test.close());

  it('are the defaults until they are changed; a change is a new version, kept', async () => {
    assert.equal(rulesInForce(documents), DEFAULT_RULES);
    const changed = await changeRules(documents, (rules) => ({ ...rules, max_accounts: 50 }), 'steward');
    assert.deepEqual([changed.version, changed.max_accounts], [2, 50]);
    assert.deepEqual(rulesInForce(await openDocuments(test.store, clock)), changed);
  });

  it('stay as they were when a change is refused', async () => {
    const before = rulesInForce(documents);
    await assert.rejects(
      changeRules(documents, (rules) => ({ ...rules, max_accounts: 0 }), 'steward'),
      {
        code: 'identity.rules-invalid',
      },
    );
    assert.deepEqual(rulesInForce(documents), before);
  });

  it('let a value be blocked, which is kept as tokens and joins nobody from the next resolve on', async () => {
    const gives = [{ type: 'phone' as const, value: '+8613712045678' }];
    await facts.commit([
      { account: 'card_no till A', gives },
      { account: 'card_no till B', gives },
    ]);
    const { identity_version } = await facts.resolveAndPublish({ rules: rulesInForce(documents) });
    assert.equal((await facts.profiles(identity_version)).length, 1);
    const rules = await blockIdentifier(
      { documents, store: test.store, vault: test.vault, by: 'steward' },
      { type: 'phone', scope: '', value: '+8613712045678' },
    );
    assert.ok(!JSON.stringify(rules).includes('13712045678'));
    const resolved = await facts.resolveAndPublish({ rules });
    assert.deepEqual([resolved.full, resolved.rules_version], [true, rules.version]);
    assert.equal((await facts.profiles(resolved.identity_version)).length, 2);
  });
});

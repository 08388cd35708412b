/** Random histories of facts, decisions and erasures, and the promise that increments and full runs keep over them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEFAULT_RULES, type IdentityRules } from '../../identity/index.ts';
import { deriveFromPhone } from '../../ingest/identifiers/index.ts';
import type { Fact, Facts, Given } from './facts.ts';

/** Small limits, so that a dozen accounts cross all of them in both directions. */
export const SMALL_RULES: IdentityRules = {
  ...DEFAULT_RULES,
  max_accounts: 5,
  types: {
    ...DEFAULT_RULES.types,
    phone: { ...DEFAULT_RULES.types.phone, shared_above: 3 },
    email: { ...DEFAULT_RULES.types.email, shared_above: 2 },
    unionid: { ...DEFAULT_RULES.types.unionid, shared_above: 3 },
  },
};

const ACCOUNTS = Array.from({ length: 12 }, (_, n) => {
  return ['card_no till', 'ouid shop-1', 'openid app-1'][n % 3]!.concat(` key-${n}`);
});
const PHONES = ['+8613712045601', '+8613712045602', '+8613712045603', '+8613800138000'];

const account = fc.constantFrom(...ACCOUNTS);
const one = <T>(...of: T[]) => fc.constantFrom(...of);
const strength = one('verified' as const, 'stated' as const);
const identifier: fc.Arbitrary<Given> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: one('phone' as const), value: one(...PHONES), strength }) },
  {
    weight: 2,
    arbitrary: one(...PHONES).map(
      (phone): Given => ({ type: 'phone_md5', value: deriveFromPhone(phone, [])[0]!.value }),
    ),
  },
  fc.record({ type: one('email' as const), value: one('x@a.cn', 'y@a.cn'), strength }),
  fc.record({ type: one('unionid' as const), scope: one('wx-1', 'wx-2'), value: one('U1', 'U2') }),
  fc.record({ type: one('national_id' as const), value: one('N1', 'N2') }),
  account.map((name): Given => {
    const [type, scope, value] = name.split(' ') as [Given['type'], string, string];
    return { type, scope, value };
  }),
);
const fact: fc.Arbitrary<Fact> = fc.record({
  account,
  record: one('r1', 'r2'),
  version: fc.integer({ min: 1, max: 6 }),
  deleted: fc.integer({ min: 0, max: 4 }).map((dice) => dice === 0),
  gives: fc.array(identifier, { maxLength: 3 }),
  day: fc.integer({ min: 1, max: 5 }),
});

type Step =
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | {
      readonly kind: 'decision';
      readonly verdict: 'one' | 'not';
      readonly pair: readonly [string, string];
      readonly withdrawn: boolean;
    }
  | { readonly kind: 'forget'; readonly account: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: one('facts' as const), facts: fc.array(fact, { minLength: 1, maxLength: 6 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: one('decision' as const),
      verdict: one('one' as const, 'not' as const),
      pair: fc.tuple(account, account).filter(([a, b]) => a !== b),
      withdrawn: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: one('forget' as const), account }) },
);

/** A history: batches of steps, each followed by an increment. Versions of one record are the same whenever they come. */
export const history: fc.Arbitrary<Step[][]> = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), {
  minLength: 2,
  maxLength: 6,
});

/** After every batch: what the increment published is what a full run finds. */
export async function checkHistory(facts: Facts, batches: readonly (readonly Step[])[]): Promise<void> {
  await facts.clear();
  const decisions = new Map<string, number>();
  for (const batch of batches) {
    for (const one of batch) await apply(facts, one, decisions);
    await facts.resolveAndPublish({ rules: SMALL_RULES });
    const again = await facts.resolve({ rules: SMALL_RULES, full: true });
    const { links_changed, held_changed, statuses_changed } = again.counts;
    assert.deepEqual(
      { links_changed, held_changed, statuses_changed },
      { links_changed: 0, held_changed: 0, statuses_changed: 0 },
    );
  }
}

async function apply(facts: Facts, one: Step, decisions: Map<string, number>): Promise<void> {
  if (one.kind === 'facts') await facts.commit(one.facts);
  else if (one.kind === 'forget') {
    if (facts.ordinals.has(one.account)) await facts.forget([one.account]);
  } else {
    const [a, b] = one.pair;
    if (!facts.ordinals.has(a) || !facts.ordinals.has(b)) return;
    const id = [a, b].sort().join();
    const revision = (decisions.get(id) ?? 0) + 1;
    decisions.set(id, revision);
    await facts.decide(id, { verdict: one.verdict, a, b, withdrawn: one.withdrawn, revision });
  }
}

/** The same facts in another order and other batches: accounts get other ordinals, profiles hold the same accounts. */
export async function checkArrival(facts: Facts, batches: readonly (readonly Step[])[]): Promise<void> {
  const all = batches.flat().flatMap((one) => (one.kind === 'facts' ? one.facts : []));
  const content = distinctVersions(all);
  const partition = async (parts: readonly (readonly Fact[])[]) => {
    await facts.clear();
    let version = 0;
    for (const part of parts) {
      await facts.commit(part);
      version = (await facts.resolveAndPublish({ rules: SMALL_RULES })).identity_version;
    }
    return facts.profiles(version);
  };
  const middle = Math.ceil(content.length / 2);
  const reversed = [...content].reverse();
  assert.deepEqual(await partition([reversed.slice(0, middle), reversed.slice(middle)]), await partition([content]));
}

/** A version says the same each time it is delivered: the first of each (record, version) counts. */
function distinctVersions(facts: readonly Fact[]): Fact[] {
  const seen = new Map<string, Fact>();
  for (const fact of facts) {
    const key = `${fact.account} ${fact.record} ${fact.version}`;
    if (!seen.has(key)) seen.set(key, fact);
  }
  return [...seen.values()];
}

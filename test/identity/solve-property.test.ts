import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEFAULT_RULES, type IdentityRules } from '../../identity/index.ts';
import { type Claim, type Solved, solveClaims } from './claims.ts';

const RULES: IdentityRules = {
  ...DEFAULT_RULES,
  max_accounts: 5,
  types: {
    ...DEFAULT_RULES.types,
    phone: { ...DEFAULT_RULES.types.phone, shared_above: 4 },
    email: { ...DEFAULT_RULES.types.email, limit: 2 },
  },
};

const account = fc.integer({ min: 0, max: 11 }).map((n) => `a${n}`);
const given: fc.Arbitrary<Claim> = fc.record({
  account,
  type: fc.constantFrom('phone', 'email', 'unionid', 'ouid', 'national_id'),
  scope: fc.constantFrom('s1', 's2'),
  value: fc.constantFrom('1', '2', '3'),
  strength: fc.constantFrom('verified', 'stated'),
  seen: fc.integer({ min: 0, max: 3 }),
});
/** Each account has one key of its own, some of which other systems name too. */
const ownKeys: Claim[] = Array.from({ length: 12 }, (_, n) => {
  return { account: `a${n}`, type: 'ouid', scope: `s${n % 3}`, value: `${n % 8}`, own: true };
});
const pair = fc.tuple(account, account).filter(([a, b]) => a !== b);
const history = fc.record({
  claims: fc.array(given, { maxLength: 40 }).map((claims) => [...ownKeys, ...claims]),
  together: fc.array(pair, { maxLength: 2 }),
  apart: fc.array(pair, { maxLength: 2 }),
});

/** What must not depend on arrival: the partition, what is held and what is shared. */
const essence = ({ profiles, components, held, dead }: Solved) => ({
  profiles,
  components,
  held,
  dead: [...dead].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
});

describe('a solution', () => {
  it('depends on content alone, never on the order in which accounts and records arrived', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), ({ claims, ...decisions }, dice) => {
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => ({ item, at: dice.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ item }) => item);
        const names = [...new Set(claims.map((claim) => claim.account))];
        const first = solveClaims(claims, { ...decisions, rules: RULES, arrival: names });
        const second = solveClaims(shuffled(claims), { ...decisions, rules: RULES, arrival: shuffled(names) });
        assert.deepEqual(essence(second), essence(first));
      }),
      { numRuns: 300 },
    );
  });

  it('of one raw component is what the whole has there, so that a component can be solved alone', () => {
    fc.assert(
      fc.property(history, ({ claims, together, apart }) => {
        const rules = { ...RULES, types: DEFAULT_RULES.types };
        const whole = solveClaims(claims, { together, apart, rules });
        for (const component of whole.components) {
          const within = (names: readonly string[]) => names.every((name) => component.includes(name));
          const alone = solveClaims(
            claims.filter((claim) => within([claim.account])),
            { together: together.filter(within), apart: apart.filter(within), rules },
          );
          assert.deepEqual(alone.profiles, whole.profiles.filter(within));
          assert.deepEqual(
            alone.held,
            whole.held.filter((one) => within([one.account])),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('breaks no limit, no exclusive, no cannot-link and no cap, except where a steward said so', () => {
    fc.assert(
      fc.property(history, ({ claims, apart }) => {
        const { profiles, founder, held } = solveClaims(claims, { apart, rules: RULES });
        for (const profile of profiles) assert.ok(profile.length <= RULES.max_accounts);
        for (const [a, b] of apart) assert.notEqual(founder.get(a), founder.get(b));
        for (const one of held) assert.notEqual(founder.get(one.account), founder.get(one.other));
      }),
      { numRuns: 200 },
    );
  });
});

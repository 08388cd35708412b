import assert from 'node:assert/strict';
import fc from 'fast-check';
import { QuanyuError } from '../../errors.ts';
import {
  type Condition,
  compileCondition,
  conditionSchema,
  describeCondition,
  readCondition,
} from '../../segments/index.ts';
import { p, raw, sql } from '../../store/index.ts';
import { compile } from '../../store/sql.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { condition, profile, TODAY } from './arbitrary.ts';
import { matches, type PlainProfile } from './evaluate.ts';
import { profileRow } from './rows.ts';

const CONTEXT = { now: new Date('2026-06-29T16:30:00Z'), zone: 'Asia/Shanghai' };
const TREES_AT_ONCE = 12;

const level = (value: string) => ({ kind: 'trait', trait: 'level', operator: 'is', values: [value] });

function nested(depth: number): unknown {
  let node: unknown = level('金卡');
  for (let at = 1; at < depth; at++) node = { kind: 'not', of: node };
  return node;
}

describe('conditions', () => {
  let test: TestStore;
  let profiles: readonly PlainProfile[];

  before(async () => {
    test = await openTestStore();
    profiles = fc
      .sample(profile, { numRuns: 400, seed: 7 })
      .map((one, n) => ({ ...one, profile_ordinal: n + 1 }) as PlainProfile);
    await test.store.insert(
      'profiles',
      profiles.map((one) => profileRow({ ...one })),
    );
  });
  after(() => test.close());

  async function matched(conditions: readonly Condition[]): Promise<number[][]> {
    const columns = conditions.map(
      (one, n) => sql`, arraySort(groupArrayIf(profile_ordinal, ${compileCondition(one, CONTEXT)})) AS ${raw(`c${n}`)}`,
    );
    const all = columns.reduce((list, column) => sql`${list}${column}`);
    const [row] = await test.store.rows<Record<string, number[]>>(
      sql`SELECT count() AS total${all} FROM profiles WHERE version = ${p('UInt32', 1)}`,
    );
    return conditions.map((_, n) => row![`c${n}`]!);
  }

  it('selects exactly what they say, whatever the tree', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(condition, { minLength: 1, maxLength: TREES_AT_ONCE }), async (conditions) => {
        const found = await matched(conditions);
        conditions.forEach((one, n) => {
          const expected = profiles.filter((row) => matches(one, row, TODAY)).map((row) => row.profile_ordinal);
          assert.deepEqual(found[n], expected, JSON.stringify(one));
        });
      }),
      { numRuns: 40, ...(process.env.FC_SEED ? { seed: Number(process.env.FC_SEED) } : {}) },
    );
  });

  it('never match a missing value but by is_unknown, and not is the complement of everybody', async () => {
    const is: Condition = { kind: 'trait', trait: 'gender', operator: 'is', values: ['female'] };
    const isNot: Condition = { ...is, operator: 'is_not' };
    const unknown: Condition = { kind: 'trait', trait: 'gender', operator: 'is_unknown' };
    const not: Condition = { kind: 'not', of: is };
    const [a, b, c, d] = (await matched([is, isNot, unknown, not])) as [number[], number[], number[], number[]];
    assert.equal(a.length + b.length + c.length, profiles.length);
    assert.ok(c.length > 0);
    assert.deepEqual(
      d,
      [...b, ...c].sort((x, y) => x - y),
    );
  });

  it('send every value as a typed parameter', () => {
    const hostile = "x'; DROP TABLE profiles; --";
    const { query, params } = compile(
      compileCondition(
        {
          kind: 'and',
          of: [
            { ...level(hostile) },
            { kind: 'purchase', did: true, window: { kind: 'rolling', days: 30 }, categories: [hostile] },
            { kind: 'tag', tag: 'net_amount_fen', operator: 'gte', value: 50000 },
          ],
        },
        CONTEXT,
      ),
    );
    assert.ok(!query.includes('DROP'));
    assert.ok(Object.values(params).flat().includes(hostile));
    assert.deepEqual(
      Object.values(params).filter((value) => value === '2026-06-01' || value === 50000),
      ['2026-06-01', 50000],
    );
  });

  const faults: readonly [title: string, given: unknown, path: string, problem: RegExp][] = [
    ['nothing', undefined, '', /object/],
    ['a text', 'everybody', '', /object/],
    ['an object without a kind', {}, '', /kind/],
    ['an unknown kind', { kind: 'nand', of: [] }, '', /kind/],
    ['an empty group', { kind: 'and', of: [] }, '/of', /empty/],
    [
      'an empty group far inside',
      { kind: 'or', of: [level('A'), { kind: 'not', of: { kind: 'or', of: [] } }] },
      '/of/1/of/of',
      /empty/,
    ],
    ['an unknown tag', { kind: 'tag', tag: 'rich', operator: 'is_known' }, '/tag', /no tag "rich"/],
    ['a name every object has', { kind: 'tag', tag: 'constructor', operator: 'is_known' }, '/tag', /no tag/],
    [
      'an operator of another type',
      { kind: 'tag', tag: 'last_purchase', operator: 'gte', value: 5 },
      '/operator',
      /type date/,
    ],
    [
      'an operator every object has',
      { kind: 'tag', tag: 'last_purchase', operator: 'toString' },
      '/operator',
      /one of/,
    ],
    ['a text for a number', { kind: 'tag', tag: 'purchase_count', operator: 'gte', value: '3' }, '/value', /number/],
    [
      'yuan for fen',
      { kind: 'tag', tag: 'net_amount_fen', operator: 'gte', value: 99.9 },
      '/value',
      /whole number of fen/,
    ],
    ['a missing operand', { kind: 'tag', tag: 'purchase_count', operator: 'between', from: 1 }, '/to', /number/],
    ['an operand too many', { ...level('A'), days: 5 }, '/days', /does not take it/],
    [
      'a range that runs backwards',
      { kind: 'tag', tag: 'purchase_count', operator: 'between', from: 5, to: 1 },
      '/to',
      /from ≤ to/,
    ],
    [
      'a value that is none of the enumeration',
      { kind: 'tag', tag: 'rfm_group', operator: 'is', values: ['gold'] },
      '/values',
      /important_value/,
    ],
    ['an empty list of values', { kind: 'trait', trait: 'level', operator: 'is', values: [] }, '/values', /empty/],
    [
      'a day that is none',
      { kind: 'tag', tag: 'last_purchase', operator: 'on', value: '2026-02-30' },
      '/value',
      /calendar/,
    ],
    [
      'a window of a million years',
      { kind: 'purchase', did: true, window: { kind: 'rolling', days: 365_000_000 } },
      '/window/days',
      /3660/,
    ],
    ['a window of no days', { kind: 'tag', tag: 'last_purchase', operator: 'in_last', days: 0 }, '/days', />= 1/],
    [
      'a fixed window without days',
      { kind: 'purchase', did: true, window: { kind: 'fixed', from: 'x', to: 'y' } },
      '/window/from',
      /calendar/,
    ],
    [
      'a total by an operator of texts',
      { kind: 'purchase', did: true, window: { kind: 'ever' }, total: { of: 'count', operator: 'is', value: 1 } },
      '/total/operator',
      /type number/,
    ],
    ['an unknown channel', { kind: 'channel', operator: 'any', channels: ['mail'] }, '/channels/0', /tmall/],
    ['a property that is not known', { ...level('A'), valuez: ['B'] }, '', /valuez/],
    ['a tree a thousand deep', nested(1000), '/of'.repeat(20), /deeper than 20/],
    [
      'too many nodes',
      { kind: 'or', of: Array.from({ length: 200 }, () => level('A')) },
      '/of/0',
      /more than 200 nodes/,
    ],
  ];
  for (const [title, given, path, problem] of faults) {
    it(`refuse ${title}, with its place in the tree`, () => {
      assert.throws(
        () => compileCondition(given, CONTEXT),
        (thrown: unknown) => {
          assert.ok(thrown instanceof QuanyuError && thrown.code === 'condition.invalid', String(thrown));
          const all = thrown.details.faults as { path: string; problem: string }[];
          assert.ok(
            all.some((fault) => fault.path === path && problem.test(fault.problem)),
            JSON.stringify(all),
          );
          return true;
        },
      );
    });
  }

  it('take a tree of 20 levels', () => assert.doesNotThrow(() => readCondition(nested(20))));

  it('tell all faults at once', () => {
    const given = {
      kind: 'and',
      of: [
        { kind: 'tag', tag: 'x', operator: 'is' },
        { kind: 'tag', tag: 'y', operator: 'is' },
      ],
    };
    assert.throws(
      () => readCondition(given),
      (thrown: QuanyuError) => (thrown.details.faults as unknown[]).length === 2 && /1 more/.test(thrown.message),
    );
  });

  it('publish one schema that names every kind', () => {
    assert.deepEqual(Object.keys(conditionSchema.$defs), [
      'condition',
      'and',
      'or',
      'not',
      'trait',
      'tag',
      'purchase',
      'channel',
    ]);
  });

  it('describe themselves in Chinese and English', () => {
    const tree: Condition = {
      kind: 'and',
      of: [
        { kind: 'tag', tag: 'net_amount_365d_fen', operator: 'gte', value: 500000 },
        { kind: 'trait', trait: 'gender', operator: 'is', values: ['female'] },
        { kind: 'not', of: { kind: 'channel', operator: 'any', channels: ['tmall', 'pos'] } },
        {
          kind: 'purchase',
          did: true,
          window: { kind: 'rolling', days: 90 },
          channels: ['pos'],
          categories: ['鞋'],
          total: { of: 'count', operator: 'gte', value: 2 },
        },
        { kind: 'purchase', did: false, window: { kind: 'fixed', from: '2026-01-01', to: '2026-01-31' } },
      ],
    };
    assert.equal(
      describeCondition(tree, 'zh'),
      '(近365天净消费 ≥ ¥5,000.00 且 性别为 女 且 不满足（拥有任一渠道：天猫、门店） 且 近 90 天在门店购买过鞋且订单数 ≥ 2 且 2026-01-01 至 2026-01-31未曾购买过商品)',
    );
    assert.equal(
      describeCondition(tree, 'en'),
      '(Net amount, 365 days ≥ ¥5,000.00 and Gender is female and not (is in any of the channels Tmall, stores) and bought 鞋 from stores in the last 90 days with orders ≥ 2 and did not buy anything from 2026-01-01 to 2026-01-31)',
    );
  });

  it('describe every sound tree', () => {
    fc.assert(
      fc.property(condition, (one) => {
        for (const language of ['zh', 'en'] as const) {
          const words = describeCondition(one, language);
          assert.ok(words.length > 3 && !/undefined|NaN|null|\[object/.test(words), words);
        }
      }),
    );
  });
});

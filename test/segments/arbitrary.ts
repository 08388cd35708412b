/** Random profiles and random conditions, small enough that values meet. */
import fc from 'fast-check';
import type { Condition } from '../../segments/index.ts';
import { TAGS, TRAITS } from '../../segments/index.ts';
import type { PlainProfile } from './evaluate.ts';

export const TODAY = '2026-06-30';
const CHANNELS = ['tmall', 'douyin', 'wechat', 'pos', 'loyalty', 'other'] as const;
const CATEGORIES = ['', 'shoes', 'hats', '鞋', "it's \\ odd"];
const TEXTS = ['上海', '上海市', '杭州', 'A', "it's \\ odd", '金卡'];

const day = fc.integer({ min: 0, max: 800 }).map((back) => dayBack(back - 5));
const fen = fc.constantFrom(-100, 0, 1, 9_900, 10_000, 50_000);
const count = fc.integer({ min: 0, max: 4 });

function dayBack(days: number): string {
  return new Date(Date.parse(`${TODAY}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

const unknownOr = <T>(value: fc.Arbitrary<T>, unknown: T | null) =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(unknown) }, { weight: 3, arbitrary: value });

function valueFor(one: { type: string; values?: object | undefined; id: string }): fc.Arbitrary<unknown> {
  const known = Object.keys(one.values ?? {});
  switch (one.type) {
    case 'text':
      return unknownOr(fc.constantFrom(...TEXTS), '');
    case 'enumeration':
      return unknownOr(fc.constantFrom(...known), '');
    case 'list':
      return fc.subarray(known);
    case 'boolean':
      return fc.boolean();
    case 'date':
      return unknownOr(day, null);
    case 'money':
      return fen;
    default:
      return one.id === 'points' ? unknownOr(count, null) : count;
  }
}

const DERIVED = ['birth_date', 'birth_year', 'birth_month'];

const purchase = fc.record({
  day,
  order_index: fc.integer({ min: 0, max: 3 }),
  channel: fc.constantFrom(...CHANNELS),
  category: fc.constantFrom(...CATEGORIES),
  net_fen: fen,
  quantity: fc.integer({ min: -1, max: 3 }),
});

const birth = fc.oneof(
  fc.constant({ birth_date: null, birth_precision: '' }),
  fc.record({
    birth_date: fc.constantFrom('1965-03-01', '1990-06-30', '1904-02-29'),
    birth_precision: fc.constantFrom('day', 'month_day', 'year'),
  }),
);

/** A row of `profiles` without its ordinal. */
export const profile: fc.Arbitrary<Omit<PlainProfile, 'profile_ordinal'>> = fc
  .tuple(
    fc.record(
      Object.fromEntries(
        [...TAGS, ...TRAITS.filter((one) => !DERIVED.includes(one.id))].map((one) => [one.id, valueFor(one)]),
      ),
    ),
    birth,
    fc.array(purchase, { maxLength: 5 }),
  )
  .map(([row, born, purchases]) => ({ ...row, ...born, purchases }) as unknown as PlainProfile);

const days = fc.constantFrom(1, 7, 30, 365, 730);
const ordered = <T>(value: fc.Arbitrary<T>) =>
  fc.tuple(value, value).map(([a, b]) => (a <= b ? { from: a, to: b } : { from: b, to: a }));

function numbers(value: fc.Arbitrary<number>) {
  return fc.oneof(
    fc.record({ operator: fc.constantFrom('eq', 'ne', 'gt', 'gte', 'lt', 'lte'), value }),
    ordered(value).map((range) => ({ operator: 'between', ...range })),
  );
}

const known = fc.record({ operator: fc.constantFrom('is_known', 'is_unknown') });

function comparison(one: { type: string; values?: object | undefined; id: string }): fc.Arbitrary<object> {
  const values = Object.keys(one.values ?? {});
  const some = <T>(of: readonly T[]) => fc.subarray([...of], { minLength: 1 });
  switch (one.type) {
    case 'text':
      return fc.oneof(
        known,
        fc.record({ operator: fc.constantFrom('is', 'is_not'), values: some(TEXTS) }),
        fc.record({
          operator: fc.constantFrom('contains', 'starts_with'),
          value: fc.constantFrom('上', 'A', "'", '\\'),
        }),
      );
    case 'enumeration':
      return fc.oneof(known, fc.record({ operator: fc.constantFrom('is', 'is_not'), values: some(values) }));
    case 'list':
      return fc.oneof(
        fc.record({ operator: fc.constantFrom('is_empty', 'is_not_empty') }),
        fc.record({ operator: fc.constantFrom('has_any', 'has_all', 'has_none'), values: some(values) }),
      );
    case 'boolean':
      return fc.record({ operator: fc.constantFrom('is_true', 'is_false') });
    case 'date':
      return fc.oneof(
        known,
        fc.record({ operator: fc.constantFrom('on', 'before', 'after'), value: day }),
        ordered(day).map((range) => ({ operator: 'between', ...range })),
        fc.record({ operator: fc.constantFrom('in_last', 'not_in_last'), days }),
      );
    default:
      return fc.oneof(known, numbers(one.type === 'money' ? fen : fc.oneof(count, fc.constantFrom(1.5, 6, 1965))));
  }
}

const window = fc.oneof(
  fc.record({ kind: fc.constant('rolling'), days }),
  ordered(day).map((range) => ({ kind: 'fixed', ...range })),
  fc.constant({ kind: 'ever' }),
);

const leaf: fc.Arbitrary<object> = fc.oneof(
  ...TAGS.map((tag) => comparison(tag).map((of) => ({ kind: 'tag', tag: tag.id, ...of }))),
  ...TRAITS.map((trait) => comparison(trait).map((of) => ({ kind: 'trait', trait: trait.id, ...of }))),
  fc.record({
    kind: fc.constant('channel'),
    operator: fc.constantFrom('any', 'all', 'none'),
    channels: fc.subarray([...CHANNELS], { minLength: 1 }),
  }),
  ...Array.from({ length: 8 }, () =>
    fc.record(
      {
        kind: fc.constant('purchase'),
        did: fc.boolean(),
        window,
        channels: fc.subarray([...CHANNELS], { minLength: 1 }),
        categories: fc.subarray(CATEGORIES.slice(1), { minLength: 1 }),
        total: fc.oneof(
          numbers(fen).map((of) => ({ of: 'net_fen', ...of })),
          numbers(count).map((of) => ({ of: 'count', ...of })),
          numbers(count).map((of) => ({ of: 'quantity', ...of })),
        ),
      },
      { requiredKeys: ['kind', 'did', 'window'] },
    ),
  ),
);

/** A sound condition of every kind, up to some levels deep. */
export const condition: fc.Arbitrary<Condition> = fc.letrec<{ node: object }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.record({ kind: fc.constantFrom('and', 'or'), of: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not'), of: tie('node') }),
  ),
})).node as fc.Arbitrary<Condition>;

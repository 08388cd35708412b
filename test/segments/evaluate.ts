/** What a condition means, said a second time and plainly, over rows in memory. For tests only: the product has one compiler. */
import type { Condition } from '../../segments/index.ts';
import { TAGS, TRAITS } from '../../segments/index.ts';

export interface PlainPurchase {
  readonly day: string;
  readonly order_index: number;
  readonly channel: string;
  readonly category: string;
  readonly net_fen: number;
  readonly quantity: number;
}

export interface PlainProfile {
  readonly profile_ordinal: number;
  readonly purchases: readonly PlainPurchase[];
  readonly channels: readonly string[];
  readonly [column: string]: unknown;
}

type Node<K extends Condition['kind']> = Extract<Condition, { kind: K }>;

const types = new Map([...TAGS, ...TRAITS].map((one) => [one.id, one.type]));

/** `today` is the brand's business day. */
export function matches(condition: Condition, profile: PlainProfile, today: string): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.of.every((one) => matches(one, profile, today));
    case 'or':
      return condition.of.some((one) => matches(one, profile, today));
    case 'not':
      return !matches(condition.of, profile, today);
    case 'channel': {
      const held = condition.channels.filter((one) => profile.channels.includes(one)).length;
      if (condition.operator === 'all') return held === condition.channels.length;
      return condition.operator === 'any' ? held > 0 : held === 0;
    }
    case 'purchase':
      return bought(condition, profile, today) === condition.did;
    case 'trait':
      return compares(
        condition,
        { value: traitOf(condition.trait, profile), type: types.get(condition.trait)! },
        today,
      );
    case 'tag':
      return compares(condition, { value: profile[condition.tag], type: types.get(condition.tag)! }, today);
  }
}

function traitOf(id: string, profile: PlainProfile): unknown {
  const date = profile.birth_date as string | null;
  const precision = profile.birth_precision;
  if (id === 'birth_date') return precision === 'day' ? date : null;
  if (id === 'birth_year')
    return date !== null && precision !== 'month_day' && precision !== '' ? Number(date.slice(0, 4)) : null;
  if (id === 'birth_month')
    return date !== null && precision !== 'year' && precision !== '' ? Number(date.slice(5, 7)) : null;
  return profile[id];
}

function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

function compares(
  node: Node<'trait'> | Node<'tag'>,
  { value, type }: { value: unknown; type: string },
  today: string,
): boolean {
  const { operator, values = [] } = node;
  if (type === 'list') {
    const list = value as string[];
    if (operator === 'is_empty') return list.length === 0;
    if (operator === 'is_not_empty') return list.length > 0;
    if (operator === 'has_all') return values.every((one) => list.includes(one));
    return values.some((one) => list.includes(one)) === (operator === 'has_any');
  }
  if (type === 'boolean') return value === (operator === 'is_true');
  const unknown = value === null || value === '';
  if (operator === 'is_unknown') return unknown;
  if (operator === 'is_known') return !unknown;
  if (unknown) return false;
  if (type === 'date') return comparesDay(node, String(value), today);
  if (typeof value === 'number') return comparesNumber(node, value);
  const text = String(value);
  if (operator === 'contains') return text.includes(String(node.value));
  if (operator === 'starts_with') return text.startsWith(String(node.value));
  return values.includes(text) === (operator === 'is');
}

function comparesDay(node: Node<'trait'> | Node<'tag'>, value: string, today: string): boolean {
  const within = value > daysBefore(today, node.days ?? 0) && value <= today;
  if (node.operator === 'in_last') return within;
  if (node.operator === 'not_in_last') return !within;
  if (node.operator === 'between') return value >= String(node.from) && value <= String(node.to);
  if (node.operator === 'on') return value === node.value;
  return node.operator === 'before' ? value < String(node.value) : value > String(node.value);
}

function comparesNumber(
  { operator, ...operands }: { operator: string; value?: unknown; from?: unknown; to?: unknown },
  value: number,
): boolean {
  const other = Number(operands.value);
  switch (operator) {
    case 'eq':
      return value === other;
    case 'ne':
      return value !== other;
    case 'gt':
      return value > other;
    case 'gte':
      return value >= other;
    case 'lt':
      return value < other;
    case 'lte':
      return value <= other;
    default:
      return value >= Number(operands.from) && value <= Number(operands.to);
  }
}

function bought(
  { window, channels, categories, total }: Node<'purchase'>,
  profile: PlainProfile,
  today: string,
): boolean {
  const entries = profile.purchases.filter((one) => {
    if (window.kind === 'ever' && one.day > today) return false;
    if (window.kind === 'rolling' && (one.day <= daysBefore(today, window.days) || one.day > today)) return false;
    if (window.kind === 'fixed' && (one.day < window.from || one.day > window.to)) return false;
    if (channels !== undefined && !(channels as readonly string[]).includes(one.channel)) return false;
    return categories === undefined || categories.includes(one.category);
  });
  const orders = new Set(entries.filter((one) => one.order_index > 0).map((one) => one.order_index));
  if (orders.size === 0 || total === undefined) return orders.size > 0;
  const sum = (field: 'net_fen' | 'quantity') => entries.reduce((all, one) => all + one[field], 0);
  return comparesNumber(total, total.of === 'count' ? orders.size : sum(total.of));
}

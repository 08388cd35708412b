/** purchase: bought or did not, in a window, from channels and categories, to a total. */
import { p, raw, type SqlFragment, sql } from '../../store/index.ts';
import { CHANNEL_WORDS } from '../channels.ts';
import type { ValueType } from '../tags/attribute.ts';
import type { Language, Words } from '../words.ts';
import { COMPARISON_PROPERTIES } from './attribute.ts';
import { CHANNEL_LIST } from './channel.ts';
import type { Purchased, PurchaseTotal } from './condition.ts';
import { type CompileContext, type Kind, NO_CHILDREN } from './kind.ts';
import { checkOperands, TOTAL_OPERATORS } from './operators/index.ts';
import { checkWindow, describeWindow, inWindow, WINDOW_SCHEMA } from './window.ts';

const TOTALS: {
  readonly [T in PurchaseTotal['of']]: { readonly type: ValueType & keyof typeof TOTAL_OPERATORS } & Words;
} = {
  count: { type: 'number', zh: '订单数', en: 'orders' },
  net_fen: { type: 'money', zh: '净消费', en: 'net amount' },
  quantity: { type: 'number', zh: '件数（减退货）', en: 'pieces (less returned)' },
};

const { operator, value, from, to } = COMPARISON_PROPERTIES;

const TOTAL_SCHEMA = {
  type: 'object',
  description: 'What the purchases must come to: orders, net amount in fen, or pieces less returned ones.',
  properties: { of: { enum: Object.keys(TOTALS) }, operator, value, from, to },
  required: ['of', 'operator'],
  additionalProperties: false,
};

export const purchase: Kind<Purchased> = {
  ...NO_CHILDREN,
  schema: {
    type: 'object',
    description:
      'Bought at least once in the window, from these channels and categories, and to this total. did = false: everybody else.',
    properties: {
      kind: { const: 'purchase' },
      did: { type: 'boolean' },
      window: WINDOW_SCHEMA,
      channels: CHANNEL_LIST,
      categories: { ...COMPARISON_PROPERTIES.values, description: 'Categories as the sources name them.' },
      total: TOTAL_SCHEMA,
    },
    required: ['kind', 'did', 'window'],
    additionalProperties: false,
  },
  check(node, fault) {
    checkWindow(node.window, fault);
    if (node.total === undefined) return;
    const attribute = { type: TOTALS[node.total.of].type };
    checkOperands(node.total, {
      operators: TOTAL_OPERATORS[attribute.type],
      attribute,
      fault: (path, problem) => fault(`/total${path}`, problem),
    });
  },
  compile(node, { context }) {
    const bought = sql`arrayExists((${PARAMETERS}) -> order_index > 0 AND ${matching(node, context)}, ${ARRAYS})`;
    const matched = node.total === undefined ? bought : sql`(${bought} AND ${totalIs(node, node.total, context)})`;
    return node.did ? matched : sql`(NOT ${matched})`;
  },
  describe: (node, { language }) => describe(node, language),
};

const PARAMETERS = raw('order_index, day, channel, category, net_fen, quantity');
const ARRAYS = raw(
  'purchases.order_index, purchases.day, purchases.channel, purchases.category, purchases.net_fen, purchases.quantity',
);

/** Condition on one purchase entry, by the names of PARAMETERS. */
function matching({ window, channels, categories }: Purchased, context: CompileContext): SqlFragment {
  const oneOf = (column: string, values: readonly string[] | undefined) =>
    values === undefined ? sql`` : sql` AND has(${p('Array(String)', values)}, toString(${raw(column)}))`;
  return sql`(${inWindow(raw('day'), window, context)}${oneOf('channel', channels)}${oneOf('category', categories)})`;
}

function totalIs(node: Purchased, total: PurchaseTotal, context: CompileContext): SqlFragment {
  const entry = matching(node, context);
  const column =
    total.of === 'count'
      ? sql`length(arrayDistinct(arrayFilter((${PARAMETERS}) -> order_index > 0 AND ${entry}, ${ARRAYS})))`
      : sql`arraySum((${PARAMETERS}) -> if(${entry}, ${raw(total.of)}, 0), ${ARRAYS})`;
  const { type } = TOTALS[total.of];
  return TOTAL_OPERATORS[type][total.operator]!.compile({ column, comparison: total, attribute: { type }, context });
}

function describe({ did, window, channels, categories, total }: Purchased, language: Language): string {
  const comma = language === 'zh' ? '、' : ', ';
  const where = channels?.map((one) => CHANNEL_WORDS[one][language]).join(comma);
  const what = categories?.join(comma);
  const when = describeWindow(window, language);
  const sum = total && describeTotal(total, language);
  if (language === 'zh') {
    const object = `${where ? `在${where}` : ''}购买过${what ?? '商品'}`;
    return `${when}${did ? '' : '未曾'}${object}${sum ? `且${sum}` : ''}`;
  }
  const object = `${what ?? 'anything'}${where ? ` from ${where}` : ''} ${when}${sum ? ` with ${sum}` : ''}`;
  return did ? `bought ${object}` : `did not buy ${object}`;
}

function describeTotal(total: PurchaseTotal, language: Language): string {
  const { type, ...words } = TOTALS[total.of];
  const use = TOTAL_OPERATORS[type][total.operator]!;
  return use.describe({ title: words[language], comparison: total, attribute: { type }, language });
}

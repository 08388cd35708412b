/** Orders to look at by hand: returns without a sale, and bills that may be counted elsewhere. */
import { Type } from 'typebox';
import {
  type ListPosition,
  type OrderView,
  type RefundView,
  suspectedDoubles,
  unmatchedReturns,
} from '../../segments/index.ts';
import type { Role } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { Cursor, Day, Instant, limit, page, paged } from './shared.ts';

const READERS: readonly Role[] = ['analyst', 'steward', 'admin'];
const Fen = Type.Integer({ description: 'In fen.' });

export const Order = closed(
  {
    source: Type.String(),
    order_no: Type.String(),
    platform_order_no: Type.String({ description: 'The platform’s number, where this is a copy of its order.' }),
    channel: Type.String(),
    sold_by: Type.String(),
    state: Type.String(),
    business_date: Day,
    paid_at: Type.Union([Instant, Type.Null()]),
    purchase: Type.Boolean({
      description: 'Paid in full, with goods, and not a copy, a suspected double or no purchase.',
    }),
    paid_fen: Fen,
    refunded_fen: Fen,
    net_fen: Fen,
    lines: Type.Array(
      closed({
        line_no: Type.String(),
        product_id: Type.String(),
        title: Type.String(),
        category: Type.String(),
        quantity: Type.Integer(),
        paid_fen: Fen,
        role: Type.Enum(['purchase', 'copy', 'suspected_double', 'unpaid', 'no_purchase']),
      }),
    ),
  },
  { $id: 'Order' },
);

const Return = closed({
  source: Type.String(),
  refund_no: Type.String(),
  channel: Type.String(),
  business_date: Day,
  store_code: Type.String(),
  terminal: Type.String(),
  original_bill_no: Type.String(),
  original_date: Type.String(),
  order_no: Type.String(),
  product_id: Type.String(),
  quantity: Type.Integer(),
  refunded_fen: Fen,
  refund_kind: Type.String(),
  role: Type.Enum(['matched', 'uncounted', 'unmatched', 'no_money']),
  sales: Type.Integer({ description: 'Sales that could be meant: 0, or more than one.' }),
});

const query = closed({ cursor: Cursor, limit: limit(1000, 100) });

export function orderRoutes({ store }: Pick<ApiServices, 'store'>): Route[] {
  return [
    route({
      id: 'listUnmatchedReturns',
      method: 'get',
      path: '/api/v1/orders/unmatched-returns',
      tag: 'orders',
      roles: READERS,
      summary: 'Returns that name no known sale, or one of several',
      query,
      answer: { status: 200, description: 'Newest first.', schema: page(Return) },
      handler: async ({ query: asked }) => ({
        body: await paged<RefundView, ListPosition>({ list: 'unmatched-returns' }, asked, {
          items: ({ after, limit: most }) => unmatchedReturns(store, { limit: most, ...(after ? { after } : {}) }),
          positionOf: (one) => [one.business_date, one.source, one.refund_no],
        }),
      }),
    }),
    route({
      id: 'listSuspectedDoubles',
      method: 'get',
      path: '/api/v1/orders/suspected-doubles',
      tag: 'orders',
      roles: READERS,
      summary: 'Till bills that name an online channel without its number: held out of totals',
      query,
      answer: { status: 200, description: 'Newest first.', schema: page(Order) },
      handler: async ({ query: asked }) => ({
        body: await paged<OrderView, ListPosition>({ list: 'suspected-doubles' }, asked, {
          items: ({ after, limit: most }) => suspectedDoubles(store, { limit: most, ...(after ? { after } : {}) }),
          positionOf: (one) => [one.business_date, one.source, one.order_no],
        }),
      }),
    }),
  ];
}

/** 对账: each day as the source says it was, beside what is held, and the rows that explain a difference. */
import { Type } from 'typebox';
import { differenceRows, reconciled } from '../../ingest/index.ts';
import type { Role } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { Day, Id, limit } from './shared.ts';

const READERS: readonly Role[] = ['analyst', 'steward', 'admin'];
const Fen = Type.Union([Type.Integer(), Type.Null()]);
const FactKind = Type.Enum(['order', 'refund']);
const Store = Type.String({ maxLength: 128, description: 'Store code; empty = all stores of the source together.' });

const DayReconciled = closed(
  {
    source: Type.String(),
    fact_kind: FactKind,
    day: Day,
    store_code: Store,
    stated_count: Fen,
    held_count: Type.Integer(),
    stated_fen: Fen,
    held_fen: Type.Integer(),
    count_difference: Fen,
    fen_difference: Fen,
    agrees: Type.Boolean(),
  },
  { $id: 'DayReconciled', description: 'Differences are held minus stated; null where the source does not say.' },
);

const DifferenceRow = closed({
  reason: Type.Enum(['refused', 'withdrawn', 'elsewhere', 'unstated']),
  row: Type.String({ description: 'Order or return number; of a refused row its page and position.' }),
  fen: Fen,
  detail: Type.String(),
});

export function reconciliationRoutes({ store }: Pick<ApiServices, 'store'>): Route[] {
  return [
    route({
      id: 'listReconciliation',
      method: 'get',
      path: '/api/v1/reconciliation',
      tag: 'sources',
      roles: READERS,
      summary: 'Days as sources say they were, beside what is held',
      query: closed({
        source: Type.Optional(Id),
        from: Type.Optional(Day),
        to: Type.Optional(Day),
        differing: Type.Boolean({ default: false, description: 'Only days that differ.' }),
        limit: limit(5000, 500),
      }),
      answer: {
        status: 200,
        description: 'Newest day first.',
        schema: closed({ items: Type.Array(DayReconciled) }),
      },
      handler: async ({ query: { source = '', from = '1970-01-01', to = '2149-01-01', ...rest } }) => ({
        body: { items: await reconciled(store, { source, from, to, ...rest }) },
      }),
    }),
    route({
      id: 'explainReconciliation',
      method: 'get',
      path: '/api/v1/reconciliation/rows',
      tag: 'sources',
      roles: READERS,
      summary: 'The rows that can explain why a day differs',
      query: closed({
        source: Id,
        fact_kind: FactKind,
        day: Day,
        store_code: Type.Optional(Store),
        limit: limit(5000, 500),
      }),
      answer: {
        status: 200,
        description: 'Largest amounts first.',
        schema: closed({ items: Type.Array(DifferenceRow) }),
      },
      handler: async ({ query: { store_code = '', limit: most, ...day } }) => ({
        body: { items: await differenceRows(store, { ...day, store_code }, most) },
      }),
    }),
  ];
}

/** The records behind a profile, and its orders. */
import { Type } from 'typebox';
import { profileOrders } from '../../segments/index.ts';
import { listRecords, type RecordPosition, type RecordView } from '../reads/records.ts';
import { ROLES } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { Order } from './orders.ts';
import { ByProfile, profileOf } from './profiles.ts';
import { Cursor, Day, Instant, limit, page, paged } from './shared.ts';

type Services = Pick<ApiServices, 'store' | 'status'>;

const Record = closed({
  account_id: Type.String({ description: 'The account it is about; resolves as a profile id.' }),
  source: Type.String(),
  channel: Type.String(),
  kind: Type.String({ description: 'membership, binding, shop_customer, order_line …' }),
  record: Type.String({ description: 'Token of the record; its key at the source is not told.' }),
  at: Type.Unsafe<string>({ ...Instant, description: 'When it was last seen or happened, as far as it says.' }),
  identifiers: Type.Array(
    closed({
      type: Type.String(),
      scope: Type.String(),
      strength: Type.String({ description: 'verified, stated, weak (never joins).' }),
    }),
  ),
  name_masked: Type.String(),
  phone_masked: Type.String(),
  email_masked: Type.String(),
  gender: Type.String(),
  birth_date: Type.Union([Day, Type.Null()]),
  birth_precision: Type.String(),
  province: Type.String(),
  city: Type.String(),
  fields: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Null()]), {
    description: 'What its kind says besides: level and points of a membership, delta of a points entry …',
  }),
});

export function profileRecordRoutes(services: Services): Route[] {
  return [records(services), orders(services)];
}

function records({ store, status }: Services): Route {
  return route({
    id: 'listProfileRecords',
    method: 'get',
    path: '/api/v1/profiles/{id}/records',
    tag: 'profiles',
    roles: ROLES,
    summary: 'What each record of each source says of the person, masked',
    params: ByProfile,
    query: closed({ cursor: Cursor, limit: limit(1000, 100) }),
    answer: { status: 200, description: 'Newest first.', schema: page(Record) },
    problems: ['api.not-found'],
    async handler({ params, query }) {
      const { accounts, profile_id } = await profileOf({ store, status }, params.id);
      return {
        body: await paged<RecordView, RecordPosition>({ list: 'records', profile_id }, query, {
          items: (of) => listRecords(store, { accounts, page: of }),
          positionOf: (one) => [one.at, one.source, one.kind, one.record],
        }),
      };
    },
  });
}

function orders({ store, status }: Services): Route {
  return route({
    id: 'listProfileOrders',
    method: 'get',
    path: '/api/v1/profiles/{id}/orders',
    tag: 'profiles',
    roles: ROLES,
    summary: 'The orders of a profile over all channels',
    params: ByProfile,
    query: closed({ limit: limit(1000, 100) }),
    answer: { status: 200, description: 'Newest first.', schema: closed({ items: Type.Array(Order) }) },
    problems: ['api.not-found'],
    async handler({ params, query }) {
      const { accounts } = await profileOf({ store, status }, params.id);
      return { body: { items: await profileOrders(store, { accounts, limit: query.limit }) } };
    },
  });
}

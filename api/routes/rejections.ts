/** The quarantine (异常数据池): what could not become a record, why, and mapping it again after the mapping was mended. */
import { Type } from 'typebox';
import { countRejections, listRejections, type RejectionPosition, type RejectionView } from '../reads/rejections.ts';
import type { Role } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { Cursor, Id, Instant, limit, page, paged, Run } from './shared.ts';
import { sourceOf } from './sources.ts';

const READERS: readonly Role[] = ['analyst', 'steward', 'privacy', 'admin'];

const Rejection = closed(
  {
    source: Type.String(),
    item_kind: Type.String({ description: 'The kind of raw item: trade, member_row …' }),
    item: Type.String({ description: 'Token of the raw item; its key is not told.' }),
    page: Type.String({ description: 'The page or file it came in.' }),
    position: Type.Integer({ description: 'Its place there: the line of a file, the index on a page.' }),
    path: Type.String({ description: 'Column or JSON pointer within the item.' }),
    code: Type.String(),
    given: Type.String({ description: 'What was given, shortened and masked.' }),
    expected: Type.String(),
    whole_item: Type.Boolean({
      description: 'true = nothing of the item became a record; false = only this value is missing.',
    }),
    happened_at: Instant,
  },
  { $id: 'Rejection' },
);

export function rejectionRoutes({ store, sources }: Pick<ApiServices, 'store' | 'sources'>): Route[] {
  return [
    route({
      id: 'listRejections',
      method: 'get',
      path: '/api/v1/rejections',
      tag: 'rejections',
      roles: READERS,
      summary: 'Open rejections, by source',
      query: closed({ source: Type.Optional(Id), code: Type.Optional(Id), cursor: Cursor, limit: limit(1000, 100) }),
      answer: { status: 200, description: 'In the order of source, kind and item.', schema: page(Rejection) },
      async handler({ query: { cursor, limit: most, ...filter } }) {
        const asked = { limit: most, ...(cursor === undefined ? {} : { cursor }) };
        return {
          body: await paged<RejectionView, RejectionPosition>({ list: 'rejections', ...filter }, asked, {
            items: (of) => listRejections(store, { filter, page: of }),
            positionOf: (one) => [one.source, one.item_kind, one.item, one.path, one.code],
          }),
        };
      },
    }),
    route({
      id: 'countRejections',
      method: 'get',
      path: '/api/v1/rejections/summary',
      tag: 'rejections',
      roles: READERS,
      summary: 'Open rejections counted by source and code',
      query: closed({ source: Type.Optional(Id) }),
      answer: {
        status: 200,
        description: 'Most frequent first.',
        schema: closed({
          items: Type.Array(closed({ source: Type.String(), code: Type.String(), rejections: Type.Integer() })),
        }),
      },
      handler: async ({ query }) => ({ body: { items: await countRejections(store, query.source) } }),
    }),
    route({
      id: 'replayRejections',
      method: 'post',
      path: '/api/v1/rejections/replay',
      tag: 'rejections',
      roles: ['steward', 'admin'],
      summary: 'Map the open rejections of a source again',
      description: 'After the mapping was mended: what is well now becomes records and is settled.',
      body: closed({ source: Id }),
      answer: { status: 202, description: 'The run, which goes on.', schema: Run },
      problems: ['api.not-found'],
      handler: async ({ body }) => ({ body: await sources.replay(sourceOf(sources, body.source).id) }),
    }),
  ];
}

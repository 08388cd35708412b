/** What is held by source, kind and month. */
import { Type } from 'typebox';
import { coverage } from '../../ingest/index.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { Id } from './shared.ts';

export function coverageRoutes({ store, zone }: Pick<ApiServices, 'store' | 'zone'>): Route[] {
  return [
    route({
      id: 'getCoverage',
      method: 'get',
      path: '/api/v1/coverage',
      tag: 'sources',
      roles: ['analyst', 'steward', 'admin'],
      summary: 'Records held by source, kind and month',
      description:
        'Shows where a first load begins and ends, and months without any record between those that have some.',
      query: closed({ source: Type.Optional(Id) }),
      answer: {
        status: 200,
        description: 'By source and kind, oldest month first.',
        schema: closed({
          items: Type.Array(
            closed({
              source: Type.String(),
              kind: Type.String(),
              month: Type.String({ description: 'yyyy-MM; orders and returns by business date.' }),
              records: Type.Integer({ description: 'Live records; an order counts once.' }),
              gap: Type.Boolean({ description: 'true = nothing came, though there is something before and after.' }),
            }),
          ),
        }),
      },
      handler: async ({ query }) => ({ body: { items: await coverage(store, { source: query.source ?? '', zone }) } }),
    }),
  ];
}

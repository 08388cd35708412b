/** What readers may see: the published version, and how fresh it is. */
import { Type } from 'typebox';
import { ROLES } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { Instant } from './shared.ts';

export const Published = closed(
  {
    version: Type.Integer({ description: '0 = nothing was published yet.' }),
    rules_version: Type.Integer(),
    identity_version: Type.Integer(),
    tags_version: Type.Integer(),
    resolved_to: Type.Integer({ description: 'Commits up to this number are resolved.' }),
    data_up_to: Instant,
    published_at: Instant,
  },
  { $id: 'Published' },
);

export function publishedRoutes({ status }: Pick<ApiServices, 'status'>): Route[] {
  return [
    route({
      id: 'getPublished',
      method: 'get',
      path: '/api/v1/published',
      tag: 'published',
      roles: ROLES,
      summary: 'The version every count, list and view keeps to',
      answer: { status: 200, description: 'The newest published version.', schema: Published },
      handler: () => ({ body: status.published() }),
    }),
  ];
}

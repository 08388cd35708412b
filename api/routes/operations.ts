/** What an administrator does by hand: publish now, rebuild from the archive, rotate the sealing key. */
import { Type } from 'typebox';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { Published } from './published.ts';
import { ById, Run } from './shared.ts';
import { sourceOf } from './sources.ts';

export function operationRoutes({
  operations,
  sources,
  audit,
}: Pick<ApiServices, 'operations' | 'sources' | 'audit'>): Route[] {
  return [
    route({
      id: 'refresh',
      method: 'post',
      path: '/api/v1/refresh',
      tag: 'operations',
      roles: ['steward', 'admin'],
      summary: 'Resolve, tag and publish what is new, now',
      body: closed({
        full: Type.Boolean({ default: false, description: 'Resolve everything anew instead of what changed.' }),
      }),
      answer: { status: 200, description: 'The version that readers keep to now.', schema: Published },
      handler: async ({ body }) => ({ body: await operations.refresh(body.full) }),
    }),
    route({
      id: 'rebuildSource',
      method: 'post',
      path: '/api/v1/sources/{id}/rebuild',
      tag: 'operations',
      roles: ['admin'],
      summary: 'Map the whole archive of a source again',
      description: 'As far back as the archive reaches; the run says how far. Facts keep their versions.',
      params: ById,
      answer: { status: 202, description: 'The run, which goes on; GET /api/v1/runs/{id} follows it.', schema: Run },
      problems: ['api.not-found'],
      handler: async ({ params }) => ({ body: await sources.rebuild(sourceOf(sources, params.id).id) }),
    }),
    route({
      id: 'rotateKey',
      method: 'post',
      path: '/api/v1/vault/rotate',
      tag: 'operations',
      roles: ['admin'],
      summary: 'Make a new sealing key and seal everything anew with it',
      description: 'Pulls wait meanwhile. The old key stays in the key file until nothing is sealed with it.',
      answer: {
        status: 200,
        description: 'Rows sealed anew, by table.',
        schema: closed({ resealed: Type.Record(Type.String(), Type.Number()) }),
      },
      async handler({ caller, requestId }) {
        const resealed = await operations.rotateKey();
        const count = Object.values(resealed).reduce((sum, rows) => sum + rows, 0);
        await audit.note({
          actor: caller.key,
          role: caller.role,
          action: 'key-rotated',
          object: 'vault',
          purpose: '',
          count,
          request_id: requestId,
        });
        return { body: { resealed } };
      },
    }),
  ];
}

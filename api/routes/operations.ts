/** What an administrator can have done by hand: the jobs that otherwise follow the schedule, and the rotation of the key. */
import { Type } from 'typebox';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { Published } from './published.ts';

export function operationRoutes(services: Pick<ApiServices, 'operations' | 'audit'>): Route[] {
  return [refresh(services), rotateKey(services)];
}

function refresh({ operations }: Pick<ApiServices, 'operations'>): Route {
  return route({
    id: 'refresh',
    method: 'post',
    path: '/api/v1/operations/refresh',
    tag: 'operations',
    roles: ['steward', 'admin'],
    summary: 'Resolve, tag and publish now',
    description: 'Answers when it is published; a refresh that runs is waited for first.',
    body: closed({
      full: Type.Boolean({ default: false, description: 'Resolve everything anew instead of what changed.' }),
    }),
    answer: { status: 200, description: 'The version that readers keep to now.', schema: Published },
    handler: async ({ body }) => ({ body: await operations.refresh(body.full) }),
  });
}

function rotateKey({ operations, audit }: Pick<ApiServices, 'operations' | 'audit'>): Route {
  return route({
    id: 'rotateSealingKey',
    method: 'post',
    path: '/api/v1/operations/rotate-sealing-key',
    tag: 'operations',
    roles: ['admin'],
    summary: 'Make a new sealing key and seal everything anew with it',
    description: 'Collecting pauses while it runs. Back up keys.json afterwards.',
    answer: {
      status: 200,
      description: 'Rows sealed anew, by table.',
      schema: closed({ resealed: Type.Record(Type.String(), Type.Integer()) }),
    },
    problems: ['vault.key-missing'],
    async handler({ caller, requestId }) {
      const resealed = await operations.rotateKey();
      const count = Object.values(resealed).reduce((sum, rows) => sum + rows, 0);
      const note = { object: 'sealing key', purpose: 'rotation', count, request_id: requestId };
      await audit.note({ actor: caller.key, role: caller.role, action: 'sealing-key-rotated', ...note });
      return { body: { resealed } };
    },
  });
}

/** What an administrator can have done by hand: the jobs that otherwise follow the schedule, and the rotation of the key. */
import { Type } from 'typebox';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { Published } from './published.ts';
import { noteOf } from './shared.ts';

export function operationRoutes(services: Pick<ApiServices, 'operations' | 'audit'>): Route[] {
  return [refresh(services), rotateKey(services)];
}

function refresh({ operations }: Pick<ApiServices, 'operations'>): Route {
  return route({
    id: 'refresh',
    method: 'post',
    path: '/api/v1/refresh',
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
    id: 'rotateKey',
    method: 'post',
    path: '/api/v1/vault/rotate',
    tag: 'operations',
    roles: ['admin'],
    summary: 'Make a new sealing key and seal everything anew with it',
    description: 'Pulls wait meanwhile. The old key stays in the key file: back the file up afterwards.',
    answer: {
      status: 200,
      description: 'Rows sealed anew, by table.',
      schema: closed({ resealed: Type.Record(Type.String(), Type.Integer()) }),
    },
    problems: ['vault.key-missing'],
    async handler(input) {
      const resealed = await operations.rotateKey();
      const count = Object.values(resealed).reduce((sum, rows) => sum + rows, 0);
      const what = { action: 'sealing-key-rotated', object: 'sealing key', purpose: 'rotation', count };
      await audit.note(noteOf(input, what));
      return { body: { resealed } };
    },
  });
}

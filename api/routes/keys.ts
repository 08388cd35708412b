/** API keys: made, listed and revoked by administrators; a secret is shown once, when it is made. */
import { Type } from 'typebox';
import { createKey, listKeys, revokeKey } from '../keys.ts';
import { ROLES } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { ById, Instant, noteOf } from './shared.ts';

const fields = {
  id: Type.String(),
  name: Type.String(),
  role: Type.Enum([...ROLES]),
  created_at: Instant,
  created_by: Type.String(),
};
const Key = closed(fields, { $id: 'Key' });

export function keyRoutes(services: Pick<ApiServices, 'documents' | 'audit'>): Route[] {
  return [listOfKeys(services), makeKey(services), dropKey(services)];
}

function listOfKeys({ documents }: Pick<ApiServices, 'documents'>): Route {
  return route({
    id: 'listKeys',
    method: 'get',
    path: '/api/v1/keys',
    tag: 'keys',
    roles: ['admin'],
    summary: 'The keys there are, without their secrets',
    answer: { status: 200, description: 'Oldest first.', schema: closed({ items: Type.Array(Key) }) },
    handler: () => ({ body: { items: listKeys(documents) } }),
  });
}

function makeKey({ documents, audit }: Pick<ApiServices, 'documents' | 'audit'>): Route {
  return route({
    id: 'createKey',
    method: 'post',
    path: '/api/v1/keys',
    tag: 'keys',
    roles: ['admin'],
    summary: 'Make a key',
    body: closed({
      name: Type.String({ minLength: 1, maxLength: 80, description: 'Which program or desk uses it.' }),
      role: Type.Enum([...ROLES]),
    }),
    answer: {
      status: 201,
      description: 'The key itself is in this answer only.',
      schema: closed({ ...fields, key: Type.String({ description: 'Keep it now: it cannot be shown again.' }) }),
    },
    async handler(input) {
      const made = await createKey(documents, { ...input.body, by: input.caller.key });
      await audit.note(
        noteOf(input, { action: 'key-created', object: made.id, purpose: `role ${made.role}`, count: 1 }),
      );
      return { body: made };
    },
  });
}

function dropKey({ documents, audit }: Pick<ApiServices, 'documents' | 'audit'>): Route {
  return route({
    id: 'revokeKey',
    method: 'delete',
    path: '/api/v1/keys/{id}',
    tag: 'keys',
    roles: ['admin'],
    summary: 'Take a key out of use at once',
    params: ById,
    answer: { status: 200, description: 'The key that is revoked.', schema: Key },
    problems: ['api.not-found', 'api.last-admin-key'],
    async handler(input) {
      const revoked = await revokeKey(documents, input.params.id, input.caller.key);
      await audit.note(
        noteOf(input, { action: 'key-revoked', object: revoked.id, purpose: `role ${revoked.role}`, count: 1 }),
      );
      return { body: revoked };
    },
  });
}

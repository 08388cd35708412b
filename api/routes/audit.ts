/** The audit log, for administrators: who saw, exported, forgot or changed what, and why. */
import { Type } from 'typebox';
import type { AuditEntry, AuditPosition } from '../../privacy/index.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { Cursor, Instant, limit, page, paged } from './shared.ts';

const Entry = closed({
  at: Instant,
  actor: Type.String({ description: 'The id of the API key.' }),
  role: Type.String(),
  action: Type.String({ description: 'reveal, export, export-download, forget, key-created, key-revoked …' }),
  object: Type.String({ description: 'What it was done to, by id.' }),
  purpose: Type.String(),
  count: Type.Integer({ description: 'How many people or things it touched.' }),
  request_id: Type.String(),
});

export function auditRoutes({ audit }: Pick<ApiServices, 'audit'>): Route[] {
  return [
    route({
      id: 'listAudit',
      method: 'get',
      path: '/api/v1/audit',
      tag: 'audit',
      roles: ['admin'],
      summary: 'Who did what to people’s data, and why',
      query: closed({ cursor: Cursor, limit: limit(1000, 100) }),
      answer: { status: 200, description: 'Newest first.', schema: page(Entry) },
      handler: async ({ query }) => ({
        body: await paged<AuditEntry, AuditPosition>({ list: 'audit' }, query, {
          items: ({ after, limit: most }) => audit.list({ limit: most, ...(after ? { after } : {}) }),
          positionOf: (one) => [one.at, one.request_id, one.action, one.object],
        }),
      }),
    }),
  ];
}

/** Segments (人群): saved conditions, and the count of a condition before it is saved. */
import { Type } from 'typebox';
import { Condition } from '../condition-schema.ts';
import { etagOf, expectedRevision } from '../http/if-match.ts';
import { ROLES, type Role } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import { changeSegment, createSegment, listSegments, removeSegment, segmentOf } from '../segments.ts';
import type { ApiServices } from '../services.ts';
import { ById, Instant } from './shared.ts';

export const SEGMENT_WRITERS: readonly Role[] = ['marketer', 'analyst', 'admin'];

const given = {
  name: Type.String({ minLength: 1, maxLength: 120 }),
  description: Type.Optional(Type.String({ maxLength: 2000 })),
  condition: Condition,
};

const Segment = closed(
  {
    id: Type.String(),
    revision: Type.Integer(),
    ...given,
    sentence: closed({ zh: Type.String(), en: Type.String() }, { description: 'The condition in words.' }),
    fault: Type.String({ description: 'Why the condition cannot be run any more; empty = it can.' }),
    changed_at: Instant,
    changed_by: Type.String({ description: 'The id of the API key.' }),
  },
  { $id: 'Segment' },
);

type Services = Pick<ApiServices, 'documents'>;

export function segmentRoutes(services: Services): Route[] {
  return [list(services), create(services), get(services), change(services), remove(services)];
}

function list({ documents }: Services): Route {
  return route({
    id: 'listSegments',
    method: 'get',
    path: '/api/v1/segments',
    tag: 'segments',
    roles: ROLES,
    summary: 'All segments',
    answer: { status: 200, description: 'Newest change first.', schema: closed({ items: Type.Array(Segment) }) },
    handler: () => ({ body: { items: listSegments(documents) } }),
  });
}

function create({ documents }: Services): Route {
  return route({
    id: 'createSegment',
    method: 'post',
    path: '/api/v1/segments',
    tag: 'segments',
    roles: SEGMENT_WRITERS,
    summary: 'Save a condition as a segment',
    body: closed(given),
    answer: { status: 201, description: 'The segment.', schema: Segment },
    ifMatch: true,
    problems: ['condition.invalid'],
    async handler({ body, caller }) {
      const segment = await createSegment(documents, body, caller.key);
      return { body: segment, headers: { ...etagOf(segment.revision), Location: `/api/v1/segments/${segment.id}` } };
    },
  });
}

function get({ documents }: Services): Route {
  return route({
    id: 'getSegment',
    method: 'get',
    path: '/api/v1/segments/{id}',
    tag: 'segments',
    roles: ROLES,
    summary: 'One segment',
    params: ById,
    answer: { status: 200, description: 'The segment.', schema: Segment },
    ifMatch: true,
    problems: ['api.not-found'],
    handler({ params }) {
      const segment = segmentOf(documents, params.id);
      return { body: segment, headers: etagOf(segment.revision) };
    },
  });
}

function change({ documents }: Services): Route {
  return route({
    id: 'changeSegment',
    method: 'put',
    path: '/api/v1/segments/{id}',
    tag: 'segments',
    roles: SEGMENT_WRITERS,
    summary: 'Replace a segment',
    params: ById,
    body: closed(given),
    answer: { status: 200, description: 'The segment as it is now.', schema: Segment },
    ifMatch: true,
    problems: ['api.not-found', 'condition.invalid'],
    async handler({ params, body, caller, headers }) {
      const expected = expectedRevision(headers);
      const segment = await changeSegment(documents, { id: params.id, body, expected, by: caller.key });
      return { body: segment, headers: etagOf(segment.revision) };
    },
  });
}

function remove({ documents }: Services): Route {
  return route({
    id: 'removeSegment',
    method: 'delete',
    path: '/api/v1/segments/{id}',
    tag: 'segments',
    roles: SEGMENT_WRITERS,
    summary: 'Remove a segment',
    description: 'Its audiences stay as they are.',
    params: ById,
    answer: { status: 204, description: 'It is removed.', schema: Type.Null() },
    ifMatch: true,
    problems: ['api.not-found'],
    async handler({ params, caller, headers }) {
      await removeSegment(documents, { id: params.id, expected: expectedRevision(headers), by: caller.key });
      return { body: null };
    },
  });
}

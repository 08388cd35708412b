/** Audiences (人群包): runs of segments, and their members. */
import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import {
  type AudienceRun,
  audienceMembers,
  CHANNELS,
  listAudiences,
  type MemberPosition,
  previewCondition,
  readAudience,
} from '../../segments/index.ts';
import { inBackground } from '../background.ts';
import { Condition, KeptCondition } from '../condition-schema.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { ROLES, type Role } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import { segmentOf } from '../segments.ts';
import type { ApiServices } from '../services.ts';
import { Freshness } from './freshness.ts';
import { ById, Cursor, Instant, limit, ProfileId, page, paged, Run } from './shared.ts';

const COUNTERS: readonly Role[] = ['marketer', 'analyst', 'crm', 'admin'];
const MEMBER_READERS: readonly Role[] = ['marketer', 'analyst', 'crm', 'privacy', 'admin'];

type Services = Pick<ApiServices, 'store' | 'documents' | 'clock' | 'status' | 'jobs' | 'zone'>;

const ByChannel = Type.Record(Type.Enum([...CHANNELS]), Type.Integer(), {
  description: 'Profiles that hold the channel; one profile can hold several.',
});

const Audience = closed(
  {
    run: Type.Integer({ description: 'Number of the run; a later one is higher.' }),
    run_id: Type.String({ description: 'Its id in paths.' }),
    segment: Type.String(),
    condition: KeptCondition,
    condition_hash: Type.String({ description: 'SHA-256 of the condition as it was.' }),
    published_version: Type.Integer(),
    identity_version: Type.Integer(),
    tags_version: Type.Integer(),
    data_up_to: Instant,
    now: Instant,
    member_count: Type.Integer(),
    channel_counts: ByChannel,
    previous_run: Type.Integer({ description: 'The run it is compared with; 0 = the first of its segment.' }),
    entered: Type.Integer(),
    left: Type.Integer(),
    entered_by_identity: Type.Integer({ description: 'Entries made by a merge or a split, not by the segment.' }),
    left_by_identity: Type.Integer({ description: 'Exits made by a merge, a split or a forgotten person.' }),
    finished_at: Instant,
  },
  { $id: 'Audience' },
);

export function audienceRoutes(services: Services): Route[] {
  return [
    preview(services),
    runSegment(services),
    runsOfSegment(services),
    listAll(services),
    getAudience(services),
    members(services),
  ];
}

function preview({ store, clock, status, zone }: Services): Route {
  const Sample = closed({
    profile_id: ProfileId,
    name_masked: Type.String(),
    phone_masked: Type.String(),
    channels: Type.Array(Type.String()),
    level: Type.String(),
    last_purchase: Type.Union([Type.String(), Type.Null()]),
    net_amount_365d_fen: Type.Integer(),
  });
  return route({
    id: 'previewSegment',
    method: 'post',
    path: '/api/v1/segments/preview',
    tag: 'segments',
    roles: COUNTERS,
    summary: 'Count a condition, exactly, on the published version',
    body: closed({ condition: Condition }),
    answer: {
      status: 200,
      description: 'The count, by channel too, with up to ten masked profiles to look at.',
      schema: closed({
        count: Type.Integer(),
        channels: ByChannel,
        sample: Type.Array(Sample),
        freshness: Freshness,
      }),
    },
    problems: ['condition.invalid'],
    handler: async ({ body: { condition } }) => ({
      body: await previewCondition({ store, zone, condition, published: status.published(), now: clock.now() }),
    }),
  });
}

function runSegment({ store, documents, clock, jobs }: Services): Route {
  return route({
    id: 'runSegment',
    method: 'post',
    path: '/api/v1/segments/{id}/runs',
    tag: 'segments',
    roles: COUNTERS,
    summary: 'Run a segment now',
    params: ById,
    answer: {
      status: 202,
      description: 'The run, which goes on; once it is done, GET /api/v1/audiences/{run_id} has its result.',
      schema: Run,
    },
    problems: ['api.not-found'],
    async handler({ params }) {
      const { id: segment, condition } = segmentOf(documents, params.id);
      const runId = randomUUID();
      const work = async () => {
        const { member_count, entered, left } = await jobs.audience({ segment, condition, runId });
        return { members: member_count, entered, left };
      };
      const headers = { Location: `/api/v1/runs/${runId}` };
      return { body: await inBackground({ store, clock }, { kind: 'audience', id: runId, work }), headers };
    },
  });
}

const listed = closed({ cursor: Cursor, limit: limit(1000, 50) });

function runsOfSegment({ store, documents }: Services): Route {
  return route({
    id: 'listSegmentRuns',
    method: 'get',
    path: '/api/v1/segments/{id}/runs',
    tag: 'segments',
    roles: ROLES,
    summary: 'The finished runs of a segment',
    params: ById,
    query: listed,
    answer: { status: 200, description: 'Newest first.', schema: page(Audience) },
    problems: ['api.not-found'],
    async handler({ params, query }) {
      const { id: segment } = segmentOf(documents, params.id);
      return {
        body: await paged<AudienceRun, number>({ list: 'segment-runs', segment }, query, {
          items: ({ after, limit: most }) =>
            listAudiences(store, { segment, limit: most, ...(after === undefined ? {} : { before: after }) }),
          positionOf: ({ run }) => run,
        }),
      };
    },
  });
}

function listAll({ store }: Services): Route {
  return route({
    id: 'listAudiences',
    method: 'get',
    path: '/api/v1/audiences',
    tag: 'audiences',
    roles: ROLES,
    summary: 'The finished runs of all segments',
    query: listed,
    answer: { status: 200, description: 'Newest first.', schema: page(Audience) },
    handler: async ({ query }) => ({
      body: await paged<AudienceRun, number>({ list: 'audiences' }, query, {
        items: ({ after, limit: most }) =>
          listAudiences(store, { limit: most, ...(after === undefined ? {} : { before: after }) }),
        positionOf: ({ run }) => run,
      }),
    }),
  });
}

function getAudience({ store }: Services): Route {
  return route({
    id: 'getAudience',
    method: 'get',
    path: '/api/v1/audiences/{id}',
    tag: 'audiences',
    roles: ROLES,
    summary: 'One audience: what a run of a segment found',
    params: ById,
    answer: { status: 200, description: 'The audience.', schema: Audience },
    problems: ['audience.not-found'],
    handler: async ({ params }) => ({ body: await readAudience(store, params.id) }),
  });
}

function members({ store, status }: Services): Route {
  return route({
    id: 'listMembers',
    method: 'get',
    path: '/api/v1/audiences/{id}/members',
    tag: 'audiences',
    roles: MEMBER_READERS,
    summary: 'The members of an audience, by the ids they have now',
    description:
      'A walk from page to page gives each member once, whatever is published meanwhile. A member that merged into ' +
      'another is given by the id of that one; one that is gone is not given.',
    params: ById,
    query: closed({ cursor: Cursor, limit: limit(10_000, 1000) }),
    answer: {
      status: 200,
      description: 'In a fixed order.',
      schema: page(closed({ profile_id: ProfileId })),
    },
    problems: ['audience.not-found'],
    async handler({ params, query }) {
      const scope = { list: 'members', audience: params.id };
      const position = readCursor<MemberPosition>(scope, query.cursor);
      const { members: items, next } = await audienceMembers({
        store,
        run: await readAudience(store, params.id),
        published: status.published(),
        limit: query.limit,
        ...(position === undefined ? {} : { position }),
      });
      return { body: { items, next_cursor: writeCursor(scope, next) } };
    },
  });
}

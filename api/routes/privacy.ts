/** Privacy requests: to forget a person everywhere, with the searcher's word that nothing is left. */
import { Type } from 'typebox';
import { QuanyuError } from '../../errors.ts';
import { listPrivacyRequests, privacyRequestOf, repeatForgetting, requestForgetting } from '../privacy-requests.ts';
import type { Role } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { GivenIdentifier } from './identifier.ts';
import { ById, Instant, ProfileId, Purpose } from './shared.ts';

const OFFICERS: readonly Role[] = ['privacy', 'admin'];

const Counts = Type.Record(Type.String(), Type.Integer());

const PrivacyRequest = closed(
  {
    request_id: Type.String(),
    status: Type.Enum(['running', 'done', 'incomplete', 'failed'], {
      description: 'incomplete = erased, but the searcher still found something: `report.left` says where.',
    }),
    reason: Type.String(),
    requested_at: Instant,
    requested_by: Type.String(),
    run_id: Type.String(),
    report: Type.Union([
      Type.Null(),
      closed({
        accounts: Type.Integer(),
        profiles: Type.Integer(),
        suppressed_identifiers: Type.Integer({
          description: 'Kept out from now on, so that the next pull brings nothing back.',
        }),
        shared_identifiers: Type.Integer({ description: 'Held by others too, and therefore not kept out.' }),
        erased: Counts,
        left: Counts,
        finished_at: Instant,
      }),
    ]),
  },
  { $id: 'PrivacyRequest' },
);

export function privacyRoutes(services: ApiServices): Route[] {
  return [create(services), list(services), get(services), repeat(services)];
}

function create(services: ApiServices): Route {
  return route({
    id: 'createPrivacyRequest',
    method: 'post',
    path: '/api/v1/privacy/requests',
    tag: 'privacy',
    roles: OFFICERS,
    summary: 'Forget a person',
    description:
      'Names the person by an identifier or by a profile id. Archive, facts, links, history, vault, audiences and exports ' +
      'are erased; the identifiers that nobody else holds are kept out from then on.',
    body: closed({
      identifier: Type.Optional(GivenIdentifier),
      profile_id: Type.Optional(ProfileId),
      reason: Purpose,
    }),
    answer: { status: 202, description: 'The request, which goes on.', schema: PrivacyRequest },
    problems: ['api.not-found', 'privacy.ambiguous'],
    async handler({ body, caller, requestId }) {
      const profileId = await personAsked(services, body);
      const request = await requestForgetting(services, { profileId, reason: body.reason, caller, requestId });
      return { body: request, headers: { Location: `/api/v1/privacy/requests/${request.request_id}` } };
    },
  });
}

async function personAsked(
  { profiles }: Pick<ApiServices, 'profiles'>,
  { identifier, profile_id }: { identifier?: GivenIdentifier; profile_id?: string },
): Promise<string> {
  if ((identifier === undefined) === (profile_id === undefined))
    throw new QuanyuError(
      'api.request-invalid',
      'body: expected either "identifier" or "profile_id". Nothing was erased.',
    );
  if (profile_id !== undefined) return profile_id;
  const found = await profiles.find(identifier!);
  const [only, ...others] = found;
  if (only === undefined)
    throw new QuanyuError('api.not-found', 'No profile holds this identifier. Nothing was erased.');
  if (others.length === 0) return only;
  throw new QuanyuError(
    'privacy.ambiguous',
    `${found.length} profiles hold this identifier. Send the profile_id of the person who asked. Nothing was erased.`,
    { profile_ids: found },
  );
}

function list(services: ApiServices): Route {
  return route({
    id: 'listPrivacyRequests',
    method: 'get',
    path: '/api/v1/privacy/requests',
    tag: 'privacy',
    roles: OFFICERS,
    summary: 'All privacy requests',
    answer: { status: 200, description: 'Newest first.', schema: closed({ items: Type.Array(PrivacyRequest) }) },
    handler: () => ({ body: { items: listPrivacyRequests(services) } }),
  });
}

function get(services: ApiServices): Route {
  return route({
    id: 'getPrivacyRequest',
    method: 'get',
    path: '/api/v1/privacy/requests/{id}',
    tag: 'privacy',
    roles: OFFICERS,
    summary: 'One privacy request, with the searcher’s report once it is done',
    params: ById,
    answer: { status: 200, description: 'The request.', schema: PrivacyRequest },
    problems: ['api.not-found'],
    handler: ({ params }) => ({ body: privacyRequestOf(services, params.id) }),
  });
}

function repeat(services: ApiServices): Route {
  return route({
    id: 'repeatPrivacyRequest',
    method: 'post',
    path: '/api/v1/privacy/requests/{id}/runs',
    tag: 'privacy',
    roles: OFFICERS,
    summary: 'Do a request again that failed or left something over',
    description: 'One that runs or is done stays as it is.',
    params: ById,
    answer: { status: 202, description: 'The request.', schema: PrivacyRequest },
    problems: ['api.not-found'],
    handler: async ({ params }) => ({ body: await repeatForgetting(services, params.id) }),
  });
}

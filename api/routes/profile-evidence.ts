/** What a profile rests on: why its accounts are one person, and what is held. */
import { Type } from 'typebox';
import { explainProfile } from '../../identity/index.ts';
import { ROLES } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { ByProfile, profileOf } from './profiles.ts';
import { Instant, ProfileId } from './shared.ts';

const Link = closed({
  account_a: Type.String(),
  account_b: Type.String(),
  id_type: Type.String(),
  id_scope: Type.String(),
  shown: Type.String({ description: 'The identifier, masked, where a record holds it so.' }),
  strength: Type.String(),
  since: Instant,
  sources: Type.Array(Type.String()),
  zh: Type.String(),
  en: Type.String(),
});

const Held = closed({
  account_a: Type.String(),
  account_b: Type.String(),
  id_type: Type.String(),
  id_scope: Type.String(),
  reason: Type.String(),
  zh: Type.String(),
  en: Type.String(),
});

type Services = Pick<ApiServices, 'store' | 'status'>;

export function profileEvidenceRoutes(services: Services): Route[] {
  return [why(services)];
}

function why({ store, status }: Services): Route {
  return route({
    id: 'explainProfile',
    method: 'get',
    path: '/api/v1/profiles/{id}/why',
    tag: 'profiles',
    roles: ROLES,
    summary: 'Why these accounts are one person, and which links are held for review',
    params: ByProfile,
    answer: {
      status: 200,
      description:
        '`why` is the strongest tree of links; `links` are all, for drawing; `held` were refused, with the reason.',
      schema: closed({ profile_id: ProfileId, why: Type.Array(Link), links: Type.Array(Link), held: Type.Array(Held) }),
    },
    problems: ['api.not-found'],
    async handler({ params }) {
      const { profile_id, accounts } = await profileOf({ store, status }, params.id);
      const explained = await explainProfile(store, { accounts, identityVersion: status.published().identity_version });
      return { body: { profile_id, ...explained } };
    },
  });
}

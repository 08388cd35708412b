/** Why a profile is one person: the links that hold its accounts together, and those that were held back. */
import { Type } from 'typebox';
import { explainProfile, rulesInForce } from '../../identity/index.ts';
import { ROLES } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { ByProfile, profileOf } from './profiles.ts';
import { Instant, ProfileId } from './shared.ts';

type Services = Pick<ApiServices, 'store' | 'documents' | 'status'>;

const ends = {
  account_a: Type.String({ description: 'An account’s id; resolves as a profile id.' }),
  account_b: Type.String(),
  id_type: Type.String(),
  id_scope: Type.String(),
};
const words = { zh: Type.String(), en: Type.String() };

const Link = closed(
  {
    ...ends,
    shown: Type.String({ description: 'The identifier, masked, where a record holds it so.' }),
    strength: Type.String(),
    since: Instant,
    sources: Type.Array(Type.String(), { minItems: 2, maxItems: 2 }),
    ...words,
  },
  { $id: 'IdentityLink' },
);

const Held = closed({ ...ends, reason: Type.String(), ...words });

export function profileWhyRoutes({ store, documents, status }: Services): Route[] {
  return [
    route({
      id: 'explainProfile',
      method: 'get',
      path: '/api/v1/profiles/{id}/why',
      tag: 'profiles',
      roles: ROLES,
      summary: 'Why these accounts are one person, and which links are held for review',
      params: ByProfile,
      answer: {
        status: 200,
        description: 'The strongest links that hold them together, all links, and the links held for review.',
        schema: closed({
          profile_id: ProfileId,
          why: Type.Array(Link, { description: 'The strongest tree: one less than there are accounts.' }),
          links: Type.Array(Link, { description: 'All, for drawing.' }),
          held: Type.Array(Held, { description: 'Unions that were refused, with the reason.' }),
        }),
      },
      problems: ['api.not-found'],
      async handler({ params }) {
        const { accounts, profile_id, freshness } = await profileOf({ store, status }, params.id);
        const explained = await explainProfile(store, {
          rules: rulesInForce(documents),
          accounts,
          identityVersion: freshness.identity_version,
        });
        return { body: { profile_id, ...explained } };
      },
    }),
  ];
}

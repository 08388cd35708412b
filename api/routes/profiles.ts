/** Profiles (消费者档案): found by an identifier, shown masked with the source of each trait, revealed for a purpose. */
import { Type } from 'typebox';
import { QuanyuError } from '../../errors.ts';
import { type ProfileView, readProfile, type TraitOrigin } from '../../segments/index.ts';
import { accountIdOf } from '../../store/index.ts';
import { type IdentifierTokens, identifierTokens, TOKEN_MINUTES } from '../identifier-tokens.ts';
import { readAccounts } from '../reads/accounts.ts';
import { CLEAR_FIELDS, readClearValues } from '../reads/clear-values.ts';
import { MAY_REVEAL, ROLES, type Role } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { Freshness } from './freshness.ts';
import { GivenIdentifier } from './identifier.ts';
import { Instant, noteOf, ProfileId, Purpose } from './shared.ts';

/** Who may ask for one person by an identifier they know. */
const FINDERS: readonly Role[] = ['marketer', 'crm', 'steward', 'privacy', 'admin'];

type Services = Pick<ApiServices, 'store' | 'vault' | 'clock' | 'status' | 'audit' | 'profiles'>;

export const ByProfile = closed({ id: ProfileId });

const Value = Type.Union([Type.String(), Type.Number(), Type.Null()]);
const Origin = closed({
  source: Type.String(),
  kind: Type.String(),
  record: Type.String({ description: 'Token of the record.' }),
  seen_at: Type.Union([Instant, Type.Null()]),
});

const Profile = closed(
  {
    profile_id: ProfileId,
    traits: Type.Record(Type.String(), closed({ value: Value, from: Type.Union([Origin, Type.Null()]) }), {
      description: 'Masked; null = unknown. `from` is the record the value came from.',
    }),
    birth_precision: Type.String({ description: 'day, month_day, year; unknown parts of birth_date are filled up.' }),
    tags: Type.Record(Type.String(), Type.Union([Value, Type.Boolean(), Type.Array(Type.String())])),
    accounts: Type.Array(
      closed({
        account_id: Type.String({ description: 'Resolves as a profile id, to the profile that holds the account.' }),
        source: Type.String(),
        channel: Type.String(),
        kind: Type.String({ description: 'Type of the identifier that names it at its source, or guest.' }),
        known_since: Instant,
      }),
    ),
    freshness: Freshness,
  },
  { $id: 'Profile' },
);

const Found = closed({
  items: Type.Array(closed({ profile_id: ProfileId }), {
    description: 'Usually one; several where an identifier is shared and joins nobody; none where nobody has it.',
  }),
  identifier: Type.String({
    description: `Stands for the identifier in GET /api/v1/profiles?identifier= for ${TOKEN_MINUTES} minutes.`,
  }),
});

export function profileRoutes(services: Services): Route[] {
  const tokens = identifierTokens(services.clock);
  return [lookup(services, tokens), find(services, tokens), get(services), reveal(services)];
}

function lookup({ profiles }: Services, tokens: IdentifierTokens): Route {
  return route({
    id: 'lookupProfiles',
    method: 'post',
    path: '/api/v1/profiles/lookup',
    tag: 'profiles',
    roles: FINDERS,
    summary: 'Find who has an identifier',
    description: 'The identifier travels in the body, so that it is in no log and no history.',
    body: GivenIdentifier,
    answer: { status: 200, description: 'Who has it in the published version.', schema: Found },
    problems: ['api.request-invalid'],
    handler: async ({ body }) => ({ body: { items: await found(profiles, body), identifier: tokens.seal(body) } }),
  });
}

function find({ profiles }: Services, tokens: IdentifierTokens): Route {
  return route({
    id: 'findProfiles',
    method: 'get',
    path: '/api/v1/profiles',
    tag: 'profiles',
    roles: FINDERS,
    summary: 'Find who has an identifier, by the token of a lookup',
    description: 'Takes only a token that POST /api/v1/profiles/lookup gave; personal values do not belong in a URL.',
    query: closed({ identifier: Type.String({ maxLength: 2000, description: 'The token.' }) }),
    answer: { status: 200, description: 'As the lookup answers.', schema: Found },
    problems: ['api.identifier-token-invalid'],
    async handler({ query: { identifier } }) {
      const given = tokens.open(identifier) as GivenIdentifier;
      return { body: { items: await found(profiles, given), identifier } };
    },
  });
}

async function found(profiles: Services['profiles'], given: GivenIdentifier) {
  return (await profiles.find(given)).map((profile_id) => ({ profile_id }));
}

function get({ store, status }: Services): Route {
  return route({
    id: 'getProfile',
    method: 'get',
    path: '/api/v1/profiles/{id}',
    tag: 'profiles',
    roles: ROLES,
    summary: 'One profile, masked',
    description: 'Any id ever handed out resolves: to the profile that now holds that account.',
    params: ByProfile,
    answer: { status: 200, description: 'Traits, tags, accounts.', schema: Profile },
    problems: ['api.not-found'],
    async handler({ params }) {
      const profile = await profileOf({ store, status }, params.id);
      return { body: shown(profile, await readAccounts(store, profile.accounts)) };
    },
  });
}

function reveal({ store, vault, status, audit }: Services): Route {
  const Clear = closed({
    field: Type.Enum([...CLEAR_FIELDS]),
    value: Type.String(),
    sources: Type.Array(Type.String(), { description: 'Sources that give this value.' }),
  });
  return route({
    id: 'revealProfile',
    method: 'post',
    path: '/api/v1/profiles/{id}/reveal',
    tag: 'profiles',
    roles: MAY_REVEAL,
    summary: 'The personal values of a profile in clear',
    description: 'The audit row is written before anything is opened.',
    params: ByProfile,
    body: closed({
      purpose: Purpose,
      fields: Type.Array(Type.Enum([...CLEAR_FIELDS]), {
        default: ['name', 'phone', 'email'],
        minItems: 1,
        uniqueItems: true,
      }),
    }),
    answer: {
      status: 200,
      description: 'Each value once.',
      schema: closed({ profile_id: ProfileId, items: Type.Array(Clear) }),
    },
    problems: ['api.not-found'],
    async handler(input) {
      const { purpose, fields } = input.body;
      const { profile_id, accounts } = await profileOf({ store, status }, input.params.id);
      const what = { action: 'reveal', object: profile_id, purpose: `${purpose} (${fields.join(', ')})`, count: 1 };
      await audit.note(noteOf(input, what));
      return { body: { profile_id, items: await readClearValues({ store, vault }, { accounts, fields }) } };
    },
  });
}

/** The profile that now holds the account of an id; throws api.not-found. */
export async function profileOf(
  { store, status }: Pick<Services, 'store' | 'status'>,
  id: string,
): Promise<ProfileView> {
  const profile = await readProfile(store, { published: status.published(), accountId: accountIdOf(id) ?? '0' });
  if (profile !== null) return profile;
  throw new QuanyuError(
    'api.not-found',
    'No profile has this id in the published version. Look the person up with POST /api/v1/profiles/lookup.',
  );
}

function shown(profile: ProfileView, accounts: Awaited<ReturnType<typeof readAccounts>>) {
  const { profile_id, traits, birth_precision, tags, freshness } = profile;
  const origins = Object.entries(traits).map(([id, { value, from }]) => [id, { value, from: from && originOf(from) }]);
  return { profile_id, traits: Object.fromEntries(origins), birth_precision, tags, accounts, freshness };
}

function originOf({ source, kind, record_id, seen_at }: TraitOrigin) {
  return { source, kind, record: BigInt(record_id).toString(16).padStart(32, '0'), seen_at };
}

/** Who asks, and whether their role may: `Authorization: Bearer <key>`, and never a key in a URL. */
import type { Request, RequestHandler, Response } from 'express';
import { QuanyuError } from '../../errors.ts';
import type { Documents } from '../../store/index.ts';
import { callerOf } from '../keys.ts';
import type { Caller, Role } from '../roles.ts';

const NAMES_OF_KEYS = new Set(['key', 'api_key', 'apikey', 'token', 'access_token', 'authorization']);

/** Refuses a request that carries a key in its URL, whether the key is right or not. */
export const noKeyInUrl: RequestHandler = (request, _response, next) => {
  const entries = Object.entries(request.query);
  if (!entries.some(([name, value]) => NAMES_OF_KEYS.has(name.toLowerCase()) || String(value).startsWith('qk_')))
    return next();
  throw new QuanyuError(
    'api.key-in-url',
    'The URL carries a key. URLs are kept in logs and histories: revoke that key, and send the new one in the header ' +
      '"Authorization: Bearer qk_…".',
  );
};

/** Lets the request through when its key is known and has one of the roles; notes the caller on the response. */
export function authorised(documents: Documents, roles: readonly Role[]): RequestHandler {
  return (request, response, next) => {
    const caller = authenticated(documents, request, response);
    response.locals.caller = caller;
    if (!roles.includes(caller.role))
      throw new QuanyuError(
        'api.forbidden',
        `The key ${caller.key} has the role ${caller.role}; this needs one of: ${roles.join(', ')}.`,
        { role: caller.role, allowed: roles },
      );
    next();
  };
}

function authenticated(documents: Documents, request: Request, response: Response): Caller {
  const header = request.get('authorization');
  const bearer = /^Bearer +(\S{1,512})$/i.exec(header ?? '')?.[1];
  const caller = bearer === undefined ? undefined : callerOf(documents, bearer);
  if (caller !== undefined) return caller;
  response.set('WWW-Authenticate', 'Bearer realm="quanyu"');
  const why =
    header === undefined
      ? 'No API key was sent'
      : bearer === undefined
        ? 'The Authorization header is not of the form "Bearer <key>"'
        : 'The API key is not one of this installation, or was revoked';
  throw new QuanyuError(
    'api.unauthenticated',
    `${why}. Expected the header "Authorization: Bearer qk_…"; an administrator makes keys with POST /api/v1/keys.`,
  );
}

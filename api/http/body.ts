/** Reads bodies of at most 1 MB: JSON objects that are not nested past reading, or bytes as they came. */
import express, { type RequestHandler } from 'express';
import { QuanyuError } from '../../errors.ts';

const LIMIT = '1mb';
const DEEPEST = 100;
const JSON_TYPES = ['application/json', 'application/*+json'];

/** The middlewares that leave `request.body` as a parsed JSON value. */
export const jsonBody: readonly RequestHandler[] = [
  (request, _response, next) => {
    const empty =
      request.headers['transfer-encoding'] === undefined && Number(request.get('content-length') ?? 0) === 0;
    if (!empty && !request.is(JSON_TYPES))
      throw new QuanyuError(
        'api.media-type-unsupported',
        'The body is not declared as JSON. Send it with the header "Content-Type: application/json".',
      );
    next();
  },
  express.json({ limit: LIMIT, type: JSON_TYPES, strict: true }),
  (request, _response, next) => {
    if (depthOver(request.body, DEEPEST))
      throw new QuanyuError(
        'api.body-not-json',
        `The body is nested more than ${DEEPEST} levels deep. Send a flatter one.`,
        { deepest: DEEPEST },
      );
    next();
  },
];

/** The middleware that leaves `request.body` as a Buffer, whatever the type. */
export const rawBody: RequestHandler = express.raw({ limit: LIMIT, type: () => true });

/** True when a value is nested deeper than `limit`; walks level by level, so that no depth can exhaust the stack. */
function depthOver(value: unknown, limit: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((one) => (one !== null && typeof one === 'object' ? Object.values(one) : []));
  }
  return false;
}

/** Limits per minute, counted in memory: requests per key, and wrong keys per address. */
import type { RequestHandler, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { QuanyuError } from '../../errors.ts';

const MINUTE = 60_000;

/** At most `limit` requests a minute per API key. */
export function limitedPerKey(limit: number): RequestHandler {
  return rateLimit({
    windowMs: MINUTE,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (_request, response) => (response.locals.caller as { key: string }).key,
    handler: (_request, response, next) => next(tooMany(response, `${limit} requests a minute for one key`)),
  });
}

/** At most `limit` refused keys a minute per address, so that keys cannot be tried out. */
export function limitedWrongKeys(limit: number): RequestHandler {
  return rateLimit({
    windowMs: MINUTE,
    limit,
    standardHeaders: false,
    legacyHeaders: false,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => response.statusCode !== 401,
    handler: (_request, response, next) => next(tooMany(response, `${limit} refused keys a minute from one address`)),
  });
}

function tooMany(response: Response, limit: string): QuanyuError {
  const seconds = Number(response.get('Retry-After') ?? 60);
  response.set('Retry-After', String(seconds));
  return new QuanyuError('api.too-many-requests', `The limit is ${limit}. Go on after ${seconds} seconds.`, {
    retry_after_seconds: seconds,
  });
}

/**
 * The tracking API (`/v1/…`), after Segment's HTTP spec, so that its SDKs send here by another host: long addresses for
 * servers, one-letter ones for browsers and apps. Answered with 200 once the call is on the disk; what its messages say
 * is looked at later, and what is wrong with them lands in quarantine.
 */
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express';
import { QuanyuError } from '../../errors.ts';
import { MESSAGE_BYTES, MESSAGE_TYPES } from '../../ingest/index.ts';
import type { Log } from '../../log.ts';
import { errorOf } from '../http/problem.ts';
import type { TrackingService } from '../services.ts';
import { basicUser, bodyKey } from './write-key.ts';

/** Segment's limit for one batch. */
const BATCH_BYTES = 500 * 1024;
const PREFLIGHT_SECONDS = 86_400;

/** The router for `/v1`. */
export function tracking(service: TrackingService, log: Log): Router {
  const router = Router();
  router.use(crossOrigin);
  for (const type of MESSAGE_TYPES)
    router.post([`/${type}`, `/${type[0]}`], named(type), raw(MESSAGE_BYTES), taken(service, type));
  router.post(['/batch', '/b', '/import'], named('batch'), raw(BATCH_BYTES), taken(service, ''));
  router.get('/projects/:key/settings', named('settings'), settings(service));
  router.use(failed(log));
  return router;
}

/** Web sites of any origin may send: a write key is all that is asked for, and nothing is answered but that it came. */
const crossOrigin: RequestHandler = (request, response, next) => {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'Retry-After, X-RateLimit-Reset',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  });
  if (request.method !== 'OPTIONS') return next();
  response.set({
    'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
    'Access-Control-Allow-Headers': request.get('access-control-request-headers') ?? 'authorization, content-type',
    'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
    Vary: 'Access-Control-Request-Headers',
  });
  response.status(204).end();
};

/** The pattern for logs and metrics. */
function named(what: string): RequestHandler {
  return (_request, response, next) => {
    response.locals.route = `/v1/${what}`;
    next();
  };
}

/** The body's bytes whatever its type is said to be (browsers say text/plain), unpacked where it came packed. */
const raw = (limit: number): RequestHandler => express.raw({ limit, type: () => true });

function taken(service: TrackingService, type: string): RequestHandler {
  return async (request, response) => {
    const text = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
    const body = parsed(text);
    if (type === '' && !Array.isArray(body.batch)) throw unreadable('an object with a list "batch"');
    const key = basicUser(request.get('authorization')) || bodyKey(body);
    if (key === undefined || service.sourceOf(key) === undefined)
      throw new QuanyuError('api.unauthenticated', 'Invalid write key');
    const messages = type === '' ? (body.batch as unknown[]).length : 1;
    await service.take(key, { type, body: text, messages });
    answer(response, 200, { success: true });
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw unreadable('JSON in UTF-8');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw unreadable('an object');
  return body as Readonly<Record<string, unknown>>;
}

const unreadable = (expected: string) => new QuanyuError('api.body-not-json', `malformed JSON: expected ${expected}`);

/** What SDKs ask for before they send: that all goes here. `apiHost` is the host they asked. */
function settings(service: TrackingService): RequestHandler {
  return (request: Request, response) => {
    const key = String(request.params.key);
    if (service.sourceOf(key) === undefined) throw new QuanyuError('api.not-found', 'Invalid write key');
    const apiHost = `${request.get('host')}/v1`;
    response.json({ integrations: { 'Segment.io': { apiKey: key, apiHost, protocol: request.protocol } } });
  };
}

/** Segment's shape of an answer, and its status where a client must mend something: 400, also for a body too large. */
function failed(log: Log): ErrorRequestHandler {
  return (thrown: unknown, _request, response, _next) => {
    const error = errorOf(thrown);
    response.locals.code = error.code;
    if (error.status >= 500) log.error({ code: error.code }, 'a call of the tracking API was not taken');
    if (response.headersSent) return void response.destroy();
    const { retry_after_seconds: wait } = error.details as { retry_after_seconds?: number };
    if (wait !== undefined || error.status >= 500) {
      const seconds = String(wait ?? 5);
      response.set({ 'Retry-After': seconds, 'X-RateLimit-Reset': seconds });
    }
    const status = error.status === 413 || error.status === 415 ? 400 : error.status;
    answer(response, status, { success: false, message: status >= 500 ? 'try again later' : error.message });
  };
}

function answer(response: Response, status: number, body: object): void {
  response.status(status).type('application/json').send(JSON.stringify(body));
}

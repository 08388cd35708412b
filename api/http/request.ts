/** What every request gets first: an id, headers that keep its answer out of caches, and one log line at its end. */
import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';
import type { Log } from '../../log.ts';

/** Told of each answered request: method, route pattern, status, duration in seconds. */
export type Observe = (request: { method: string; route: string; status: number; seconds: number }) => void;

/** The pattern of the route that answers, never the path that was asked for: paths can hold anything. */
export function routeOf(response: Response): string {
  return (response.locals.route as string | undefined) ?? 'unknown';
}

/** Gives a request its id: the caller's X-Request-Id where it is a plain name and cannot be a personal value. */
export const identified: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id');
  response.locals.requestId = given !== undefined && isSane(given) ? given : randomUUID();
  response.set('X-Request-Id', String(response.locals.requestId));
  response.set('Cache-Control', 'no-store');
  next();
};

/** Letters, digits, - _ . with a letter in it, and no eleven digits in a row (a phone, a card, a national id). */
function isSane(id: string): boolean {
  return /^[\w.-]{1,64}$/.test(id) && /[a-z]/i.test(id) && !/\d{11}/.test(id);
}

/** Security headers. The policy lets /docs run from this server's own files and nothing from elsewhere. */
export const secured: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // The installation decides whether it is reached by TLS; a header sent over plain HTTP would be ignored anyway.
  strictTransportSecurity: false,
});

/** One line per answered request, with nothing of the request but its method and the route's pattern. */
export function logged(log: Log, observe: Observe): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    response.once('close', () => {
      const ms = Math.round(performance.now() - began);
      const { code, caller } = response.locals as { code?: string; caller?: { key: string } };
      const answer = { method: request.method, route: routeOf(response), status: response.statusCode };
      observe({ ...answer, seconds: ms / 1000 });
      log.info(
        {
          ...answer,
          ms,
          request: String(response.locals.requestId),
          ...(code === undefined ? {} : { code }),
          ...(caller === undefined ? {} : { name: caller.key }),
        },
        response.writableFinished ? 'request' : 'request cut off',
      );
    });
    next();
  };
}

/** Puts declared routes on an express app: authorise, limit, read the body, check, handle, answer. */
import { pipeline } from 'node:stream/promises';
import type { Express, Request, RequestHandler, Response } from 'express';
import { QuanyuError } from '../../errors.ts';
import type { Documents } from '../../store/index.ts';
import type { Caller } from '../roles.ts';
import type { Answer, Input, Route } from '../route.ts';
import { checkFor, type Part } from '../validate.ts';
import { authorised, noKeyInUrl } from './authenticate.ts';
import { jsonBody, rawBody } from './body.ts';
import { jsonOf } from './json.ts';

export interface Guards {
  readonly documents: Documents;
  /** Runs before a key is looked at. */
  readonly wrongKeys: RequestHandler;
  /** Runs once the caller is known. */
  readonly perKey: RequestHandler;
}

/** Mounts every route, and for each path an answer to the methods it does not take. */
export function mount(app: Express, routes: readonly Route[], guards: Guards): void {
  for (const [path, ofPath] of byPath(routes)) {
    const mounted = app.route(path.replace(/\{(\w+)\}/g, ':$1'));
    for (const one of ofPath) mounted[one.method](...handlersOf(one, guards));
    mounted.all(refuseMethod(ofPath));
  }
}

function byPath(routes: readonly Route[]): Map<string, Route[]> {
  const paths = new Map<string, Route[]>();
  for (const one of routes) paths.set(one.path, [...(paths.get(one.path) ?? []), one]);
  return paths;
}

function handlersOf(route: Route, guards: Guards): RequestHandler[] {
  const named: RequestHandler = (_request, response, next) => {
    response.locals.route = route.path;
    next();
  };
  const closedToAll =
    route.roles === 'open'
      ? []
      : [noKeyInUrl, guards.wrongKeys, authorised(guards.documents, route.roles), guards.perKey];
  const body = route.body === undefined ? [] : route.body === 'raw' ? [rawBody] : jsonBody;
  return [named, ...closedToAll, ...body, handled(route)];
}

function handled(route: Route): RequestHandler {
  const check = checkFor({
    ...(route.params ? { path: route.params } : {}),
    ...(route.query ? { query: route.query } : {}),
    ...(route.body && route.body !== 'raw' ? { body: route.body } : {}),
  });
  return async (request, response) => {
    const parts: Record<Part, unknown> = {
      path: { ...request.params },
      query: { ...request.query },
      body: request.body,
    };
    check(parts);
    const input = {
      params: parts.path,
      query: parts.query,
      body: parts.body,
      caller: response.locals.caller as Caller,
      requestId: String(response.locals.requestId),
      headers: plainHeaders(request),
    } as Input<never, never, never>;
    await send(response, await route.handler(input), route);
  };
}

async function send(response: Response, answer: Answer<unknown>, { answer: declared }: Route): Promise<void> {
  response.set(answer.headers ?? {});
  if ('stream' in answer) {
    response.status(declared.status).type(declared.contentType ?? 'application/octet-stream');
    // A reader that leaves is no fault of ours; a source that breaks cuts the answer off, so that it is not taken for whole.
    await pipeline(answer.stream, response).catch((thrown: unknown) => {
      if (!response.destroyed) throw thrown;
    });
    return;
  }
  response.status(answer.status ?? declared.status);
  if ('bytes' in answer) response.send(answer.bytes);
  else if (declared.status === 204) response.end();
  else response.type(declared.contentType ?? 'application/json').send(jsonOf(answer.body));
}

function refuseMethod(routes: readonly Route[]): RequestHandler {
  const allowed = routes.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  return (request, response) => {
    response.locals.route = routes[0]?.path;
    response.set('Allow', allowed.join(', '));
    throw new QuanyuError(
      'api.method-not-allowed',
      `${routes[0]?.path} does not take ${request.method}; it takes ${allowed.join(', ')}.`,
      { allowed },
    );
  };
}

function plainHeaders(request: Request): Record<string, string> {
  const entries = Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** `/openapi.json`: the document of all routes, its own included. */
import { Type } from 'typebox';
import { openapiOf } from '../openapi.ts';
import { type Route, route } from '../route.ts';

const VERSION = '1.0.0';

/** The routes given and the one that documents them. */
export function documented(routes: readonly Route[]): Route[] {
  const own = route({
    id: 'getOpenapi',
    method: 'get',
    path: '/openapi.json',
    tag: 'health',
    roles: 'open',
    summary: 'This document',
    answer: { status: 200, description: 'OpenAPI 3.1.', schema: Type.Record(Type.String(), Type.Unknown()) },
    handler: () => ({ body: document }),
  });
  const all = [...routes, own];
  const document = openapiOf(all, VERSION);
  return all;
}

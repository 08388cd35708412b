/** The OpenAPI 3.1 document, made from the declarations that also validate: what it says is what is checked. */
import { STATUS_CODES } from 'node:http';
import { type TSchema, Type } from 'typebox';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { COMPONENT, conditionComponents } from './condition-schema.ts';
import { closed, type Route } from './route.ts';

type Json = Record<string, unknown>;

const Problem = Type.Object(
  {
    type: Type.String({ description: '`urn:quanyu:error:` and the code.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What was given, what was expected, what to do. Never a personal value.' }),
    code: Type.String({ description: 'A code of docs/errors.md.' }),
    retry: Type.Enum(['never', 'later', 'after-mending']),
    request_id: Type.String(),
    errors: Type.Optional(
      Type.Array(
        closed({
          in: Type.Enum(['path', 'query', 'body']),
          pointer: Type.String(),
          given: Type.String(),
          expected: Type.String(),
        }),
      ),
    ),
  },
  { description: 'RFC 9457; some codes add members of their own.' },
);

/** The document of a set of routes. Schemas with an `$id` become components that others refer to. */
export function openapiOf(routes: readonly Route[], version: string): Json {
  const schemas: Json = { Problem, ...conditionComponents() };
  const paths: Record<string, Json> = {};
  for (const one of routes) {
    paths[one.path] = { ...paths[one.path], [one.method]: operationOf(one, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Quanyu',
      version,
      description:
        'Sources, profiles, segments, audiences and exports of one installation. Send an API key as ' +
        '`Authorization: Bearer qk_…`; no key and no personal value belongs in a URL. Lists are paged: send `next_cursor` ' +
        'back as `cursor`. Errors are application/problem+json with a `code` and a `request_id`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key `qk_<id>_<secret>`.' } },
    },
  };
}

function operationOf(route: Route, schemas: Json): Json {
  const { answer } = route;
  const roles = route.roles === 'open' ? 'Open: needs no key.' : `Roles: ${route.roles.join(', ')}.`;
  const content =
    answer.status === 204 ? {} : contentOf(answer.contentType ?? 'application/json', answer.schema, schemas);
  const replies = [answer.status, ...(answer.also ?? [])].map((status) => [
    status,
    { description: answer.description, ...content, ...(route.ifMatch ? { headers: ETAG } : {}) },
  ]);
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, roles].filter(Boolean).join('\n\n'),
    ...(route.roles === 'open' ? {} : { security: [{ key: [] }] }),
    ...parametersOf(route, schemas),
    ...bodyOf(route, schemas),
    responses: { ...Object.fromEntries(replies), ...problemsOf(route) },
  };
}

const ETAG = { ETag: { description: 'The revision, for If-Match.', schema: { type: 'string' } } };

function parametersOf(route: Route, schemas: Json): Json {
  const ofPart = (where: 'path' | 'query', object?: TSchema) =>
    Object.entries((object as { properties?: Record<string, TSchema> } | undefined)?.properties ?? {}).map(
      ([name, schema]) => ({
        name,
        in: where,
        required: ((object as { required?: string[] }).required ?? []).includes(name),
        schema: hoisted(schema, schemas),
      }),
    );
  const parameters = [...ofPart('path', route.params), ...ofPart('query', route.query)];
  const ifMatch = {
    name: 'If-Match',
    in: 'header',
    required: true,
    description: 'The revision the change was made against, as `ETag` gave it; `*` = whatever is there.',
    schema: { type: 'string' },
  };
  const all =
    route.ifMatch && route.method !== 'get' && route.method !== 'post' ? [...parameters, ifMatch] : parameters;
  return all.length === 0 ? {} : { parameters: all };
}

function bodyOf(route: Route, schemas: Json): Json {
  if (route.body === undefined) return {};
  if (route.body === 'raw') return { requestBody: { content: { '*/*': {} } } };
  return { requestBody: { required: true, ...contentOf('application/json', route.body, schemas) } };
}

function contentOf(contentType: string, schema: TSchema, schemas: Json): Json {
  return { content: { [contentType]: { schema: hoisted(schema, schemas) } } };
}

/** Error answers by status, each naming its codes. */
function problemsOf(route: Route): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set([...ownProblems(route), ...(route.problems ?? [])])) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  const answers = [...byStatus].map(([status, codes]) => [
    status,
    { description: `${STATUS_CODES[status]}: ${codes.map((code) => `\`${code}\``).join(', ')}`, content: problem },
  ]);
  return Object.fromEntries(answers) as Json;
}

/** Errors that any route of its kind can answer with. */
function ownProblems(route: Route): ErrorCode[] {
  const codes: ErrorCode[] = ['api.internal'];
  if (route.roles !== 'open')
    codes.push(
      'api.unauthenticated',
      'api.forbidden',
      'api.too-many-requests',
      'api.key-in-url',
      'store.unavailable',
      'api.stopping',
    );
  if (route.params ?? route.query ?? route.body) codes.push('api.request-invalid');
  if (route.query && 'cursor' in route.query.properties) codes.push('api.cursor-invalid');
  if (route.body) codes.push('api.body-too-large');
  if (route.body && route.body !== 'raw') codes.push('api.body-not-json', 'api.media-type-unsupported');
  if (route.ifMatch && (route.method === 'put' || route.method === 'delete'))
    codes.push('api.revision-required', 'store.revision-moved');
  return codes;
}

/** A copy in which every schema with an `$id` stands in components and is referred to. */
function hoisted(schema: unknown, schemas: Json): unknown {
  if (Array.isArray(schema)) return schema.map((one) => hoisted(one, schemas));
  if (schema === null || typeof schema !== 'object') return schema;
  const { $id, [COMPONENT]: component, ...rest } = schema as Json;
  if (typeof component === 'string') return { $ref: `#/components/schemas/${component}` };
  const copy = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, hoisted(value, schemas)]));
  if (typeof $id !== 'string') return copy;
  schemas[$id] = copy;
  return { $ref: `#/components/schemas/${$id}` };
}

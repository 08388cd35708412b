/** Calls of platforms (SPI, webhooks): handed to their source as they came. The platform's signature is the authentication. */
import { Type } from 'typebox';
import { QuanyuError } from '../../errors.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { Id } from './shared.ts';

export function pushRoutes({ sources }: Pick<ApiServices, 'sources'>): Route[] {
  return [
    route({
      id: 'push',
      method: 'post',
      path: '/push/{source}',
      tag: 'push',
      roles: 'open',
      summary: 'A platform’s call to a source',
      description:
        'Method, query, headers and body reach the source’s collector as they came; it checks the platform’s signature. ' +
        'What the call brings is on disk before it is answered.',
      params: closed({ source: Id }),
      query: Type.Object({}, { additionalProperties: Type.String() }),
      body: 'raw',
      answer: { status: 200, description: 'What the platform expects.', contentType: '*/*', schema: Type.String() },
      problems: ['api.not-found'],
      async handler({ params, query, body, headers }) {
        const request = { method: 'POST', query: query as Record<string, string>, headers, body: bytesOf(body) };
        const answer = await sources.push(params.source, request);
        if (answer === undefined)
          throw new QuanyuError('api.not-found', 'No source has this id. Look at its address in the configuration.');
        return { bytes: answer.body, status: answer.status, headers: { 'Content-Type': answer.contentType } };
      },
    }),
  ];
}

/** A call without a body has none to parse. */
function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

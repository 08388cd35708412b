/** Calls of platforms (SPI, webhooks): handed to their source as they came. The platform's signature is the authentication. */
import { Type } from 'typebox';
import { QuanyuError } from '../../errors.ts';
import type { PushRequest } from '../../ingest/index.ts';
import { type Answer, closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { Id } from './shared.ts';

type Texts = Readonly<Record<string, string>>;

export function pushRoutes({ sources }: Pick<ApiServices, 'sources'>): Route[] {
  const shared = {
    path: '/push/{source}',
    tag: 'push',
    roles: 'open',
    params: closed({ source: Id }),
    query: Type.Object({}, { additionalProperties: Type.String() }),
    answer: { status: 200, description: 'What the platform expects.', contentType: '*/*', schema: Type.String() },
    problems: ['api.not-found'],
  } as const;
  const handed = async (source: string, request: PushRequest): Promise<Answer<string>> => {
    const answer = await sources.push(source, request);
    if (answer === undefined)
      throw new QuanyuError('api.not-found', 'No source has this id. Look at its address in the configuration.');
    return { bytes: answer.body, status: answer.status, headers: { 'Content-Type': answer.contentType } };
  };
  return [
    route({
      ...shared,
      id: 'push',
      method: 'post',
      summary: 'A platform’s call to a source',
      description:
        'Method, query, headers and body reach the source’s collector as they came; it checks the platform’s signature. ' +
        'What the call brings is on disk before it is answered.',
      body: 'raw',
      handler: ({ params, query, body, headers }) =>
        handed(params.source, { method: 'POST', query: query as Texts, headers, body: bytesOf(body) }),
    }),
    route({
      ...shared,
      id: 'checkPush',
      method: 'get',
      summary: 'A platform asks whether the URL is the source’s',
      description: 'WeChat and WeCom ask so once, signed, when the URL is entered in their console.',
      handler: ({ params, query, headers }) =>
        handed(params.source, { method: 'GET', query: query as Texts, headers, body: Buffer.alloc(0) }),
    }),
  ];
}

/** A call without a body has none to parse. */
function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

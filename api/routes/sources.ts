/** The configured sources: how each is, and a pull on demand. */
import { Type } from 'typebox';
import { QuanyuError } from '../../errors.ts';
import { ROLES } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices, SourcesService } from '../services.ts';
import { ById, Run } from './shared.ts';

const Source = closed(
  {
    id: Type.String(),
    platform: Type.String(),
    channel: Type.String(),
    schedule: Type.String({ description: 'Cron expression of its pulls, in the brand’s zone.' }),
    state: Type.Enum(['waiting', 'running', 'fault']),
    last_run: Type.Union([Run, Type.Null()]),
    fault: Type.String(),
    advice: Type.String({ description: 'What to do about the fault.' }),
    lag_seconds: Type.Union([Type.Number(), Type.Null()], {
      description: 'Since it was last pulled to the present; null before the first whole run.',
    }),
  },
  { $id: 'Source' },
);

export function sourceRoutes({ sources }: Pick<ApiServices, 'sources'>): Route[] {
  return [
    route({
      id: 'listSources',
      method: 'get',
      path: '/api/v1/sources',
      tag: 'sources',
      roles: ROLES,
      summary: 'All sources with state, last run, progress and fault',
      answer: {
        status: 200,
        description: 'In the order of the configuration.',
        schema: closed({ items: Type.Array(Source) }),
      },
      handler: () => ({ body: { items: [...sources.list()] } }),
    }),
    route({
      id: 'getSource',
      method: 'get',
      path: '/api/v1/sources/{id}',
      tag: 'sources',
      roles: ROLES,
      summary: 'One source',
      params: ById,
      answer: { status: 200, description: 'The source.', schema: Source },
      problems: ['api.not-found'],
      handler: ({ params }) => ({ body: sourceOf(sources, params.id) }),
    }),
    route({
      id: 'runSource',
      method: 'post',
      path: '/api/v1/sources/{id}/runs',
      tag: 'sources',
      roles: ['steward', 'admin'],
      summary: 'Pull a source now',
      description: 'A source has one run at a time: where one is under way, that one is named.',
      params: ById,
      answer: { status: 202, description: 'The run, which goes on; GET /api/v1/runs/{id} follows it.', schema: Run },
      problems: ['api.not-found'],
      async handler({ params }) {
        return { body: await sources.run(sourceOf(sources, params.id).id) };
      },
    }),
  ];
}

/** The source of an id, or api.not-found with the ids there are. */
export function sourceOf(sources: SourcesService, id: string) {
  const found = sources.list().find((source) => source.id === id);
  if (found !== undefined) return found;
  const known = sources.list().map((source) => source.id);
  throw new QuanyuError('api.not-found', `No source has this id. The configured ones are: ${known.join(', ')}.`, {
    known,
  });
}

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
  return [listSources(sources), getSource(sources), runSource(sources), rebuildSource(sources)];
}

function listSources(sources: SourcesService): Route {
  return route({
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
    handler: () => ({ body: { items: sources.list() } }),
  });
}

function getSource(sources: SourcesService): Route {
  return route({
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
  });
}

const begun = { status: 202, description: 'The run, which goes on; GET /api/v1/runs/{id} follows it.', schema: Run };

function runSource(sources: SourcesService): Route {
  return route({
    id: 'runSource',
    method: 'post',
    path: '/api/v1/sources/{id}/runs',
    tag: 'sources',
    roles: ['steward', 'admin'],
    summary: 'Pull a source now',
    description: 'A source has one run at a time: where one is under way, that one is named.',
    params: ById,
    answer: begun,
    problems: ['api.not-found'],
    handler: async ({ params }) => ({ body: await sources.run(sourceOf(sources, params.id).id) }),
  });
}

function rebuildSource(sources: SourcesService): Route {
  return route({
    id: 'rebuildSource',
    method: 'post',
    path: '/api/v1/sources/{id}/rebuild',
    tag: 'sources',
    roles: ['admin'],
    summary: 'Map the whole archive of a source again',
    description: 'As far back as the archive reaches; the run says how far that was.',
    params: ById,
    answer: begun,
    problems: ['api.not-found'],
    handler: async ({ params }) => ({ body: await sources.rebuild(sourceOf(sources, params.id).id) }),
  });
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

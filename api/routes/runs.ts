/** Runs of every job: pulls, replays, refreshes, audiences, exports. */
import { Type } from 'typebox';
import { QuanyuError } from '../../errors.ts';
import type { RunView } from '../../store/index.ts';
import { findRun, listRuns, type RunPosition } from '../reads/runs.ts';
import { ROLES } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { ById, Cursor, Id, limit, page, paged, Run } from './shared.ts';

export function runRoutes(services: Pick<ApiServices, 'store' | 'runs'>): Route[] {
  return [
    route({
      id: 'listRuns',
      method: 'get',
      path: '/api/v1/runs',
      tag: 'runs',
      roles: ROLES,
      summary: 'Runs, newest first',
      query: closed({
        kind: Type.Optional(Id),
        source: Type.Optional(Id),
        status: Type.Optional(Type.Enum(['running', 'done', 'failed', 'stopped'])),
        cursor: Cursor,
        limit: limit(1000, 50),
      }),
      answer: { status: 200, description: 'Those under way with their counts so far.', schema: page(Run) },
      async handler({ query: { cursor, limit: most, ...filter } }) {
        const asked = { limit: most, ...(cursor === undefined ? {} : { cursor }) };
        return {
          body: await paged<RunView, RunPosition>({ list: 'runs', ...filter }, asked, {
            items: (of) => listRuns(services, { filter, page: of }),
            positionOf: (run) => [run.started_at, run.run_id],
          }),
        };
      },
    }),
    route({
      id: 'getRun',
      method: 'get',
      path: '/api/v1/runs/{id}',
      tag: 'runs',
      roles: ROLES,
      summary: 'One run',
      params: ById,
      answer: { status: 200, description: 'The run as it is now.', schema: Run },
      problems: ['api.not-found'],
      async handler({ params }) {
        const run = await findRun(services, params.id);
        if (run === undefined)
          throw new QuanyuError('api.not-found', 'No run has this id. GET /api/v1/runs lists the runs there are.');
        return { body: run };
      },
    }),
  ];
}

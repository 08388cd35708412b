/** How the installation is: for people, for a load balancer, for Prometheus. Open, and without any detail of people. */
import { Type } from 'typebox';
import type { Metrics } from '../metrics.ts';
import { closed, type Route, route } from '../route.ts';
import type { ApiServices, EngineHealth } from '../services.ts';
import { Published } from './published.ts';

const Health = closed({
  status: Type.Enum(['ok', 'down'], { description: 'down = ClickHouse does not answer; it is being restarted.' }),
  engine: closed({
    status: Type.Enum(['running', 'restarting', 'failed', 'stopped', 'external']),
    restarts: Type.Integer({ description: 'Since the process began.' }),
  }),
  published: Published,
  sources: closed({
    all: Type.Integer(),
    running: Type.Integer(),
    in_fault: Type.Array(
      closed(
        { id: Type.String(), fault: Type.String(), advice: Type.String() },
        { description: 'Other sources go on.' },
      ),
    ),
  }),
});

/** True while statements can be answered. */
export function isUp(engine: EngineHealth): boolean {
  return engine.status === 'running' || engine.status === 'external';
}

export function healthRoutes(services: Pick<ApiServices, 'status' | 'sources'>, metrics: Metrics): Route[] {
  return [getHealth(services), getReady(services), getMetrics(metrics)];
}

function getHealth(services: Pick<ApiServices, 'status' | 'sources'>): Route {
  return route({
    id: 'getHealth',
    method: 'get',
    path: '/health',
    tag: 'health',
    roles: 'open',
    summary: 'How the engine and the sources are',
    answer: { status: 200, also: [503], description: '503 while ClickHouse does not answer.', schema: Health },
    handler() {
      const { status, restarts } = services.status.engine();
      const up = isUp({ status, restarts });
      return {
        status: up ? 200 : 503,
        body: {
          status: up ? ('ok' as const) : ('down' as const),
          engine: { status, restarts },
          published: services.status.published(),
          sources: healthOf(services),
        },
      };
    },
  });
}

function getReady({ status }: Pick<ApiServices, 'status'>): Route {
  return route({
    id: 'getReady',
    method: 'get',
    path: '/ready',
    tag: 'health',
    roles: 'open',
    summary: 'Whether requests can be sent here',
    answer: {
      status: 200,
      also: [503],
      description: '503 while starting, stopping, or without ClickHouse.',
      schema: closed({ ready: Type.Boolean() }),
    },
    handler() {
      const ready = status.ready() && isUp(status.engine());
      return { status: ready ? 200 : 503, body: { ready } };
    },
  });
}

function getMetrics(metrics: Metrics): Route {
  return route({
    id: 'getMetrics',
    method: 'get',
    path: '/metrics',
    tag: 'health',
    roles: 'open',
    summary: 'Metrics for Prometheus',
    answer: { status: 200, description: 'Prometheus text format.', contentType: 'text/plain', schema: Type.String() },
    handler: async () => ({
      bytes: await metrics.text(),
      status: 200,
      headers: { 'Content-Type': metrics.contentType },
    }),
  });
}

function healthOf({ sources }: Pick<ApiServices, 'sources'>) {
  const all = sources.list();
  return {
    all: all.length,
    running: all.filter(({ state }) => state === 'running').length,
    in_fault: all.filter(({ state }) => state === 'fault').map(({ id, fault, advice }) => ({ id, fault, advice })),
  };
}

/** Prometheus metrics of one app: requests as they are answered, everything else read when it is asked for. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { differingDays } from '../ingest/index.ts';
import type { Observe } from './http/request.ts';
import { isUp } from './routes/health.ts';
import type { ApiServices } from './services.ts';

export interface Metrics {
  readonly observe: Observe;
  readonly contentType: string;
  text(): Promise<string>;
}

type Reading = readonly [value: number, labels: Readonly<Record<string, string>>];

interface Declared {
  readonly kind: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: () => readonly Reading[] | Promise<readonly Reading[]>;
}

/** Durations from a lookup in memory to a long export, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

export function openMetrics(services: Pick<ApiServices, 'status' | 'sources' | 'runs' | 'store'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'quanyu_http_request_seconds',
    help: 'Duration of answered requests, by route pattern.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  for (const one of [...ofEngine(services), ...ofRuns(services), ...ofSources(services), ofBooks(services)])
    register(registry, one);
  return {
    observe: ({ method, route, status, seconds }) => requests.observe({ method, route, status }, seconds),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

function ofEngine({ status }: Pick<ApiServices, 'status'>): Declared[] {
  return [
    {
      kind: 'gauge',
      name: 'quanyu_engine_up',
      help: '1 while ClickHouse answers.',
      labels: [],
      read: () => [[isUp(status.engine()) ? 1 : 0, {}]],
    },
    {
      kind: 'counter',
      name: 'quanyu_engine_restarts_total',
      help: 'Restarts of the embedded engine since the start.',
      labels: [],
      read: () => [[status.engine().restarts, {}]],
    },
    {
      kind: 'gauge',
      name: 'quanyu_published_version',
      help: 'The version that readers keep to.',
      labels: [],
      read: () => [[status.published().version, {}]],
    },
  ];
}

function ofRuns({ runs }: Pick<ApiServices, 'runs'>): Declared[] {
  return [
    {
      kind: 'gauge',
      name: 'quanyu_runs_running',
      help: 'Runs under way.',
      labels: ['kind', 'source'],
      read: () => runs.running().map(({ kind, source }) => [1, { kind, source }]),
    },
    {
      kind: 'counter',
      name: 'quanyu_runs_total',
      help: 'Runs that ended since the start.',
      labels: ['kind', 'source', 'status'],
      read: () => runs.totals().map(({ kind, source, status, runs: count }) => [count, { kind, source, status }]),
    },
    {
      kind: 'counter',
      name: 'quanyu_records_written_total',
      help: 'Records that runs wrote since the start.',
      labels: ['kind', 'source', 'status'],
      read: () => runs.totals().map(({ kind, source, status, records }) => [records, { kind, source, status }]),
    },
  ];
}

function ofSources({ sources }: Pick<ApiServices, 'sources'>): Declared[] {
  return [
    {
      kind: 'gauge',
      name: 'quanyu_source_fault',
      help: '1 while the last run of a source failed.',
      labels: ['source'],
      read: () => sources.list().map(({ id, state }) => [state === 'fault' ? 1 : 0, { source: id }]),
    },
    {
      kind: 'gauge',
      name: 'quanyu_source_lag_seconds',
      help: 'Seconds since a source was last pulled to the present.',
      labels: ['source'],
      read: () =>
        sources.list().flatMap((one) => (one.lag_seconds === null ? [] : [[one.lag_seconds, { source: one.id }]])),
    },
  ];
}

/** The comparison reads every order, so it is made once for each published version and not for each scrape. */
function ofBooks({ status, store }: Pick<ApiServices, 'status' | 'store'>): Declared {
  let made: { version: number; days: readonly Reading[] } | null = null;
  return {
    kind: 'gauge',
    name: 'quanyu_source_differing_days',
    help: 'Days on which what is held differs from what the source says of itself, as of the published version.',
    labels: ['source'],
    async read() {
      const { version } = status.published();
      if (made?.version === version) return made.days;
      // Without the engine the other metrics still answer.
      const rows = await differingDays(store).catch(() => null);
      if (rows === null) return [];
      made = { version, days: rows.map(({ source, days }) => [days, { source }]) };
      return made.days;
    },
  };
}

function register(registry: Registry, { kind, name, help, labels, read }: Declared): void {
  const shared = { name, help, labelNames: [...labels], registers: [registry] };
  if (kind === 'gauge') {
    new Gauge({
      ...shared,
      async collect() {
        const readings = await read();
        this.reset();
        for (const [value, of] of readings) this.inc(of, value);
      },
    });
    return;
  }
  new Counter({
    ...shared,
    async collect() {
      const readings = await read();
      this.reset();
      for (const [value, of] of readings) this.inc(of, value);
    },
  });
}

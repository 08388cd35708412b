/** The real app over a real engine on a free port, a key for each role, and every log line it writes. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type ApiServices, type AppOptions, createApp, type SourceView, startServer } from '../../api/index.ts';
import { createKey } from '../../api/keys.ts';
import { ROLES, type Role } from '../../api/roles.ts';
import { systemClock } from '../../clock.ts';
import { findProfiles, rulesInForce } from '../../identity/index.ts';
import type { Log } from '../../log.ts';
import { openAudit } from '../../privacy/index.ts';
import { jobHandlers } from '../../processes/heavy.ts';
import type { Jobs } from '../../processes/jobs.ts';
import type { JobContext } from '../../processes/worker.ts';
import { type Documents, openDocuments, type RunView, readPublished } from '../../store/index.ts';
import { openTestStore, type TestStore } from '../helpers/store.ts';
import { documentedAnswers, type OpenapiDocument } from './documented-answers.ts';

export interface TestApp {
  readonly base: string;
  readonly port: number;
  readonly keys: Readonly<Record<Role, string>>;
  readonly services: ApiServices;
  readonly store: TestStore;
  /** Every line the app logged, as JSON text. */
  readonly lines: string[];
  readonly sources: TestSources;
  /** Sends a request as a role (default admin) and checks that its answer is as the OpenAPI document says. */
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly as?: Role | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects out of any answer.
  readonly json: any;
}

export async function openTestApp(options: Omit<AppOptions, 'log'> = {}): Promise<TestApp> {
  const store = await openTestStore();
  const documents = await openDocuments(store.store, systemClock);
  const sources = new TestSources();
  let published = await readPublished(store.store);
  const jobs = heavyJobs(store, documents);
  const services: ApiServices = {
    store: store.store,
    vault: store.vault,
    documents,
    clock: systemClock,
    audit: openAudit(store.store, systemClock),
    status: {
      engine: () => ({ status: store.engine.state().status, restarts: store.engine.state().restarts }),
      ready: () => true,
      published: () => published,
    },
    sources,
    operations: {
      refresh: async (full) => {
        published = await jobs.refresh(full);
        return published;
      },
      rotateKey: async () => ({ vault: 3, source_items: 4 }),
    },
    profiles: { find: (given) => findProfiles(store, given) },
    jobs,
    dataDir: store.dataDir,
    zone: 'Asia/Shanghai',
    runs: { running: () => sources.running, totals: () => [] },
    tracking: { sourceOf: () => undefined, take: async () => undefined },
  };
  const lines: string[] = [];
  const app = createApp(services, {
    requestsPerMinute: 100_000,
    wrongKeysPerMinute: 100_000,
    ...options,
    log: kept(lines),
  });
  const server = await startServer(app, { port: 0, host: '127.0.0.1' });
  const base = `http://127.0.0.1:${server.port}`;
  const keys = Object.fromEntries(
    await Promise.all(
      ROLES.map(async (role) => [role, (await createKey(documents, { name: role, role, by: 'test' })).key]),
    ),
  ) as Record<Role, string>;
  const check = documentedAnswers((await (await fetch(`${base}/openapi.json`)).json()) as OpenapiDocument);

  async function call(method: string, path: string, { as = 'admin', body, headers }: CallOptions = {}): Promise<Reply> {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(as === null ? {} : { Authorization: `Bearer ${keys[as]}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined;
    check({ method, path, status: response.status, json });
    return { status: response.status, headers: response.headers, text, json };
  }

  return {
    base,
    port: server.port,
    keys,
    services,
    store,
    lines,
    sources,
    call,
    async close() {
      await server.stop(1000);
      await store.close();
    },
  };
}

/** Asserts that an answer is a problem document of this code. */
export function assertProblem(reply: Reply, status: number, code: string): void {
  assert.equal(reply.json?.code, code, reply.text);
  assert.equal(reply.status, status);
  assert.equal(reply.headers.get('content-type'), 'application/problem+json; charset=utf-8');
  assert.equal(reply.json.status, status);
  assert.equal(reply.json.type, `urn:quanyu:error:${code}`);
  assert.equal(reply.json.request_id, reply.headers.get('x-request-id'));
  assert.ok(reply.json.title && reply.json.detail && reply.json.retry);
}

/** Two sources that a main process would collect from; their runs only begin. */
export class TestSources {
  readonly running: RunView[] = [];
  readonly pushed: { id: string; query: unknown; headers: Record<string, string>; body: Buffer }[] = [];

  list(): SourceView[] {
    const shared = { schedule: '*/10 * * * *', last_run: null, lag_seconds: null };
    return [
      { ...shared, id: 'pos', platform: 'files', channel: 'pos', state: 'waiting', fault: '', advice: '' },
      {
        ...shared,
        id: 'tmall',
        platform: 'tmall',
        channel: 'tmall',
        state: 'fault',
        fault: 'the session has expired',
        advice: 'authorise the shop again',
      },
    ];
  }

  async run(id: string): Promise<RunView> {
    return this.#begin(id, 'collect');
  }

  async replay(id: string): Promise<RunView> {
    return this.#begin(id, 'replay');
  }

  async rebuild(id: string): Promise<RunView> {
    return this.#begin(id, 'rebuild');
  }

  async push(id: string, request: { query: unknown; headers: Readonly<Record<string, string>>; body: Buffer }) {
    if (!this.list().some((source) => source.id === id)) return undefined;
    this.pushed.push({ ...request, id, headers: { ...request.headers } });
    return { status: 200, contentType: 'text/xml', body: '<ok/>' };
  }

  #begin(source: string, kind: string): RunView {
    const run: RunView = {
      run_id: `run-${this.running.length + 1}`,
      kind,
      source,
      status: 'running',
      started_at: '2026-01-31 08:00:00.000',
      finished_at: null,
      counts: { done: 10, total: 100 },
      fault: '',
      advice: '',
    };
    this.running.push(run);
    return run;
  }
}

/** The real jobs of the job worker, run in this process. */
function heavyJobs({ store, vault, keys, dataDir }: TestStore, documents: Documents) {
  const handlers = jobHandlers();
  const context: JobContext = {
    init: { role: 'jobs', store: store.options, keys, sources: [], zone: 'Asia/Shanghai', dataDir },
    store,
    vault,
    clock: systemClock,
    signal: new AbortController().signal,
    progress: () => undefined,
  };
  const rules = () => rulesInForce(documents);
  return {
    refresh: async (full: boolean) =>
      (await handlers.refresh!({ full, runId: randomUUID(), rules: rules() }, context)).published,
    audience: (job: Jobs['audience']['args']) => handlers.audience!(job, context),
    export: (request: Jobs['export']['args']) => handlers.export!(request, context),
    forget: (person: Omit<Jobs['forget']['args'], 'rules'>) => handlers.forget!({ ...person, rules: rules() }, context),
  };
}

function kept(lines: string[]): Log {
  const keep = (fields: object, message: string) => void lines.push(JSON.stringify({ ...fields, message }));
  return { debug: keep, info: keep, warn: keep, error: keep };
}

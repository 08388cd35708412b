/** Serves one query request from its first byte to its last. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type SplitBody, splitBody, unpacked, wholeBody } from './body.ts';
import { asException, exception } from './exception.ts';
import { partsOf } from './multipart.ts';
import type { PipePool } from './pipes.ts';
import { asParam, type EngineRequest, readRequest } from './request.ts';
import { queryHeaders, sendException, sendOutcome, sendResult } from './respond.ts';
import { runInsert, runOther, runSelect } from './run-statement.ts';
import type { SessionPool } from './sessions.ts';
import { parseStatement, type Statement } from './statement.ts';

export interface Engine {
  readonly sessions: SessionPool;
  readonly pipes: PipePool;
  readonly username: string;
  readonly password: string;
}

export async function handleQuery(
  engine: Engine,
  http: { request: IncomingMessage; response: ServerResponse; url: URL },
): Promise<void> {
  const { request, response, url } = http;
  const asked = readRequest({ method: request.method ?? 'GET', url, headers: request.headers });
  queryHeaders(response, { queryId: asked.queryId });
  try {
    authenticate(engine, asked);
    await answer(engine, asked, http);
  } catch (thrown) {
    if (response.headersSent) response.destroy();
    else sendException(response, asException(thrown));
  } finally {
    request.resume();
  }
}

async function answer(
  engine: Engine,
  asked: EngineRequest,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const startedNs = process.hrtime.bigint();
  const { text, data, params } = await readBody(asked, request);
  const statement = statementOf(text);
  const settings = asked.readonly ? [...asked.settings, ['readonly', '2'] as const] : asked.settings;
  const lease = await engine.sessions.lease({ database: asked.database, settings });
  let marked = true;
  try {
    await lease.bind(params);
    const format = ('format' in statement && statement.kind !== 'insert' && statement.format) || asked.format;
    queryHeaders(response, { queryId: asked.queryId, format });
    if (statement.kind === 'insert') {
      const rows = data ?? (async function* () {})();
      sendOutcome(response, await runInsert(lease.session, engine.pipes, { statement, data: rows }), startedNs);
    } else if (statement.kind === 'select') {
      const running = runSelect(lease.session, engine.pipes, { statement, format });
      await sendResult(response, { ...running, output: running.output! }, startedNs);
    } else {
      sendOutcome(response, await runOther(lease.session, { statement, format }), startedNs);
    }
    marked = statement.kind === 'other' && statement.marksSession;
  } finally {
    lease.release(marked);
  }
}

async function readBody(
  asked: EngineRequest,
  request: IncomingMessage,
): Promise<SplitBody & { params: ReadonlyMap<string, string> }> {
  const body = unpacked(request);
  if (!asked.multipart) return { ...(await splitBody(asked.query, body)), params: asked.params };
  const parts = partsOf(await wholeBody(body), request.headers['content-type'] ?? '');
  const fields = parts.map(({ name, body: value }) => [name, value.toString('utf8')] as const);
  const query = fields.filter(([name]) => name === 'query').map(([, value]) => value);
  const params = new Map([...asked.params, ...fields.flatMap(([name, value]) => asParam(name, value))]);
  return { text: [asked.query, ...query].filter((part) => part !== '').join('\n'), data: undefined, params };
}

function statementOf(text: string): Statement {
  const statement = parseStatement(text);
  if (statement.kind === 'empty') throw exception(62, 'SYNTAX_ERROR', 'Syntax error: Empty query');
  if (statement.kind === 'several') {
    const rest = text.slice(statement.at, statement.at + 80);
    throw exception(
      62,
      'SYNTAX_ERROR',
      `Syntax error (Multi-statements are not allowed): failed at position ${statement.at + 1}: ${rest}`,
    );
  }
  return statement;
}

function authenticate({ username, password }: Engine, asked: EngineRequest): void {
  const [given, expected] = [Buffer.from(asked.password), Buffer.from(password)];
  const right = asked.user === username && given.length === expected.length && timingSafeEqual(given, expected);
  if (right) return;
  throw exception(
    516,
    'AUTHENTICATION_FAILED',
    `${asked.user}: Authentication failed: password is incorrect, or there is no user with such name.`,
  );
}

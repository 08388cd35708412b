/** Runs what a request asks for: reads its statement, takes a session, feeds or reads the engine, sends the answer. */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { chunksOf, splitBody, wholeText } from './body.ts';
import type { Engine } from './engine.ts';
import { exception } from './exception.ts';
import { type Part, partsOf } from './multipart.ts';
import { asParam, type EngineRequest, type ExternalTable } from './request.ts';
import { type Answer, sendOutcome, sendResult } from './respond.ts';
import { type Run, runInsert, runOther, runSelect } from './run-statement.ts';
import { bind, checkNames, type Lease, type SessionState } from './sessions.ts';
import { parseStatement, placeholdersOf, type Statement } from './statement.ts';

/** A session keeps the values bound in it; this much of them may stay (characters). */
const PARAMS_KEPT = 100_000;

export interface Execution {
  readonly engine: Engine;
  readonly asked: EngineRequest;
  readonly body: Readable;
  readonly answer: Answer;
  /** Calls it off. */
  readonly signal: AbortSignal;
}

/** What a request brought. */
interface Job {
  readonly statement: Statement;
  readonly params: ReadonlyMap<string, string>;
  /** The rows of an INSERT. */
  readonly data: AsyncIterator<Uint8Array>;
  /** The session, if tables of the request had to be made in one already. */
  readonly lease?: Lease | undefined;
}

/** Throws what must be answered with an exception; everything else has been answered when it resolves. */
export async function executeRequest(execution: Execution): Promise<void> {
  const { asked, engine, signal } = execution;
  const job = asked.form === undefined ? await readJob(execution) : await readForm(execution, asked.form);
  const { statement, params } = job;
  if (asked.readonly && (statement.kind === 'insert' || (statement.kind === 'other' && statement.inserts))) {
    throw exception(164, 'READONLY', 'Cannot execute query in readonly mode. Use method POST for modifying queries');
  }
  const text = statement.kind === 'insert' ? statement.head : statement.text;
  const unbound = placeholdersOf(text).some((name) => !params.has(name));
  const lease = job.lease ?? (await leaseFor(engine, asked, { statement, fresh: unbound }));
  let marked = true;
  try {
    await bind(lease.session, params);
    await runJob(execution, job, runOf(execution, lease));
    marked = signal.aborted || leavesMark(job);
  } finally {
    await lease.release(marked);
  }
}

async function runJob({ engine, asked, answer }: Execution, { statement, data }: Job, run: Run): Promise<void> {
  const format = formatName((statement.kind === 'insert' ? undefined : statement.format) ?? asked.format);
  answer.response.setHeader('X-ClickHouse-Format', format);
  answer.response.setHeader('Content-Type', engine.formats.contentType(format));
  if (statement.kind === 'insert') return sendOutcome(answer, await runInsert(run, { statement, data }));
  if (statement.kind === 'other') return sendOutcome(answer, await runOther(run, { statement, format }));
  const query = runSelect(run, { statement, format });
  try {
    await sendResult(answer, query);
  } finally {
    query.output.destroy();
  }
}

async function readJob({ asked, body }: Execution): Promise<Job> {
  const { text, data } = await splitBody(asked.query, body);
  return { statement: parseStatement(text), params: asked.params, data: data ?? nothing() };
}

/** A form brings the statement and its values as fields, and tables to be used by the statement as files. */
async function readForm(execution: Execution, form: string): Promise<Job> {
  const { asked, engine, body } = execution;
  const texts = asked.query === '' ? [] : [asked.query];
  const params = new Map(asked.params);
  const made: string[] = [];
  let lease: Lease | undefined;
  try {
    for await (const part of partsOf(chunksOf(body), form)) {
      const table = asked.tables.get(part.name);
      if (table !== undefined) {
        lease ??= withoutTables(await leaseFor(engine, asked, { statement: undefined, fresh: false }), made);
        made.push(part.name);
        await makeTable(runOf(execution, lease), table, part);
        continue;
      }
      const value = await wholeText(`The field ${part.name}`, part.data);
      if (part.name === 'query') texts.push(value);
      else for (const [name, given] of asParam(part.name, value)) params.set(name, given);
    }
    const text = texts.join('\n');
    const statement = parseStatement(text);
    const data = statement.kind === 'insert' ? once(Buffer.from(text.slice(statement.dataAt))) : nothing();
    return { statement, params, data, lease };
  } catch (thrown) {
    await lease?.release(true);
    throw thrown;
  }
}

/** A file of a form, as a temporary table. */
async function makeTable(run: Run, table: ExternalTable, { name, data }: Part): Promise<void> {
  const create = parseStatement(`CREATE TEMPORARY TABLE \`${name}\` (${table.structure}) ENGINE = Memory`);
  const insert = parseStatement(`INSERT INTO \`${name}\` FORMAT ${formatName(table.format)}\n`);
  if (create.kind !== 'other' || insert.kind !== 'insert') throw exception(36, 'BAD_ARGUMENTS', `Bad table ${name}`);
  const made = await runOther(run, { statement: create, format: 'Null' });
  const filled = made.failure === undefined ? await runInsert(run, { statement: insert, data }) : made;
  if (filled.failure !== undefined) throw filled.failure;
}

/** Tables of one request do not stay in a session that does. */
function withoutTables(lease: Lease, names: readonly string[]): Lease {
  const drop = async () => {
    for (const name of names) await lease.session.queryAsync(`DROP TEMPORARY TABLE IF EXISTS \`${name}\``);
  };
  return { session: lease.session, release: (marked) => drop().finally(() => lease.release(marked)) };
}

/** A session in the state that the request asks for, once it is the request's turn to run. */
async function leaseFor(
  engine: Engine,
  asked: EngineRequest,
  use: { statement: Statement | undefined; fresh: boolean },
): Promise<Lease> {
  const settings = asked.readonly ? [...asked.settings, ['readonly', '2'] as const] : asked.settings;
  checkNames(settings);
  const state: SessionState = { database: asked.database, settings };
  const sets = use.statement?.kind === 'other' && use.statement.setsSession;
  const free = await engine.slots.take();
  try {
    const lease = await (asked.session === undefined
      ? engine.sessions.lease(state, use.fresh)
      : engine.named.lease(asked.session, sets ? undefined : state));
    return { session: lease.session, release: (marked) => lease.release(marked).finally(free) };
  } catch (thrown) {
    free();
    throw thrown;
  }
}

/** Whether the session would go on holding much, or something that a later statement could see. */
function leavesMark({ statement, params, lease }: Job): boolean {
  const held = [...params.values()].reduce((sum, value) => sum + value.length, 0);
  return held > PARAMS_KEPT || lease !== undefined || (statement.kind === 'other' && statement.marksSession);
}

function runOf({ engine, signal }: Execution, { session }: Lease): Run {
  return { engine, session, marker: `/*${randomUUID()}*/`, signal };
}

function formatName(text: string): string {
  if (!/^\w+$/.test(text)) throw exception(73, 'UNKNOWN_FORMAT', `Unknown format ${text}`);
  return text;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

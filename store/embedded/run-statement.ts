/** Runs one statement on a session, its rows going in or out through a pipe, until it ends or is called off. */
import type { Readable, Writable } from 'node:stream';
import type { ChdbResult, Session } from 'chdb';
import { drained } from './drained.ts';
import type { Engine } from './engine.ts';
import { asException, type EngineException, exception, withoutPipe } from './exception.ts';
import type { InsertStatement } from './insert-statement.ts';
import { Interruptible } from './interruptible.ts';
import { openReader, openWriter } from './pipes.ts';
import type { OtherStatement, SelectStatement } from './statement.ts';

/** What the engine counted; zeros where it does not tell. */
export interface Counts {
  readonly resultRows: number;
  readonly resultBytes: number;
  readonly writtenRows: number;
  readonly writtenBytes: number;
}

const SYNTAX_ERROR = 62;

export const NO_COUNTS: Counts = { resultRows: 0, resultBytes: 0, writtenRows: 0, writtenBytes: 0 };

/** How a statement ended. */
export interface Outcome {
  readonly counts: Counts;
  readonly failure: EngineException | undefined;
  /** A small answer, whole. */
  readonly body?: Uint8Array;
}

export interface Run {
  readonly engine: Engine;
  readonly session: Session;
  /** Put at the end of the statement's text, so that it can be found among the running ones. */
  readonly marker: string;
  /** Calls the statement off. */
  readonly signal: AbortSignal;
}

/** Starts a query. `output` gives its result and ends with `done`, which never rejects. */
export function runSelect(
  run: Run,
  query: { readonly statement: SelectStatement; readonly format: string },
): { readonly output: Readable; readonly done: Promise<Outcome> } {
  const { pipes } = run.engine;
  const path = pipes.take();
  const { stream, finish } = openReader(path);
  const closed = new Promise((done) => stream.once('close', done));
  stream.on('error', () => {});
  // The engine goes on computing when nobody reads. Once it is told to stop, the closed pipe lets it see that.
  const ended = start(run, query.statement.writing(path, query.format), { stopped: () => stream.destroy() });
  const done = ended.then(({ result, failure }): Outcome => {
    finish();
    if (run.signal.aborted) return failed(cancelled());
    if (failure !== undefined) return failed(clearer(failure, run.session, query.statement.text));
    return { counts: { ...NO_COUNTS, resultRows: result.rowsRead, resultBytes: result.bytesRead }, failure };
  });
  void Promise.all([done, closed]).then(() => pipes.release(path));
  return { output: stream, done };
}

/** Runs an INSERT, fed with `data`. When `data` fails, the block that is not whole is not written. */
export async function runInsert(
  run: Run,
  insert: { readonly statement: InsertStatement; readonly data: AsyncIterator<Uint8Array> },
): Promise<Outcome> {
  const { pipes, kill } = run.engine;
  const path = pipes.take();
  let settled = false;
  const ended = start(run, insert.statement.reading(path)).finally(() => {
    settled = true;
  });
  const writer = await openWriter(path, ended);
  const fed = writer === undefined ? UNREAD : await feed(writer, insert.data, { ended, signal: run.signal });
  const broken = fed !== WHOLE && fed !== UNREAD;
  // The pipe's end would be taken for the data's end: the statement is stopped before it sees that.
  if (broken) await kill(run.marker, () => settled);
  writer?.destroy();
  const { result, failure } = await ended;
  pipes.release(path);
  if (broken) return failed(asException(fed));
  if (failure !== undefined) return failed(clearer(withoutPipe(failure, path), run.session, insert.statement.head));
  if (fed === UNREAD && !insert.statement.selects) return failed(unread());
  return { counts: { ...NO_COUNTS, writtenRows: result.rowsRead, writtenBytes: result.bytesRead }, failure };
}

/** Runs any other statement. */
export async function runOther(
  run: Run,
  other: { readonly statement: OtherStatement; readonly format: string },
): Promise<Outcome> {
  const { result, failure } = await start(run, other.statement.text, { format: other.format });
  if (failure !== undefined) return failed(failure);
  const counts = { ...NO_COUNTS, resultRows: result.rowsRead, resultBytes: result.bytesRead };
  return { counts, failure, body: result.bytes() };
}

type Ended =
  | { readonly result: ChdbResult; readonly failure: undefined }
  | { readonly result: undefined; readonly failure: EngineException };

/** Runs a text to its end. `stopped` is called once the engine took notice that it was called off. */
async function start(
  { engine, session, marker, signal }: Run,
  text: string,
  { format = 'TabSeparated', stopped = () => {} }: { format?: string; stopped?: () => void } = {},
): Promise<Ended> {
  let settled = false;
  const stop = () => void engine.kill(marker, () => settled).then(stopped, stopped);
  if (signal.aborted) return { result: undefined, failure: cancelled() };
  signal.addEventListener('abort', stop, { once: true });
  try {
    return { result: await session.queryAsync(`${text}\n${marker}`, { format }), failure: undefined };
  } catch (thrown) {
    return { result: undefined, failure: asException(thrown) };
  } finally {
    settled = true;
    signal.removeEventListener('abort', stop);
  }
}

/** All data was written into the pipe. */
const WHOLE = Symbol('whole');
/** The engine let go of the pipe before it had read all. */
const UNREAD = Symbol('unread');

/** Writes all data into the pipe. Gives WHOLE, UNREAD, or what broke the data off. */
async function feed(
  writer: Writable,
  data: AsyncIterator<Uint8Array>,
  { ended, signal }: { ended: Promise<unknown>; signal: AbortSignal },
): Promise<unknown> {
  const waiting = new Interruptible<'closed' | 'aborted'>();
  const abort = () => waiting.interrupt('aborted');
  writer.on('error', () => {});
  writer.once('close', () => waiting.interrupt('closed'));
  void ended.then(() => waiting.interrupt('closed'));
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    for (;;) {
      const next = await waiting.wait(data.next());
      if (next === 'aborted') return cancelled();
      if (next === 'closed') return UNREAD;
      if (next.done) break;
      if (!writer.write(next.value)) await waiting.wait(drained(writer));
    }
    writer.end();
    if ((await waiting.wait(new Promise<never>(() => {}))) === 'aborted') return cancelled();
    return writer.writableFinished ? WHOLE : UNREAD;
  } catch (thrown) {
    return thrown;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A syntax error told about the text that was given, not about the text with our clause in it. */
function clearer(failure: EngineException, session: Session, text: string): EngineException {
  if (failure.code !== SYNTAX_ERROR) return failure;
  try {
    session.queryStream(text, { format: 'Null' }).cancel();
    return failure;
  } catch (thrown) {
    const clear = asException(thrown);
    return clear.code === SYNTAX_ERROR ? clear : failure;
  }
}

function unread(): EngineException {
  return exception(210, 'NETWORK_ERROR', 'The engine ended the statement before it had read all of the data');
}

function cancelled(): EngineException {
  return exception(394, 'QUERY_WAS_CANCELLED', 'Query was cancelled');
}

function failed(failure: EngineException): Outcome {
  return { counts: NO_COUNTS, failure };
}

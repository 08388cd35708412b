/** Runs one statement on a session, its rows going in or out through a pipe. */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Session } from 'chdb';
import { asException, type EngineException } from './exception.ts';
import type { InsertStatement } from './insert-statement.ts';
import { openReader, openWriter, type PipePool } from './pipes.ts';
import type { OtherStatement, SelectStatement } from './statement.ts';

/** What the engine counted. */
export interface Counts {
  readonly readRows: number;
  readonly readBytes: number;
  readonly writtenRows: number;
  readonly writtenBytes: number;
}

export interface Outcome {
  readonly counts: Counts;
  readonly failure: EngineException | undefined;
}

/** A statement under way. `done` never rejects. */
export interface Running {
  readonly output: Readable | undefined;
  readonly done: Promise<Outcome & { readonly body?: Uint8Array }>;
}

const NOTHING: Counts = { readRows: 0, readBytes: 0, writtenRows: 0, writtenBytes: 0 };

/** Starts a query; its result comes out of `output`, which ends after `done`. */
export function runSelect(
  session: Session,
  pipes: PipePool,
  query: { statement: SelectStatement; format: string },
): Running {
  const path = pipes.take();
  const { stream, finish } = openReader(path);
  const done = session
    .queryAsync(query.statement.writing(path, query.format))
    .then(
      (result) => ({
        counts: { ...NOTHING, readRows: result.rowsRead, readBytes: result.bytesRead },
        failure: undefined,
      }),
      (thrown) => ({ counts: NOTHING, failure: asException(thrown) }),
    )
    .finally(finish);
  stream.once('close', () => void done.then(() => pipes.release(path)));
  return { output: stream, done };
}

/** Runs an INSERT, fed with `data`. */
export async function runInsert(
  session: Session,
  pipes: PipePool,
  insert: { statement: InsertStatement; data: AsyncIterable<Uint8Array> },
): Promise<Outcome> {
  const path = pipes.take();
  let settled = false;
  const result = session
    .queryAsync(insert.statement.reading(path))
    .then(
      ({ rowsRead, bytesRead }) => ({
        counts: { readRows: rowsRead, readBytes: bytesRead, writtenRows: rowsRead, writtenBytes: bytesRead },
        failure: undefined,
      }),
      (thrown) => ({ counts: NOTHING, failure: asException(thrown) }),
    )
    .finally(() => {
      settled = true;
    });
  const writer = await openWriter(path, () => settled);
  if (writer !== undefined) await pipeline(insert.data, writer).catch(() => undefined);
  const outcome = await result;
  pipes.release(path);
  return outcome;
}

/** Runs any other statement. */
export async function runOther(
  session: Session,
  { statement, format }: { statement: OtherStatement; format: string },
): Promise<Outcome & { body: Uint8Array }> {
  try {
    const result = await session.queryAsync(statement.text, { format });
    return { body: result.bytes(), counts: NOTHING, failure: undefined };
  } catch (thrown) {
    return { body: new Uint8Array(), counts: NOTHING, failure: asException(thrown) };
  }
}

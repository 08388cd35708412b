/**
 * Small state as documents (segments, API keys, export receipts, settings): held in memory by the one process that
 * writes them, kept in ClickHouse. Each write names the revision it saw and fails with 409 if that has moved on.
 */
import { type Clock, clickhouseInstant } from '../clock.ts';
import { QuanyuError } from '../errors.ts';
import type { Store } from './client.ts';
import { sql } from './sql.ts';

export interface Document<Body> {
  readonly id: string;
  readonly revision: number;
  readonly body: Body;
  readonly changed_at: string;
  readonly changed_by: string;
}

export interface PutOptions {
  /** The revision the writer saw: 0 = it must not exist yet; undefined = whatever is there. */
  readonly expected?: number;
  readonly by: string;
}

export interface Documents {
  list<Body>(collection: string): Document<Body>[];
  get<Body>(collection: string, id: string): Document<Body> | undefined;
  put<Body>(collection: string, id: string, body: Body, options: PutOptions): Promise<Document<Body>>;
  remove(collection: string, id: string, options: PutOptions): Promise<void>;
}

interface Row {
  collection: string;
  id: string;
  revision: number;
  deleted: number;
  body: string;
  changed_at: string;
  changed_by: string;
}

/** Loads every document; afterwards reads are from memory and writes go through to ClickHouse before they count. */
export async function openDocuments(store: Store, clock: Clock): Promise<Documents> {
  const held = new Map<string, Document<unknown> & { deleted: boolean }>();
  const keyOf = (collection: string, id: string) => `${collection}\u0000${id}`;
  const rows = await store.rows<Row>(
    sql`SELECT collection, id, revision, deleted, body, toString(changed_at) AS changed_at, changed_by FROM documents FINAL`,
  );
  for (const row of rows) held.set(keyOf(row.collection, row.id), documentOf(row));

  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };

  async function write<Body>(collection: string, id: string, change: { body: Body; deleted: boolean } & PutOptions) {
    const before = held.get(keyOf(collection, id));
    const seen = before === undefined || before.deleted ? 0 : before.revision;
    if (change.expected !== undefined && change.expected !== seen) throw moved(collection, id, change.expected, seen);
    const row: Row = {
      collection,
      id,
      revision: (before?.revision ?? 0) + 1,
      deleted: change.deleted ? 1 : 0,
      body: JSON.stringify(change.body),
      changed_at: clickhouseInstant(clock.now()),
      changed_by: change.by,
    };
    await store.insert('documents', [row]);
    const document = documentOf(row);
    held.set(keyOf(collection, id), document);
    return document as Document<Body>;
  }

  return {
    list<Body>(collection: string) {
      const prefix = keyOf(collection, '');
      return [...held]
        .filter(([key, one]) => key.startsWith(prefix) && !one.deleted)
        .map(([, one]) => one as Document<Body>);
    },
    get<Body>(collection: string, id: string) {
      const one = held.get(keyOf(collection, id));
      return one === undefined || one.deleted ? undefined : (one as Document<Body>);
    },
    put: (collection, id, body, options) => inTurn(() => write(collection, id, { body, deleted: false, ...options })),
    remove: async (collection, id, options) => {
      await inTurn(() => write(collection, id, { body: null, deleted: true, ...options }));
    },
  };
}

function documentOf(row: Row): Document<unknown> & { deleted: boolean } {
  return {
    id: row.id,
    revision: row.revision,
    // Readers share what is held: nobody may change it but by put.
    body: JSON.parse(row.body, (_, value: unknown) => Object.freeze(value)) as unknown,
    changed_at: row.changed_at,
    changed_by: row.changed_by,
    deleted: row.deleted === 1,
  };
}

function moved(collection: string, id: string, expected: number, seen: number): QuanyuError {
  return new QuanyuError(
    'store.revision-moved',
    `${collection} ${id}: the change was made against revision ${expected}, but it is at revision ${seen} now. ` +
      'Read it again and repeat the change.',
    { collection, id, expected, revision: seen },
  );
}

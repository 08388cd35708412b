/** Numbered migrations (store/schema/NNN-name.sql), each applied once, in order, with a checksum. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clickhouseInstant, systemClock } from '../clock.ts';
import { QuanyuError } from '../errors.ts';
import { openStore, type Store } from './client.ts';
import { raw, sql } from './sql.ts';

export interface Migration {
  readonly id: number;
  readonly name: string;
  readonly checksum: string;
  readonly statements: readonly string[];
}

const FOLDER = join(import.meta.dirname, 'schema');

/** Reads the migrations of a folder. */
export async function readMigrations(folder = FOLDER): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => /^\d{3}-[a-z0-9-]+\.sql$/.test(file)).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n');
      return {
        id: Number(file.slice(0, 3)),
        name: file.slice(4, -4),
        checksum: createHash('sha256').update(text).digest('hex'),
        statements: splitStatements(text),
      };
    }),
  );
}

/**
 * Makes the database and applies what is not applied yet. Refuses to start over an edited migration.
 * A migration that was cut off half-way is applied again: its statements say IF (NOT) EXISTS here, not in the files.
 */
export async function migrate(store: Store, migrations?: readonly Migration[]): Promise<number[]> {
  await makeDatabase(store);
  await store.run(sql`CREATE TABLE IF NOT EXISTS migrations
    (id UInt16, name String, checksum String, applied_at DateTime64(3, 'UTC'))
    ENGINE = ReplacingMergeTree ORDER BY id SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`);
  const known = migrations ?? (await readMigrations());
  const applied = await store.rows<{ id: number; checksum: string }>(sql`SELECT id, checksum FROM migrations FINAL`);
  const byId = new Map(applied.map((row) => [row.id, row.checksum]));
  const done: number[] = [];
  for (const migration of known) {
    const before = byId.get(migration.id);
    if (before === migration.checksum) continue;
    if (before !== undefined) throw edited(migration);
    for (const statement of migration.statements) await store.run(raw(repeatable(statement)));
    const { id, name, checksum } = migration;
    await store.insert('migrations', [{ id, name, checksum, applied_at: clickhouseInstant(systemClock.now()) }]);
    done.push(migration.id);
  }
  return done;
}

function edited(migration: Migration): QuanyuError {
  const file = `${String(migration.id).padStart(3, '0')}-${migration.name}.sql`;
  return new QuanyuError(
    'store.migration-edited',
    `Migration ${file} was applied to this database and has been edited since (its checksum differs). ` +
      'Restore the file as it was and put the change into a new migration with the next number.',
    { file },
  );
}

async function makeDatabase(store: Store): Promise<void> {
  const server = openStore({ ...store.options, database: 'default' });
  try {
    await server.run(raw(`CREATE DATABASE IF NOT EXISTS \`${store.options.database.replaceAll('`', '')}\``));
  } finally {
    await server.close();
  }
}

function splitStatements(text: string): string[] {
  return text
    .replace(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

function repeatable(statement: string): string {
  if (!/^(CREATE|ALTER|DROP) /.test(statement)) return statement;
  return statement
    .replace(/^CREATE (TABLE|VIEW|MATERIALIZED VIEW) (?!IF )/, 'CREATE $1 IF NOT EXISTS ')
    .replace(/\bADD (COLUMN|INDEX|PROJECTION|CONSTRAINT) (?!IF )/g, 'ADD $1 IF NOT EXISTS ')
    .replace(/\bDROP (COLUMN|INDEX|PROJECTION|CONSTRAINT|TABLE|VIEW) (?!IF )/g, 'DROP $1 IF EXISTS ');
}

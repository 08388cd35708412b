/** How the tables and files of segments forget a person. An ordinal of a profile is always that of one of its accounts. */
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ForgetContext, ForgetsPeople, Forgotten } from '../privacy/index.ts';
import { p, raw, type SqlFragment, type Store, sql } from '../store/index.ts';
import { exportsFolder } from './export/index.ts';
import { STAGED_TABLES } from './tags/index.ts';

const SYNC = { settings: { mutations_sync: '2' as const } };

export const segmentsForget: ForgetsPeople = {
  name: 'segments',

  async erase(context, who) {
    const { store } = context;
    const counts = await count(store, who);
    const files = await takeBackFiles(context, who);
    for (const { table, where } of places(who))
      await store.run(sql`ALTER TABLE ${raw(table)} DELETE WHERE ${where}`, SYNC);
    for (const table of STAGED_TABLES) await store.run(sql`TRUNCATE TABLE ${raw(table)}`);
    return { ...counts, files };
  },

  async search({ store, dataDir }, who) {
    return {
      ...(await count(store, who)),
      files: (await filesWith(dataDir, [...who.values, ...who.profileIds])).length,
    };
  },
};

/** Tables with rows of people, and which rows are this person's. */
function places(who: Forgotten): readonly { table: string; where: SqlFragment }[] {
  const ordinals = p('Array(UInt32)', who.accountOrdinals);
  const isProfile = sql`profile_ordinal IN (SELECT arrayJoin(${ordinals}))`;
  return [
    { table: 'profiles', where: sql`(${isProfile} OR hasAny(accounts, ${ordinals}))` },
    { table: 'audience_members', where: isProfile },
    { table: 'export_members', where: isProfile },
  ];
}

async function count(store: Store, who: Forgotten): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { table, where } of places(who)) {
    const [row] = await store.rows<{ found: number }>(sql`SELECT count() AS found FROM ${raw(table)} WHERE ${where}`);
    found[table] = row?.found ?? 0;
  }
  return found;
}

/** Removes every file the person stands in, whole: a file without its other rows would not be what its receipt says. */
async function takeBackFiles({ store, dataDir }: ForgetContext, who: Forgotten): Promise<number> {
  const ordinals = p('Array(UInt32)', who.accountOrdinals);
  const sent = sql`export_id IN (SELECT export_id FROM export_members
    WHERE outcome = 'sent' AND profile_ordinal IN (SELECT arrayJoin(${ordinals})))`;
  const named = await store.rows<{ file: string }>(sql`SELECT file FROM exports FINAL WHERE file != '' AND ${sent}`);
  const holding = await filesWith(dataDir, [...who.values, ...who.profileIds]);
  const files = new Set([...named.map((row) => row.file), ...holding]);
  for (const file of files) await rm(join(exportsFolder(dataDir), file), { force: true });
  await store.run(sql`
    INSERT INTO exports SELECT * REPLACE ('' AS file, 2 AS revision)
    FROM (SELECT * FROM exports FINAL WHERE file IN (SELECT arrayJoin(${p('Array(String)', [...files])})))`);
  return files.size;
}

/** Names of export files that hold one of the values. */
async function filesWith(dataDir: string, values: readonly string[]): Promise<string[]> {
  const folder = exportsFolder(dataDir);
  const names = await readdir(folder).catch(() => []);
  const found: string[] = [];
  for (const name of names) if (await holds(join(folder, name), values)) found.push(name);
  return found;
}

/** Looks through a file of any size; a value that lies across two chunks is seen too. */
async function holds(path: string, values: readonly string[]): Promise<boolean> {
  const longest = Math.max(0, ...values.map((value) => Buffer.byteLength(value)));
  let tail = Buffer.alloc(0);
  for await (const chunk of createReadStream(path)) {
    const bytes = Buffer.concat([tail, chunk as Buffer]);
    if (values.some((value) => bytes.includes(value))) return true;
    tail = bytes.subarray(Math.max(0, bytes.length - longest));
  }
  return false;
}

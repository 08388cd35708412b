/** The engine within its process: sessions over one folder, the pipes that feed them, and the means to stop a statement. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Session } from 'chdb';
import { TEXT_BYTES_MAX } from './body.ts';
import { type FormatTypes, loadFormatTypes } from './formats.ts';
import { NamedSessions } from './named-sessions.ts';
import { PipePool } from './pipes.ts';
import { SessionPool } from './sessions.ts';
import { Slots } from './slots.ts';

/** Statements that run at once; others wait their turn. The process has some more worker threads (child.ts). */
const STATEMENTS_MAX = 32;
/** The share of the machine's memory the engine may take before it refuses queries. */
const MEMORY_SHARE = 0.6;
const KILL_PAUSE_MS = 20;

export interface Engine {
  readonly sessions: SessionPool;
  readonly named: NamedSessions;
  readonly pipes: PipePool;
  readonly slots: Slots;
  readonly formats: FormatTypes;
  readonly timezone: string;
  /** Stops the running statement whose text ends with `marker`. Resolves when the engine took notice or it `settled`. */
  kill(marker: string, settled: () => boolean): Promise<void>;
  /** Closes all sessions; nothing may be running. */
  close(): void;
}

/**
 * Opens the engine over `<dataDir>/clickhouse` and wipes what a killed run left behind. The process's working directory
 * becomes `<dataDir>/engine-run`, so that pipes have short relative names whatever the folder is called.
 * Throws chdb's ChdbConnectionError when the folder cannot be opened.
 */
export async function openEngine(dataDir: string, threads: number | undefined): Promise<Engine> {
  const run = join(dataDir, 'engine-run');
  const folder = join(dataDir, 'clickhouse');
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, 'config.xml'), serverConfig());
  process.chdir(run);
  const args = ['--implicit_select=0', `--max_query_size=${2 * TEXT_BYTES_MAX}`];
  if (threads !== undefined) args.push(`--max_threads=${threads}`);
  // The first session opens the folder, takes its lock and keeps the engine up; the others join it.
  const keeper = new Session(folder, { connectionArgs: [...args, '--config-file=config.xml'] });
  rmSync(join(folder, 'tmp'), { recursive: true, force: true });
  mkdirSync(join(folder, 'tmp'));
  const open = () => new Session(folder, { connectionArgs: args });
  const sessions = new SessionPool(open);
  const named = new NamedSessions(open);
  const timezone = await keeper.queryAsync('SELECT timezone()', { format: 'TSVRaw' });
  return {
    sessions,
    named,
    pipes: new PipePool('pipes'),
    slots: new Slots(STATEMENTS_MAX),
    formats: await loadFormatTypes(keeper),
    timezone: timezone.text().trim(),
    async kill(marker, settled) {
      // A statement that has only just begun is not in the list yet.
      for (; !settled(); await sleep(KILL_PAUSE_MS)) {
        const found = await keeper.queryAsync(`KILL QUERY WHERE endsWith(query, '${marker}') ASYNC`, { format: 'CSV' });
        if (found.bytes().length > 0) return;
      }
    },
    close() {
      sessions.close();
      named.close();
      keeper.close();
    },
  };
}

function serverConfig(): string {
  return `<clickhouse><max_server_memory_usage_to_ram_ratio>${MEMORY_SHARE}</max_server_memory_usage_to_ram_ratio></clickhouse>\n`;
}

/** The whole program as `npm start` runs it, as a child process. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '../..');
export const ADMIN_KEY = 'an-admin-key-for-tests';

export interface Program {
  readonly child: ChildProcess;
  readonly url: string;
  /** Address of its ClickHouse. */
  readonly engine: string;
}

/** Starts it on a free port; resolves once it answers. */
export async function startProgram(of: { dataDir: string; configFile: string }): Promise<Program> {
  const tsx = pathToFileURL(join(ROOT, 'node_modules/tsx/dist/esm/index.mjs')).href;
  const child = spawn(process.execPath, ['--import', tsx, join(ROOT, 'main.ts')], {
    env: {
      ...process.env,
      QUANYU_DATA: of.dataDir,
      QUANYU_CONFIG: of.configFile,
      PORT: '0',
      QUANYU_ADMIN_KEY: ADMIN_KEY,
      QUANYU_LOG: 'silent',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    if (text.includes('user quanyu')) break;
  }
  return {
    child,
    url: /(http:\/\/localhost:\d+)\/docs/.exec(text)![1]!,
    engine: /ClickHouse: (\S+)/.exec(text)![1]!,
  };
}

/** Resident MB of the program: of the engine, and of all other processes together. */
export function memoryOf({ child }: Program): { node: number; engine: number } {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((found) => found !== null)
    .map(([, pid, parent, kb, args]) => ({ pid: Number(pid), parent: Number(parent), mb: Number(kb) / 1024, args }));
  const own = rows.filter(({ pid, parent }) => pid === child.pid || parent === child.pid);
  const sum = (of: typeof rows) => of.reduce((total, { mb }) => total + mb, 0);
  const isEngine = ({ args }: (typeof rows)[number]) => args!.includes('server-process');
  return { node: sum(own.filter((one) => !isEngine(one))), engine: sum(own.filter(isEngine)) };
}

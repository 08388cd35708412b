import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The living process that the engine's own note in `<dataDir>/clickhouse` names. Only its lock tells whether it holds it. */
export function folderHolder(dataDir: string): number | undefined {
  try {
    const note = readFileSync(join(dataDir, 'clickhouse', 'status'), 'utf8');
    const pid = Number(/^PID: (\d+)/m.exec(note)?.[1]);
    process.kill(pid, 0);
    return pid === process.pid ? undefined : pid;
  } catch {
    return undefined;
  }
}

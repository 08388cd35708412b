// npm run check: types, lint and format, architecture. Stops at nothing: shows every fault, fails if there was one.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const steps: [string, string[]][] = [
  [bin('tsc'), ['--noEmit']],
  [bin('biome'), ['check', '.']],
  [process.execPath, ['--import', 'tsx', join(root, 'test/run.ts'), join(root, 'test/architecture.test.ts')]],
];

let faults = 0;
for (const [command, args] of steps) {
  if (spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status !== 0) faults++;
}
process.exit(faults > 0 ? 1 : 0);

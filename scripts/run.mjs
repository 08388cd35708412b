// Starts one of the project's TypeScript programs, installing the packages first where they are missing
// or older than the lock file: `npm start` and `npm test` work alone on a fresh clone.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lock = join(root, 'package-lock.json');
const installed = join(root, 'node_modules', '.package-lock.json');

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Quanyu needs Node.js 20 or newer; this is ${process.version}. Install a newer Node.js and try again.`);
  process.exit(1);
}

// `npm install`, not `npm ci`: the lock file cannot name the binaries of platforms that its maker's registry did not have.
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.error('Installing packages (once)…');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (done.status !== 0) {
    console.error('npm install failed: see its message above, mend what it names, and run the command again.');
    process.exit(done.status ?? 1);
  }
}

const [program, ...args] = process.argv.slice(2);
const tsx = pathToFileURL(join(root, 'node_modules', 'tsx', 'dist', 'esm', 'index.mjs')).href;
const child = spawn(process.execPath, ['--max-semi-space-size=32', '--import', tsx, join(root, program), ...args], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)));

// npm run soak [-- --minute] [--seed N]: what is too long for npm test. CI runs a seeded minute of it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runFiles } from '../runner.ts';

const args = process.argv.slice(2);
process.env.QUANYU_SOAK = args.includes('--minute') ? 'minute' : 'full';
const seed = args[args.indexOf('--seed') + 1];
if (args.includes('--seed') && seed !== undefined) process.env.QUANYU_SEED = seed;

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.soak.ts'));
await runFiles(files.sort().map((file) => join(import.meta.dirname, file)));

// npm run soak [-- --minute] [--seed N] [PART…]: what is too long for npm test. CI runs a seeded minute of it. A part is
// a file's name (fuzz-api), to try again what failed with the seed that it named.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runFiles } from '../runner.ts';

const args = process.argv.slice(2);
process.env.QUANYU_SOAK = args.includes('--minute') ? 'minute' : 'full';
const seed = args[args.indexOf('--seed') + 1];
if (args.includes('--seed') && seed !== undefined) process.env.QUANYU_SEED = seed;

const all = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.soak.ts'));
const named = all.filter((file) => args.includes(file.replace('.soak.ts', '')));
const files = named.length > 0 ? named : all;
await runFiles(files.sort().map((file) => join(import.meta.dirname, file)));

// npm test: runs the tests. Arguments: files or folders under test/ (default: all).
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runFiles } from './runner.ts';

const wanted = process.argv.slice(2).map((one) => resolve(one));
const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .sort()
  .map((file) => join(import.meta.dirname, file))
  .filter((file) => wanted.length === 0 || wanted.some((one) => file.startsWith(one)));
await runFiles(files);

// Runs the tests with mocha and ends with `N passed, N failed`, from the run's real counts.
// Arguments: files or folders under test/ (default: all).
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import Mocha from 'mocha';

process.env.QUANYU_LOG ??= 'silent';

const root = import.meta.dirname;
const wanted = process.argv.slice(2).map((one) => resolve(one));
const files = findTests(root).filter((file) => wanted.length === 0 || wanted.some((one) => file.startsWith(one)));

const mocha = new Mocha({
  timeout: 120_000,
  reporter: process.env.CI ? 'dot' : 'spec',
  forbidOnly: Boolean(process.env.CI),
});
mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, '', mocha);
// Imported here, not by mocha, which would `require` them: the product's modules are ES modules.
for (const file of files) await import(pathToFileURL(file).href);

let passed = 0;
let failed = 0;
const runner = mocha.run(() => {
  if (passed + failed === 0)
    console.log(`No test ran: nothing under ${wanted.map((one) => relative(root, one)).join(', ') || 'test/'}.`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
});
runner.on('pass', () => passed++);
runner.on('fail', () => failed++);

function findTests(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .sort()
    .map((file) => join(folder, file));
}

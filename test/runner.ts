/** Runs mocha files and ends the process with `N passed, N failed`, from the run's real counts. */
import { pathToFileURL } from 'node:url';
import Mocha from 'mocha';

export async function runFiles(files: readonly string[]): Promise<void> {
  process.env.QUANYU_LOG ??= 'silent';
  const ci = Boolean(process.env.CI);
  const mocha = new Mocha({ timeout: 120_000, reporter: ci ? 'dot' : 'spec', forbidOnly: ci });
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, '', mocha);
  // Imported here, not by mocha, which would `require` them: the product's modules are ES modules.
  for (const file of files) await import(pathToFileURL(file).href);

  let passed = 0;
  let failed = 0;
  const runner = mocha.run(() => {
    if (passed + failed === 0) console.log('No test ran.');
    console.log(`${passed} passed, ${failed} failed`);
    process.exit(failed > 0 || passed === 0 ? 1 : 0);
  });
  runner.on('pass', () => passed++);
  runner.on('fail', () => failed++);
}

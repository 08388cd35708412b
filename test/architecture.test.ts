import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
/** Imports run one way, from right to left. */
const HOUSE = ['store', 'privacy', 'ingest', 'identity', 'segments', 'api', 'console'];
/** Composition roots may use everything; nothing else imports them. */
const ROOTS = ['main.ts', 'cli.ts', 'config.ts', 'demo.ts'];
/** Who runs where: put together from front doors like the roots, imported by them alone. */
const PROCESSES = 'processes/';
const LEAVES = ['errors.ts', 'log.ts', 'clock.ts'];
/** Rooms of another folder that may be entered besides an index.ts: contracts. */
const CONTRACTS = ['ingest/record.ts', 'ingest/collectors/collector.ts', 'ingest/identifiers/types.ts', 'store/sql.ts'];
const FILE_LINES = 300;
/** Files that may be longer, each with the reason. */
const LONGER: Record<string, string> = {
  'test/contracts/collector.ts': 'one suite that every collector is put through, read from top to bottom',
  'test/ingest/collectors/files/sales.test.ts': 'one table of cases of a till’s bills',
  'test/ingest/collectors/files/folder.test.ts': 'one table of cases of a folder',
};

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.sql'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '');
const sources = files.filter(
  (file) => file.endsWith('.ts') && !file.startsWith('test/') && !file.startsWith('scripts/'),
);

function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = [
    ...text.matchAll(/^\s*(?:import|export)\b[^;'"]*?from\s*['"](\.[^'"]+)['"]/gm),
    ...text.matchAll(/import\(\s*['"](\.[^'"]+)['"]\s*\)/g),
  ];
  return found.map((match) => relative(ROOT, normalize(join(ROOT, dirname(file), match[1]!))));
}

const folderOf = (file: string) => (file.includes('/') ? file.split('/')[0]! : '');

describe('the house', () => {
  it('has imports that run one way: store <- privacy <- ingest <- identity <- segments <- api <- console', () => {
    const wrong: string[] = [];
    for (const file of sources.filter((one) => HOUSE.includes(folderOf(one)))) {
      for (const target of importsOf(file)) {
        const [here, there] = [HOUSE.indexOf(folderOf(file)), HOUSE.indexOf(folderOf(target))];
        if (folderOf(target) === '' && LEAVES.includes(target)) continue;
        if (there === -1)
          wrong.push(`${file}: imports ${target}: move what it needs into a folder of the house or a root leaf`);
        else if (there > here)
          wrong.push(`${file}: imports ${target}, which lies to its right: turn the dependency round`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('enters other folders by their front doors only', () => {
    const wrong: string[] = [];
    for (const file of sources.filter((one) => !one.startsWith('fixtures/'))) {
      for (const target of importsOf(file)) {
        if (folderOf(target) === folderOf(file) || folderOf(target) === '') continue;
        if (target.endsWith('/index.ts') || CONTRACTS.includes(target)) continue;
        wrong.push(`${file}: imports ${target}: export it from ${folderOf(target)}/index.ts or a room's index.ts`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('keeps the composition roots out of every folder', () => {
    const wrong = sources
      .filter((file) => file.includes('/') && !file.startsWith('fixtures/') && !file.startsWith(PROCESSES))
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => ROOTS.includes(target) || target.startsWith(PROCESSES))
          .map((target) => `${file} imports ${target}`),
      );
    assert.deepEqual(wrong, []);
  });

  it(`has no file over ${FILE_LINES} lines without a reason`, () => {
    const long = files
      .map((file) => ({ file, lines: readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1 }))
      .filter(({ file, lines }) => lines > FILE_LINES && LONGER[file] === undefined)
      .map(({ file, lines }) => `${file}: ${lines} lines: split it by concept`);
    assert.deepEqual(long, []);
  });

  it('has no file that nothing imports', () => {
    const entries = [...ROOTS, 'store/embedded/server-process.ts', 'processes/worker.ts'];
    const imported = new Set(files.filter((file) => file.endsWith('.ts')).flatMap(importsOf));
    const dead = sources.filter((file) => !imported.has(file) && !entries.includes(file));
    assert.deepEqual(dead, []);
  });

  it('opens a ClickHouse client in one place only', () => {
    const users = sources.filter((file) =>
      /\bcreateClient\b[^;]*from ['"]@clickhouse\/client['"]/.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    assert.deepEqual(users, ['store/client.ts']);
  });

  it('names no host, path or tool that a user does not have', () => {
    const wrong = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' })
      .split('\n')
      .filter((file) => file !== '' && file !== 'test/architecture.test.ts' && !/\.(png|ico)$/.test(file))
      .filter((file) =>
        /https?:\/\/registry\.|\/work\/(main|shared)|\.\.\/shared\//.test(readFileSync(join(ROOT, file), 'utf8')),
      );
    assert.deepEqual(wrong, []);
  });
});

/** quanyu <command>: each job by hand. Commands that touch data ask the running Quanyu over its API. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from './clock.ts';
import { readConfig, readSettings } from './config.ts';
import { messageOf, QuanyuError } from './errors.ts';
import { fixturesCommand } from './fixtures/population/index.ts';
import { type DedupeOptions, dedupe, LEVELS } from './identity/matching/index.ts';
import { runStandalone } from './store/embedded/index.ts';

const POLL_MS = 500;

interface Running {
  readonly url: string;
  readonly key: string;
}

/** The running Quanyu of this data folder: it leaves its address and a key for the command line in `cli.json` (mode 600). */
async function running(): Promise<Running> {
  const { dataDir } = readSettings(process.env, import.meta.dirname);
  const text = await readFile(join(dataDir, 'cli.json'), 'utf8').catch(() => null);
  if (text !== null) return JSON.parse(text) as Running;
  throw new QuanyuError(
    'store.unavailable',
    `No running Quanyu has left its address in ${dataDir}. Start it with npm start (QUANYU_DATA names another folder).`,
  );
}

async function ask<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const { url, key } = await running();
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((thrown: unknown) => {
    throw new QuanyuError(
      'store.unavailable',
      `Quanyu does not answer at ${url} (${messageOf(thrown)}). Is it still running?`,
    );
  });
  const text = await answer.text();
  const parsed = text === '' ? null : (JSON.parse(text) as { detail?: string });
  if (!answer.ok) throw new Error(parsed?.detail ?? `answered ${answer.status}`);
  return parsed as T;
}

interface RunView {
  readonly run_id: string;
  readonly status: string;
  readonly counts: Record<string, number>;
  readonly fault: string;
  readonly advice: string;
}

interface PrivacyRequest {
  readonly request_id: string;
  readonly status: string;
}

/** Shows a run until it ends: counts, rate and time left. */
async function follow(view: RunView): Promise<void> {
  let now = view;
  while (now.status === 'running') {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    now = await ask<RunView>('GET', `/runs/${view.run_id}`);
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${words(now.counts)}`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  print({ status: now.status, ...now.counts, ...(now.fault ? { fault: now.fault, advice: now.advice } : {}) });
  if (now.status === 'failed') process.exitCode = 1;
}

const words = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

function print(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('expected a whole number');
}

const program = new Command('quanyu')
  .description("Quanyu 全域: collects a brand's members, makes one profile per person, and serves audiences.")
  .showHelpAfterError('(add --help for what can be said)')
  .addHelpText(
    'after',
    `
Environment: QUANYU_DATA (data folder, default ./data), PORT (default 8080), QUANYU_CONFIG (default ./quanyu.config.json),
CLICKHOUSE_URL, CLICKHOUSE_USER, CLICKHOUSE_PASSWORD (a ClickHouse server instead of the embedded engine).

Examples:
  npm start                                             run everything, with demo data when there is no configuration
  npm run -s quanyu -- sources                          the sources and how they are
  npm run -s quanyu -- run tills                        pull one source now
  npm run -s quanyu -- rejections                       what could not be taken in, by reason
  npm run -s quanyu -- forget --type phone              erase a person (asks for the value, so that no shell keeps it)`,
  );

program
  .command('clickhouse')
  .description('start the embedded ClickHouse alone and print its address, user and password')
  .option('--port <port>', 'port to listen on', whole, 8123)
  .option('--data <dir>', 'data folder', './data/clickhouse')
  .action(({ port, data }: { port: number; data: string }) => runStandalone({ port, dataDir: data }));

program
  .command('fixtures')
  .description('write a population with known truth: platform pages, till and loyalty files')
  .requiredOption('--persons <n>', 'how many people', whole)
  .option('--seed <n>', 'seed; the same seed gives the same bytes', whole, 1)
  .requiredOption('--out <dir>', 'folder to fill')
  .action((options: { persons: number; seed: number; out: string }) => fixturesCommand(options));

program
  .command('dedupe')
  .description('find who is who in a CSV file, without a server and without labels (docs/guides/dedupe.md)')
  .argument('<file>', 'CSV with a header line')
  .requiredOption('--id <column>', 'column that names each record')
  .requiredOption('--columns <list>', 'what the columns are: "name=full-name,phone=phone,openid=id:openid@appid"')
  .requiredOption('--out <file>', 'where to write id,cluster_id,confidence')
  .addOption(new Option('--level <level>', 'how sure to be').choices(LEVELS).default('strict'))
  .option('--pairs <file>', 'where to write the pairs and their probabilities')
  .option('--exclusive <column>', 'two records with the same value there are never one person')
  .action(async (file: string, options: Omit<DedupeOptions, 'file'>) => {
    console.log(JSON.stringify(await dedupe({ ...options, file }, systemClock)));
  });

program
  .command('config')
  .description('check a configuration file and list all its faults')
  .argument('<file>', 'for example quanyu.config.json')
  .action(async (file: string) => {
    const config = await readConfig(file, process.env);
    print({
      brand: config.brand,
      refresh: config.refresh,
      sources: config.sources.map(({ id, platform, channel, schedule }) => ({ id, platform, channel, schedule })),
    });
  });

program
  .command('sources')
  .description('the configured sources and how they are')
  .action(async () => print(await ask('GET', '/sources')));
program
  .command('run')
  .description('pull one source now')
  .argument('<source>')
  .action(async (source: string) => follow(await ask('POST', `/sources/${source}/runs`)));
program
  .command('runs')
  .description('the newest runs')
  .action(async () => print(await ask('GET', '/runs')));
program
  .command('rejections')
  .description('the quarantine by source and reason')
  .action(async () => print(await ask('GET', '/rejections/summary')));
program
  .command('coverage')
  .description('what is held by source, kind and month, and the months without any')
  .action(async () => print(await ask('GET', '/coverage')));
program
  .command('reconcile')
  .description('the days on which what is held differs from what a source says of itself')
  .action(async () => print(await ask('GET', '/reconciliation?differing=true')));
program
  .command('replay')
  .description('map the quarantined items of a source again')
  .argument('<source>')
  .action(async (source: string) => follow(await ask('POST', '/rejections/replay', { source })));
program
  .command('rebuild')
  .description('map the whole archive of a source again')
  .argument('<source>')
  .action(async (source: string) => follow(await ask('POST', `/sources/${source}/rebuild`)));
program
  .command('refresh')
  .description('resolve, tag and publish what is new')
  .option('--full', 'resolve everything anew', false)
  .action(async ({ full }: { full: boolean }) => print(await ask('POST', '/refresh', { full })));
program
  .command('rotate-key')
  .description('make a new sealing key and seal everything anew with it')
  .action(async () => print(await ask('POST', '/vault/rotate')));

program
  .command('forget')
  .description('erase the person behind an identifier everywhere, and prove it')
  .option('--type <type>', 'identifier type, for example phone, email, member_no, card_no', 'phone')
  .option('--scope <scope>', 'where the value means something; phone and e-mail need none', '')
  .option('--reason <words>', 'why, for the audit', 'asked by the person')
  .argument('[value]', 'the identifier; best left out and typed or piped in')
  .action(
    async (value: string | undefined, { type, scope, reason }: { type: string; scope: string; reason: string }) => {
      const given = value ?? (await fromInput(`${type}: `));
      const asked = await ask<PrivacyRequest>('POST', '/privacy/requests', {
        identifier: { type, scope, value: given },
        reason,
      });
      let now = asked;
      while (now.status === 'running') {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        now = await ask<PrivacyRequest>('GET', `/privacy/requests/${asked.request_id}`);
      }
      print(now);
      if (now.status !== 'done') process.exitCode = 1;
    },
  );

async function fromInput(question: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(question);
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.trim();
}

try {
  await program.parseAsync();
} catch (thrown) {
  console.error(thrown instanceof QuanyuError ? `${thrown.code}: ${thrown.message}` : messageOf(thrown));
  process.exit(1);
}

/**
 * What runs without a configuration: an invented brand of 2,000 people, its shops behind simulated gateways, its tills and
 * its loyalty system as folders, and new orders and members that keep trickling in.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DEFAULT_ZONE, systemClock } from './clock.ts';
import { type Config, checkConfig } from './config.ts';
import { messageOf } from './errors.ts';
import { type DemoChannel, startDemoChannels } from './fixtures/demo/index.ts';
import { BRAND, type MemoryFile, type TmallObject, trickle, writePopulation } from './fixtures/population/index.ts';
import { startTmallSimulator, type TmallSimulator } from './fixtures/simulators/tmall/index.ts';
import { logFor } from './log.ts';

const log = logFor('demo');
const PERSONS = 2_000;
const SEED = 2026;
const TRICKLE_MS = 30_000;
const SHOP = { app_key: BRAND.tmall.appKey, app_secret: 'demo-secret', session: 'demo-session', tmc_group: 'default' };

export interface Demo {
  readonly config: Config;
  /** Fills shops and inboxes, begins to trickle, and posts the shops' calls to `<pushUrl>/<source>`. */
  begin(pushUrl: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the simulated shops, still empty, so that the sources can be configured; `begin` fills them. */
export async function startDemo(dataDir: string): Promise<Demo> {
  const folder = join(dataDir, 'demo');
  const shop = await startTmallSimulator({ shop: SHOP, data: {}, clock: systemClock });
  const channels = await startDemoChannels();
  let timer: NodeJS.Timeout | null = null;
  return {
    config: demoConfig(shop.url, { pos: join(folder, 'pos'), loyalty: join(folder, 'loyalty') }, channels),
    async begin(pushUrl) {
      const showAll = async (to: Date) => {
        for (const { show } of channels) await show({ population: join(folder, 'population'), to });
      };
      let from = await fill(folder, shop);
      await showAll(from);
      const step = async () => {
        from = await trickleOn(folder, { shop, from });
        await showAll(from);
        await shop.sendDueSpi(`${pushUrl}/tmall-flagship`);
        for (const { source, push } of channels) await push(`${pushUrl}/${source.id}`);
      };
      let stepping = false;
      const again = async () => {
        // A step that takes longer than the interval is not overtaken.
        if (stepping) return;
        stepping = true;
        await step().catch((thrown: unknown) => log.warn({}, `the demo did not trickle: ${messageOf(thrown)}`));
        stepping = false;
      };
      void again();
      timer = setInterval(() => void again(), TRICKLE_MS);
    },
    async stop() {
      if (timer) clearInterval(timer);
      await shop.close();
      for (const channel of channels) await channel.stop();
    },
  };
}

/** Writes the brand at the first start (later starts go on with it) and fills shop and inboxes; returns up to when it tells. */
async function fill(folder: string, shop: TmallSimulator): Promise<Date> {
  const out = join(folder, 'population');
  const bornFile = join(folder, 'born.json');
  if (!existsSync(bornFile)) {
    const endAt = systemClock.now();
    await mkdir(folder, { recursive: true });
    await writePopulation({ persons: PERSONS, seed: SEED, out, endAt });
    await writeFile(bornFile, JSON.stringify({ end_at: endAt.toISOString() }));
  }
  for (const part of ['pos', 'loyalty']) await drop(join(out, part), join(folder, part));
  for (const kind of ['trades', 'refunds', 'customers', 'messages', 'spi'] as const) {
    const text = await readFile(join(out, 'tmall', `${kind}.ndjson`), 'utf8');
    shop.append(
      kind,
      text.split('\n').filter((line) => line !== ''),
    );
  }
  return new Date((JSON.parse(await readFile(bornFile, 'utf8')) as { end_at: string }).end_at);
}

/** Lets the brand live on from `from` to now. */
async function trickleOn(folder: string, of: { shop: TmallSimulator; from: Date }): Promise<Date> {
  const to = systemClock.now();
  const news = await trickle({ out: join(folder, 'population'), from: of.from, to });
  for (const [kind, rows] of Object.entries(news.tmall)) of.shop.append(kind as TmallObject, rows);
  for (const file of news.files) await place(file, folder);
  return to;
}

function demoConfig(
  gateway: string,
  inbox: { pos: string; loyalty: string },
  channels: readonly DemoChannel[],
): Config {
  const often = '*/20 * * * * *';
  const files = { completion: 'stable', stable_seconds: 0 };
  const parsed = {
    brand: { name: '全域演示品牌', zone: DEFAULT_ZONE },
    refresh: '*/15 * * * * *',
    sources: [
      {
        id: 'tmall-flagship',
        platform: 'tmall',
        channel: 'tmall',
        schedule: often,
        settings: {
          ...SHOP,
          gateway,
          shop_id: BRAND.tmall.shop,
          brand: BRAND.id,
          spi_secret: SHOP.app_secret,
          mix_mobile_key: BRAND.tmall.mixMobileKey,
        },
      },
      {
        id: 'tills',
        platform: 'files',
        channel: 'pos',
        schedule: often,
        settings: {
          folder: inbox.pos,
          issuer: BRAND.issuer,
          ...files,
          files: [{ pattern: '*_v2.txt', complete: 'store_day' }],
        },
      },
      {
        id: 'loyalty',
        platform: 'files',
        channel: 'loyalty',
        schedule: often,
        settings: { folder: inbox.loyalty, programme: BRAND.programme, ...files },
      },
      ...channels.map(({ source }) => ({ ...source, schedule: often })),
    ],
  };
  return checkConfig(parsed, { file: 'the demo', env: {} });
}

/** Puts files into an inbox as a system would: under another name first, renamed when whole. */
async function drop(from: string, inbox: string): Promise<void> {
  await mkdir(inbox, { recursive: true });
  for (const name of await readdir(from)) {
    if (existsSync(join(inbox, name))) continue;
    await copyFile(join(from, name), join(inbox, `${name}.part`));
    await rename(join(inbox, `${name}.part`), join(inbox, name));
  }
}

async function place(file: MemoryFile, folder: string): Promise<void> {
  const path = join(folder, file.path);
  if (existsSync(path) || basename(path).startsWith('.')) return;
  await writeFile(`${path}.part`, file.bytes);
  await rename(`${path}.part`, path);
}

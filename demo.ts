/**
 * What runs without a configuration: an invented brand of 2,000 people, its Tmall shop behind a simulated gateway, its
 * tills and its loyalty system as folders, and new orders and members that keep trickling in.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DEFAULT_ZONE, systemClock } from './clock.ts';
import { type Config, checkConfig } from './config.ts';
import { messageOf } from './errors.ts';
import { BRAND, type MemoryFile, trickle, writePopulation } from './fixtures/population/index.ts';
import { startTmallSimulator, type TmallSimulator } from './fixtures/simulators/tmall/index.ts';
import { logFor } from './log.ts';

const log = logFor('demo');
const PERSONS = 2_000;
const SEED = 2026;
const TRICKLE_MS = 30_000;
const SHOP = { app_key: BRAND.tmall.appKey, app_secret: 'demo-secret', session: 'demo-session', tmc_group: 'default' };

export interface Demo {
  readonly config: Config;
  /** Begins to trickle, and posts the shop's 会员通 calls to where Quanyu receives them. */
  begin(pushUrl: string): void;
  stop(): Promise<void>;
}

/** Writes the brand at the first start (later starts go on with it), starts the simulated shop. */
export async function startDemo(dataDir: string): Promise<Demo> {
  const out = join(dataDir, 'demo', 'population');
  const bornFile = join(dataDir, 'demo', 'born.json');
  if (!existsSync(bornFile)) {
    const endAt = systemClock.now();
    await mkdir(join(dataDir, 'demo'), { recursive: true });
    await writePopulation({ persons: PERSONS, seed: SEED, out, endAt });
    await writeFile(bornFile, JSON.stringify({ end_at: endAt.toISOString() }));
  }
  const born = new Date((JSON.parse(await readFile(bornFile, 'utf8')) as { end_at: string }).end_at);
  const inbox = { pos: join(dataDir, 'demo', 'pos'), loyalty: join(dataDir, 'demo', 'loyalty') };
  await drop(join(out, 'pos'), inbox.pos);
  await drop(join(out, 'loyalty'), inbox.loyalty);
  const shop = await startTmallSimulator({ shop: SHOP, data: { folder: join(out, 'tmall') }, clock: systemClock });
  const trickler = new Trickler({ out, dataDir, shop, from: born });
  return {
    config: demoConfig(shop.url, inbox),
    begin: (pushUrl) => trickler.begin(pushUrl),
    async stop() {
      trickler.stop();
      await shop.close();
    },
  };
}

class Trickler {
  readonly #of: { out: string; dataDir: string; shop: TmallSimulator };
  #from: Date;
  #timer: NodeJS.Timeout | null = null;

  constructor(of: { out: string; dataDir: string; shop: TmallSimulator; from: Date }) {
    this.#of = of;
    this.#from = of.from;
  }

  begin(pushUrl: string): void {
    const step = async () => {
      await this.#step();
      await this.#of.shop.sendDueSpi(pushUrl);
    };
    const again = () =>
      step().catch((thrown: unknown) => log.warn({}, `the demo did not trickle: ${messageOf(thrown)}`));
    void again();
    this.#timer = setInterval(() => void again(), TRICKLE_MS);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  async #step(): Promise<void> {
    const { out, dataDir, shop } = this.#of;
    const to = systemClock.now();
    const news = await trickle({ out, from: this.#from, to });
    for (const [kind, rows] of Object.entries(news.tmall)) shop.append(kind as keyof typeof news.tmall, rows);
    for (const file of news.files) await place(file, join(dataDir, 'demo'));
    this.#from = to;
  }
}

function demoConfig(gateway: string, inbox: { pos: string; loyalty: string }): Config {
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
        settings: { folder: inbox.pos, issuer: BRAND.issuer, ...files },
      },
      {
        id: 'loyalty',
        platform: 'files',
        channel: 'loyalty',
        schedule: often,
        settings: { folder: inbox.loyalty, programme: BRAND.programme, ...files },
      },
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

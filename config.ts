/**
 * The configuration file (quanyu.config.json) and the environment, read by main and cli alone, which pass values on.
 * Every fault is listed at once, each with its path, what was given and what was expected.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import { validate as validSchedule } from 'node-cron';
import { DEFAULT_ZONE } from './clock.ts';
import { messageOf, QuanyuError } from './errors.ts';
import { type Channel, collectors, type Source } from './ingest/index.ts';

export interface ConfiguredSource extends Source {
  /** Cron expression of its pulls, in the brand's zone. */
  readonly schedule: string;
}

export interface Config {
  readonly brand: { readonly name: string; readonly zone: string };
  readonly sources: readonly ConfiguredSource[];
  /** When new data are resolved, tagged and published; cron, in the brand's zone. */
  readonly refresh: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface RawSource {
  id: string;
  platform: string;
  channel: Channel;
  schedule?: string;
  settings: unknown;
}

interface RawConfig {
  brand: { name: string; zone?: string };
  sources: RawSource[];
  refresh?: string;
}

const EVERY_TEN_MINUTES = '*/10 * * * *';

const SCHEMA = {
  type: 'object',
  required: ['brand', 'sources'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    brand: {
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: { name: { type: 'string', minLength: 1 }, zone: { type: 'string', default: DEFAULT_ZONE } },
    },
    sources: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'platform', 'channel', 'settings'],
        additionalProperties: false,
        properties: {
          id: { type: 'string', pattern: '^[a-z][a-z0-9-]{1,40}$' },
          platform: { enum: [...collectors.keys()] },
          channel: { enum: ['tmall', 'douyin', 'wechat', 'pos', 'loyalty', 'other'] },
          schedule: { type: 'string' },
          settings: { type: 'object' },
        },
      },
    },
    refresh: { type: 'string' },
  },
} as const;

const ajv = new Ajv({ allErrors: true, strict: false, useDefaults: true });
addFormats.default(ajv);
const validateConfig = ajv.compile<RawConfig>(SCHEMA);

/** Reads and checks a configuration file; relative folders in it are relative to the file. */
export async function readConfig(file: string, env: Environment): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw invalid(file, [`the file cannot be read (${messageOf(error)}): give an existing JSON file in QUANYU_CONFIG`]);
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw invalid(file, [`the file is not JSON (${messageOf(error)})`]);
  }
  return checkConfig(parsed, { file, env });
}

/** Checks a parsed configuration and resolves its secrets (`{"env": "NAME"}`) from the environment. */
export function checkConfig(parsed: unknown, where: { file: string; env: Environment }): Config {
  if (!validateConfig(parsed)) throw invalid(where.file, faultsOf(validateConfig.errors, ''));
  const config = parsed;
  const zone = config.brand.zone ?? DEFAULT_ZONE;
  const faults: string[] = [];
  if (!validZone(zone)) faults.push(`/brand/zone: given '${zone}', expected a time zone such as 'Asia/Shanghai'`);
  for (const [path, schedule] of schedulesOf(config)) {
    if (!validSchedule(schedule))
      faults.push(`${path}: given '${schedule}', expected a cron expression such as '*/10 * * * *'`);
  }
  const seen = new Set<string>();
  const sources = config.sources.map((source, index): ConfiguredSource => {
    const path = `/sources/${index}`;
    if (seen.has(source.id))
      faults.push(`${path}/id: '${source.id}' is used twice, expected an id of its own for each source`);
    seen.add(source.id);
    const settings = withSecrets(source.settings, { env: where.env, path: `${path}/settings`, faults });
    const validate = ajv.compile(collectors.get(source.platform)?.settingsSchema ?? {});
    if (!validate(settings)) faults.push(...faultsOf(validate.errors, `${path}/settings`));
    return {
      ...source,
      schedule: source.schedule ?? EVERY_TEN_MINUTES,
      settings: absoluteFolders(settings, where.file),
      zone,
    };
  });
  if (faults.length > 0) throw invalid(where.file, faults);
  return { brand: { name: config.brand.name, zone }, sources, refresh: config.refresh ?? EVERY_TEN_MINUTES };
}

function schedulesOf(config: RawConfig): [string, string][] {
  const all: [string, string | undefined][] = [
    ['/refresh', config.refresh],
    ...config.sources.map((source, index): [string, string | undefined] => [
      `/sources/${index}/schedule`,
      source.schedule,
    ]),
  ];
  return all.filter((one): one is [string, string] => one[1] !== undefined);
}

function withSecrets(value: unknown, context: { env: Environment; path: string; faults: string[] }): unknown {
  if (Array.isArray(value))
    return value.map((one, index) => withSecrets(one, { ...context, path: `${context.path}/${index}` }));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === 'env' && typeof only[1] === 'string') {
    const secret = context.env[only[1]];
    if (secret === undefined) context.faults.push(`${context.path}: the environment variable ${only[1]} is not set`);
    return secret ?? '(not set)';
  }
  return Object.fromEntries(
    entries.map(([key, one]) => [key, withSecrets(one, { ...context, path: `${context.path}/${key}` })]),
  );
}

function absoluteFolders(settings: unknown, file: string): unknown {
  const { folder } = settings as { folder?: unknown };
  return typeof folder === 'string' ? { ...(settings as object), folder: resolve(dirname(file), folder) } : settings;
}

function validZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function faultsOf(errors: readonly ErrorObject[] | null | undefined, base: string): string[] {
  return (errors ?? []).map((error) => {
    const allowed = error.params.allowedValues ? ` (${(error.params.allowedValues as unknown[]).join(', ')})` : '';
    const extra = error.params.additionalProperty ? ` '${String(error.params.additionalProperty)}'` : '';
    return `${base}${error.instancePath || '/'}: ${error.message ?? 'is not valid'}${extra}${allowed}`;
  });
}

function invalid(file: string, faults: readonly string[]): QuanyuError {
  const list = faults.map((fault) => `  - ${fault}`).join('\n');
  return new QuanyuError(
    'config.invalid',
    `${file} is not valid (${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}):\n${list}`,
    { faults },
  );
}

/** Where things lie and listen, from the environment. */
export interface Settings {
  readonly dataDir: string;
  readonly port: number;
  readonly configFile: string | null;
  readonly clickhouse: { readonly url: string; readonly username: string; readonly password: string } | null;
  readonly adminKey: string | undefined;
}

/** QUANYU_DATA (default ./data), PORT (8080), QUANYU_CONFIG, CLICKHOUSE_URL / _USER / _PASSWORD, QUANYU_ADMIN_KEY. */
export function readSettings(env: Environment, root: string): Settings {
  const port = Number(env.PORT ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new QuanyuError(
      'config.invalid',
      `PORT: given '${env.PORT}', expected a number from 0 to 65535 (0 = any free one)`,
    );
  }
  return {
    dataDir: resolve(env.QUANYU_DATA ?? join(root, 'data')),
    port,
    configFile: env.QUANYU_CONFIG ? resolve(env.QUANYU_CONFIG) : null,
    clickhouse: env.CLICKHOUSE_URL
      ? { url: env.CLICKHOUSE_URL, username: env.CLICKHOUSE_USER ?? 'default', password: env.CLICKHOUSE_PASSWORD ?? '' }
      : null,
    adminKey: env.QUANYU_ADMIN_KEY,
  };
}

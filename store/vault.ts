/**
 * Keys and the SQL that uses them: tokens (keyed SipHash-128) and sealing (AES-256-GCM) are computed in bulk inside
 * ClickHouse; keys reach it only as parameters of a statement. Nobody outside this file sees a key.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { QuanyuError } from '../errors.ts';
import type { Documents } from './documents.ts';
import { p, type SqlFragment, sql } from './sql.ts';

/** Hex strings: `token` 16 bytes; `sealing` 32 bytes each, by key id; new values are sealed with `current`. */
export interface VaultKeys {
  readonly token: string;
  readonly sealing: Readonly<Record<string, string>>;
  readonly current: number;
}

export interface Vault {
  readonly currentKeyId: number;
  /** UInt128 token of a String expression. */
  token(expression: SqlFragment): SqlFragment;
  /** Sealed bytes of a String expression under the current key, with a FixedString(12) iv expression. */
  seal(expression: SqlFragment, iv: SqlFragment): SqlFragment;
  /** Clear text of columns `sealed`, `iv`, `key_id` (under any key held). */
  open(columns: { sealed: SqlFragment; iv: SqlFragment; keyId: SqlFragment }): SqlFragment;
}

/**
 * Keys from the environment (QUANYU_TOKEN_KEY: 32 hex digits; QUANYU_SEALING_KEYS: `1:<64 hex>,2:<64 hex>`, the last one
 * seals), else from `<dataDir>/keys.json` (mode 600), which is made at the first start.
 * `known` says that this database holds sealed values already: then keys are never made anew.
 */
export async function loadVaultKeys(options: {
  env: Readonly<Record<string, string | undefined>>;
  dataDir: string;
  known: boolean;
}): Promise<VaultKeys> {
  const { QUANYU_TOKEN_KEY: token, QUANYU_SEALING_KEYS: sealing } = options.env;
  if (token !== undefined || sealing !== undefined) return keysFromEnvironment(token, sealing);
  const file = join(options.dataDir, 'keys.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text !== null) return checkedKeys(parsed(text), file);
  if (options.known) throw missingKeys(file);
  const keys: VaultKeys = {
    token: randomBytes(16).toString('hex'),
    sealing: { 1: randomBytes(32).toString('hex') },
    current: 1,
  };
  await saveVaultKeys(file, keys);
  return keys;
}

/** Writes the key file, readable by its owner only. Whenever it is cut off, the file holds the old keys or the new ones. */
export async function saveVaultKeys(file: string, keys: VaultKeys): Promise<void> {
  const beside = `${file}.new`;
  await rm(beside, { force: true });
  await writeFile(beside, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(beside, file);
}

/** Adds a fresh sealing key, which becomes the current one. */
export function withNewSealingKey(keys: VaultKeys): VaultKeys {
  const id = Math.max(...Object.keys(keys.sealing).map(Number)) + 1;
  return { ...keys, sealing: { ...keys.sealing, [id]: randomBytes(32).toString('hex') }, current: id };
}

/**
 * Compares the keys with the fingerprints kept at first use and keeps those of new ones.
 * Throws vault.key-wrong before anything is sealed or looked up with a key that is not this database's.
 */
export async function checkVaultKeys(documents: Documents, keys: VaultKeys): Promise<void> {
  const prints: Record<string, string> = { token: fingerprint(keys.token) };
  for (const [id, key] of Object.entries(keys.sealing)) prints[id] = fingerprint(key);
  const kept = documents.get<Record<string, string>>('vault', 'fingerprints');
  for (const [id, print] of Object.entries(kept?.body ?? {})) {
    if (prints[id] === print) continue;
    const what = id === 'token' ? 'token key' : `sealing key ${id}`;
    const problem = prints[id] === undefined ? 'was not given' : 'is not the one this database was written with';
    throw new QuanyuError(
      prints[id] === undefined ? 'vault.key-missing' : 'vault.key-wrong',
      `The ${what} ${problem}. Give the key this data folder began with (keys.json, or QUANYU_TOKEN_KEY and QUANYU_SEALING_KEYS); nothing was changed.`,
      { key: id },
    );
  }
  if (JSON.stringify(kept?.body ?? {}) !== JSON.stringify(prints))
    await documents.put('vault', 'fingerprints', prints, { by: 'vault' });
}

/** True when values were sealed in this database before. */
export function vaultKnown(documents: Documents): boolean {
  return documents.get('vault', 'fingerprints') !== undefined;
}

export function openVault(keys: VaultKeys): Vault {
  const bytes = Buffer.from(keys.token, 'hex');
  const k0 = p('UInt64', bytes.readBigUInt64LE(0).toString());
  const k1 = p('UInt64', bytes.readBigUInt64LE(8).toString());
  const key = (id: number) => sql`unhex(${p('String', keys.sealing[id] ?? '')})`;
  return {
    currentKeyId: keys.current,
    token: (expression) => sql`reinterpretAsUInt128(sipHash128Keyed((${k0}, ${k1}), ${expression}))`,
    seal: (expression, iv) => sql`encrypt('aes-256-gcm', ${expression}, ${key(keys.current)}, ${iv})`,
    open: ({ sealed, iv, keyId }) => {
      const ids = Object.keys(keys.sealing);
      const hex = ids.map((id) => keys.sealing[id] ?? '');
      const held = sql`transform(${keyId}, ${p('Array(UInt16)', ids.map(Number))}, ${p('Array(String)', hex)}, '')`;
      return sql`decrypt('aes-256-gcm', ${sealed}, unhex(${held}), ${iv})`;
    },
  };
}

function fingerprint(hex: string): string {
  return createHmac('sha256', Buffer.from(hex, 'hex')).update('quanyu vault').digest('hex').slice(0, 16);
}

function keysFromEnvironment(token: string | undefined, sealing: string | undefined): VaultKeys {
  if (token === undefined || sealing === undefined)
    throw missingKeys('QUANYU_TOKEN_KEY and QUANYU_SEALING_KEYS (both are needed)');
  const pairs = sealing.split(',').map((pair) => pair.trim().split(':') as [string, string]);
  const last = pairs.at(-1)?.[0];
  const keys = checkedKeys({ token, sealing: Object.fromEntries(pairs), current: Number(last) }, 'the environment');
  if (Object.keys(keys.sealing).length === pairs.length) return keys;
  throw wrongKeys('the environment');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function checkedKeys(given: unknown, from: string): VaultKeys {
  const keys = (given ?? {}) as Partial<VaultKeys>;
  const sealing = Object.entries(keys.sealing ?? {});
  const sound =
    /^[0-9a-f]{32}$/i.test(keys.token ?? '') &&
    sealing.every(([id, key]) => /^[1-9]\d{0,4}$/.test(id) && /^[0-9a-f]{64}$/i.test(key)) &&
    sealing.some(([id]) => Number(id) === keys.current);
  if (sound) return keys as VaultKeys;
  throw wrongKeys(from);
}

function wrongKeys(from: string): QuanyuError {
  return new QuanyuError(
    'vault.key-wrong',
    `The keys in ${from} are not readable: expected a token key of 32 hex digits and sealing keys of 64 hex digits each, numbered from 1, each number once.`,
  );
}

function missingKeys(where: string): QuanyuError {
  return new QuanyuError(
    'vault.key-missing',
    `No keys were found in ${where}, and this database may hold sealed values. Restore keys.json from its backup or set both variables; nothing was changed.`,
  );
}

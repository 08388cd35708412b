/**
 * Keys and the SQL that uses them: tokens (keyed SipHash-128) and sealing (AES-256-GCM) are computed in bulk inside
 * ClickHouse; keys reach it only as parameters of a statement. Nobody outside this file sees a key.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
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
  if (text !== null) return checkedKeys(JSON.parse(text) as VaultKeys, file);
  if (options.known) throw missingKeys(file);
  const keys: VaultKeys = {
    token: randomBytes(16).toString('hex'),
    sealing: { 1: randomBytes(32).toString('hex') },
    current: 1,
  };
  await saveVaultKeys(file, keys);
  return keys;
}

/** Writes the key file, readable by its owner only. */
export async function saveVaultKeys(file: string, keys: VaultKeys): Promise<void> {
  await writeFile(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
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
  return checkedKeys({ token, sealing: Object.fromEntries(pairs), current: Number(last) }, 'the environment');
}

function checkedKeys(keys: VaultKeys, from: string): VaultKeys {
  const sound =
    /^[0-9a-f]{32}$/i.test(keys.token) &&
    Object.entries(keys.sealing).every(([id, key]) => /^[1-9]\d{0,4}$/.test(id) && /^[0-9a-f]{64}$/i.test(key)) &&
    keys.sealing[keys.current] !== undefined;
  if (sound) return keys;
  throw new QuanyuError(
    'vault.key-wrong',
    `The keys in ${from} are not readable: expected a token key of 32 hex digits and sealing keys of 64 hex digits each, numbered from 1.`,
  );
}

function missingKeys(where: string): QuanyuError {
  return new QuanyuError(
    'vault.key-missing',
    `This database holds sealed values, but no keys were found in ${where}. Restore keys.json from its backup or set both variables; nothing was changed.`,
  );
}

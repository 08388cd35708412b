/**
 * What lies in a spool is sealed (AES-256-GCM) in the process that takes it: no clear value touches the disk. The keys
 * are derived (HKDF, RFC 5869) from the vault's sealing keys, so that they rotate with those.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { VaultKeys } from '../../store/index.ts';

/** Keys by the id of the vault's key they come from; new segments are sealed with `current`. */
export interface SpoolKeys {
  readonly current: number;
  readonly byId: ReadonlyMap<number, Buffer>;
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Bytes that sealing adds to a text. */
export const SEAL_BYTES = IV_BYTES + TAG_BYTES;

export function spoolKeysOf({ sealing, current }: VaultKeys): SpoolKeys {
  const derived = Object.entries(sealing).map(([id, hex]): [number, Buffer] => [
    Number(id),
    Buffer.from(hkdfSync('sha256', Buffer.from(hex, 'hex'), '', 'quanyu spool', 32)),
  ]);
  return { current, byId: new Map(derived) };
}

export function seal(key: Buffer, clear: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  return Buffer.concat([iv, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
}

/** null for bytes that were not sealed with this key, or were changed or cut since. */
export function unseal(key: Buffer, sealed: Buffer): Buffer | null {
  if (sealed.length < SEAL_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, IV_BYTES));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}

/**
 * What `wx.getPhoneNumber` and `wx.getUserProfile` hand to a mini-program encrypted: helpers for the brand's own server,
 * which alone holds the session_key. The codes that give a session_key or a phone work once, so that no collector can call
 * them; the server hands what it learns to Quanyu by a file. AES-128-CBC, PKCS#7, keys and texts in base64.
 */
import { createDecipheriv, createHash } from 'node:crypto';

/** How old decrypted data may be unless told otherwise. */
const OLDEST_MS = 5 * 60_000;

export interface EncryptedData {
  readonly encryptedData: string;
  readonly iv: string;
  readonly sessionKey: string;
}

export type MiniProgramData =
  | { readonly ok: true; readonly data: Readonly<Record<string, unknown>> }
  /** `not-decrypted`: a wrong key or iv, or no such data; `other-app` and `too-old`: as the watermark says. */
  | { readonly ok: false; readonly reason: 'not-decrypted' | 'other-app' | 'too-old' };

/**
 * Decrypts and checks the watermark. A wrong iv spoils only the first 16 bytes and leaves a readable phone behind them:
 * nothing counts unless the whole is JSON. Never throws.
 */
export function decryptMiniProgramData(
  { encryptedData, iv, sessionKey }: EncryptedData,
  { appId, now, oldestMs = OLDEST_MS }: { appId: string; now: Date; oldestMs?: number },
): MiniProgramData {
  const data = jsonOf(() => {
    const decipher = createDecipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), Buffer.from(iv, 'base64'));
    const bytes = Buffer.concat([decipher.update(Buffer.from(encryptedData, 'base64')), decipher.final()]);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  });
  if (data === null) return { ok: false, reason: 'not-decrypted' };
  const { appid, timestamp } = (data.watermark ?? {}) as { appid?: unknown; timestamp?: unknown };
  if (appid !== appId) return { ok: false, reason: 'other-app' };
  const ageMs = now.getTime() - Number(timestamp) * 1000;
  return Math.abs(ageMs) <= oldestMs ? { ok: true, data } : { ok: false, reason: 'too-old' };
}

/**
 * The phone in E.164 (`+8613912345678`) of decrypted data, or of the `phone_info` of a phone-by-code call, which writes
 * countryCode as a number where the other writes text. null where there is none.
 */
export function miniProgramPhone({ purePhoneNumber, countryCode }: Readonly<Record<string, unknown>>): string | null {
  const phone = `+${String(countryCode)}${String(purePhoneNumber)}`;
  return /^\+[1-9]\d{6,14}$/.test(phone) ? phone : null;
}

/** Hex SHA-1 that `signature` must be for a profile's `rawData`; the key counts as the text it is. */
export function rawDataSignature(rawData: string, sessionKey: string): string {
  return createHash('sha1')
    .update(rawData + sessionKey)
    .digest('hex');
}

function jsonOf(text: () => string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

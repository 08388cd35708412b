/**
 * The messages that WeChat and WeCom send to a URL in safe mode: the signature is the SHA-1 of the sorted parts, the
 * message AES-256-CBC under a key whose first 16 bytes are the iv, padded as by PKCS#7 with blocks of 32 bytes (Node's own
 * padding knows 16), and within it 16 random bytes, the length (32 bits, big-endian), the message and the receiver's id
 * (an appid or a corp's id). Algorithm: 消息推送 / 回调加解密 of the platforms' documentation.
 */
import { createDecipheriv, createHash } from 'node:crypto';

const BLOCK = 16;
const PADDING_BLOCK = 32;
const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;

/** Hex SHA-1 of the parts in order of their bytes, joined without anything between. */
export function callbackSignature(parts: readonly string[]): string {
  const sorted = [...parts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return createHash('sha1').update(sorted.join('')).digest('hex');
}

export type Decrypted =
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly reason: 'not-base64' | 'padding' | 'length' | 'receiver' };

/** `aesKey` is the EncodingAESKey of 43 characters; a message for another receiver is refused. Never throws. */
export function decryptCallback(
  encrypted: string,
  { aesKey, receiver }: { aesKey: string; receiver: string },
): Decrypted {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const bytes = Buffer.from(encrypted, 'base64');
  if (key.length !== 32 || bytes.length === 0 || bytes.length % BLOCK !== 0) return { ok: false, reason: 'not-base64' };
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, BLOCK)).setAutoPadding(false);
  const plain = withoutPadding(Buffer.concat([decipher.update(bytes), decipher.final()]));
  if (plain === null) return { ok: false, reason: 'padding' };
  const start = RANDOM_BYTES + LENGTH_BYTES;
  if (plain.length < start) return { ok: false, reason: 'length' };
  const end = start + plain.readUInt32BE(RANDOM_BYTES);
  if (end > plain.length) return { ok: false, reason: 'length' };
  if (plain.toString('utf8', end) !== receiver) return { ok: false, reason: 'receiver' };
  return { ok: true, message: plain.toString('utf8', start, end) };
}

function withoutPadding(plain: Buffer): Buffer | null {
  const count = plain.at(-1) ?? 0;
  if (count < 1 || count > PADDING_BLOCK || count > plain.length) return null;
  const padding = plain.subarray(plain.length - count);
  return padding.every((byte) => byte === count) ? plain.subarray(0, plain.length - count) : null;
}

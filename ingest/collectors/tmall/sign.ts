/** Signing of calls to the gateway: every text parameter but `sign`, sorted by key, key and value joined without separators. */
import { createHash, createHmac } from 'node:crypto';

export type SignMethod = 'md5' | 'hmac' | 'hmac-sha256';

/** What is signed: `a1b2` for {b: '2', a: '1'}. Values are raw UTF-8, not URL-encoded; empty ones are not to be sent. */
export function baseString(params: Readonly<Record<string, string>>): string {
  return Object.keys(params)
    .filter((key) => key !== 'sign')
    .sort()
    .map((key) => key + params[key])
    .join('');
}

/** The signature of `params` (which hold `sign_method` themselves), upper-case hex. */
export function sign(
  params: Readonly<Record<string, string>>,
  { secret, method }: { secret: string; method: SignMethod },
): string {
  const text = baseString(params);
  if (method === 'md5') return upper(createHash('md5').update(`${secret}${text}${secret}`));
  return upper(createHmac(method === 'hmac' ? 'md5' : 'sha256', secret).update(text));
}

function upper(digest: { digest(encoding: 'hex'): string }): string {
  return digest.digest('hex').toUpperCase();
}

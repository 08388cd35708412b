/**
 * Signing of the platform's calls, both ways: parameters joined in a fixed order, the body as JSON whose keys are sorted at
 * every depth, the secret before and behind, and once more as the key of the HMAC.
 */
import { createHash, createHmac } from 'node:crypto';
import { isLosslessNumber, parse } from 'lossless-json';

export type SignMethod = 'hmac-sha256' | 'md5';

/**
 * JSON with the keys of every object sorted, lists in their order, no spaces, nothing but what JSON demands escaped. Written
 * key by key: an object would bring keys that look like whole numbers into an order of its own.
 */
export function sortedJson(value: unknown): string {
  if (isLosslessNumber(value)) return value.value;
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${sortedJson(member)}`).join(',')}}`;
}

/** As `sortedJson` of a JSON text, numbers of any length as they were written. Throws SyntaxError for what is no JSON. */
export function sortedJsonText(text: string): string {
  return sortedJson(parse(text));
}

interface Signing {
  readonly appKey: string;
  readonly secret: string;
  readonly signMethod: SignMethod;
}

/** The signature of one of our calls; `body` must be sent byte for byte. `timestamp`: seconds since 1970. */
export function callSignature(
  call: { readonly method: string; readonly body: string; readonly timestamp: string },
  { appKey, secret, signMethod }: Signing,
): string {
  const params = `app_key${appKey}method${call.method}param_json${call.body}timestamp${call.timestamp}v2`;
  return digest(secret + params + secret, { secret, signMethod });
}

/** The signatures that one of the platform's own calls (SPI) may bear: its `param_json` sorted, as it is or HTML-escaped. */
export function spiSignatures(
  call: { readonly paramJson: string; readonly timestamp: string },
  { appKey, secret, signMethod }: Signing,
): string[] {
  const sorted = sortedJsonText(call.paramJson);
  return [sorted, htmlEscaped(sorted)].map((json) =>
    digest(`${secret}app_key${appKey}param_json${json}timestamp${call.timestamp}${secret}`, { secret, signMethod }),
  );
}

/** The signature of a message (header `event-sign`) over the body's own bytes. */
export function eventSignature(body: Buffer, { appKey, secret }: { appKey: string; secret: string }): string {
  return createHash('md5').update(appKey).update(body).update(secret).digest('hex');
}

function digest(pattern: string, { secret, signMethod }: { secret: string; signMethod: SignMethod }): string {
  const hash = signMethod === 'md5' ? createHash('md5') : createHmac('sha256', secret);
  return hash.update(pattern).digest('hex');
}

/** As the platform's own language (Go) writes JSON unless it is told not to. */
function htmlEscaped(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

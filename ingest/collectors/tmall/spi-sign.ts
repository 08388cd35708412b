/**
 * How the platform signs its own calls (SpiUtils of its SDK): upper-case MD5 of secret, sorted key and value pairs, the raw
 * body where it is text, secret. The pairs are the URL's, those of a form, and the headers that `top-sign-list` names.
 */
import { createHash } from 'node:crypto';
import { bodyKind, bodyText, type CallCopy, header } from '../kit/call-copy.ts';

/** The signature the call should bear. */
export function spiSignature(call: CallCopy['call'], secret: string): string {
  const named = header(call, 'top-sign-list')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const body = bodyText(call);
  const form = bodyKind(call) === 'form';
  const pairs = new Map<string, string>([
    ...named.map((name): [string, string] => [name, header(call, name.toLowerCase())]),
    ...(form ? new URLSearchParams(body) : []),
    ...Object.entries(call.query),
  ]);
  pairs.delete('sign');
  const sorted = [...pairs.keys()].sort().map((key) => key + pairs.get(key));
  const text = secret + sorted.join('') + (bodyKind(call) === 'text' ? body : '') + secret;
  return createHash('md5').update(text).digest('hex').toUpperCase();
}

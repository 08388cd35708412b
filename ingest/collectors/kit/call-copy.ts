/**
 * A copy of a platform's call to the loyalty system, which owns the URL: it forwards the call and its own answer as
 * `{received_at, call: {method, query, headers, body}, answer: {status, headers, body}}`; bodies are base64, `query` holds
 * decoded values, `received_at` is an ISO 8601 instant.
 */
import { createHmac } from 'node:crypto';
import { isObject, tryJson } from './json.ts';
import { checker, object } from './validate.ts';

export interface CallCopy {
  readonly received_at: string;
  readonly call: HttpMessage & { readonly method: string; readonly query: Readonly<Record<string, string>> };
  readonly answer: HttpMessage & { readonly status: number };
}

interface HttpMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const text = { type: 'string', reason: 'field.not-text', description: 'text' };
const texts = {
  type: 'object',
  additionalProperties: text,
  reason: 'field.not-a-map',
  description: 'an object of texts',
};
const base64 = { type: 'string', pattern: '^[A-Za-z0-9+/]*={0,2}$', reason: 'field.not-base64', description: 'base64' };

/** Schemas of the members of a copy, for copies that hold more. */
export const COPY_MEMBERS = {
  received_at: {
    type: 'string',
    pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$',
    reason: 'time.not-valid',
    description: 'an instant such as "2026-01-15T04:00:00Z"',
  },
  call: object({ method: text, query: texts, headers: texts, body: base64 }, ['method', 'query', 'headers', 'body']),
  answer: object(
    {
      status: { type: 'integer', reason: 'field.not-a-count', description: 'an HTTP status' },
      headers: texts,
      body: base64,
    },
    ['status', 'headers', 'body'],
  ),
};

export const REQUIRED_COPY_MEMBERS = ['received_at', 'call', 'answer'] as const;

export const checkCopy = checker<CallCopy>(object(COPY_MEMBERS, REQUIRED_COPY_MEMBERS));

/** A header whatever its case; '' where it is missing. */
export function header({ headers }: HttpMessage, name: string): string {
  const found = Object.keys(headers).find((key) => key.toLowerCase() === name);
  return found === undefined ? '' : headers[found]!;
}

export type BodyKind = 'text' | 'form' | 'other';

/** What kind of body the content type announces; JSON where it announces nothing. */
export function bodyKind(message: HttpMessage): BodyKind {
  const type = header(message, 'content-type').toLowerCase();
  if (type.includes('x-www-form-urlencoded')) return 'form';
  return type === '' || /json|xml|text/.test(type) ? 'text' : 'other';
}

/** The body as text, in the charset of its content type (GBK and its kin, else UTF-8). */
export function bodyText(message: HttpMessage): string {
  const charset = /charset=["']?gb/i.test(header(message, 'content-type')) ? 'gb18030' : 'utf-8';
  return new TextDecoder(charset).decode(Buffer.from(message.body, 'base64'));
}

/** The fields of a body, JSON or form; empty where it holds none. */
export function bodyFields(message: HttpMessage): Readonly<Record<string, unknown>> {
  const body = bodyText(message);
  if (bodyKind(message) === 'form') return Object.fromEntries(new URLSearchParams(body));
  const fields = tryJson(body);
  return isObject(fields) ? fields : {};
}

/** The header of a copy that bears the loyalty system's signature. */
export const COPY_SIGN_HEADER = 'x-quanyu-sign';

/** How the loyalty system signs the copy: hex HMAC-SHA256 of the whole body, so that nobody else can make up its answer. */
export function copySignature(body: Buffer, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/**
 * A copy of a 会员通 call: the loyalty system, which owns the URL, forwards the platform's call and its own answer as
 * `{received_at, call: {method, query, headers, body}, answer: {status, headers, body}}`; bodies are base64, `query` holds
 * decoded values, `received_at` is an ISO 8601 instant.
 */
import { isObject, tryJson } from '../kit/json.ts';
import { checker, object } from '../kit/validate.ts';

export interface SpiEnvelope {
  readonly received_at: string;
  readonly call: SpiMessage & { readonly method: string; readonly query: Readonly<Record<string, string>> };
  readonly answer: SpiMessage & { readonly status: number };
}

interface SpiMessage {
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

export const checkEnvelope = checker<SpiEnvelope>(
  object(
    {
      received_at: {
        type: 'string',
        pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$',
        reason: 'time.not-valid',
        description: 'an instant such as "2026-01-15T04:00:00Z"',
      },
      call: object({ method: text, query: texts, headers: texts, body: base64 }, [
        'method',
        'query',
        'headers',
        'body',
      ]),
      answer: object(
        {
          status: { type: 'integer', reason: 'field.not-a-count', description: 'an HTTP status' },
          headers: texts,
          body: base64,
        },
        ['status', 'headers', 'body'],
      ),
    },
    ['received_at', 'call', 'answer'],
  ),
);

/** A header whatever its case; '' where it is missing. */
export function header({ headers }: SpiMessage, name: string): string {
  const found = Object.keys(headers).find((key) => key.toLowerCase() === name);
  return found === undefined ? '' : headers[found]!;
}

export type BodyKind = 'text' | 'form' | 'other';

/** What kind of body the content type announces; JSON where it announces nothing. */
export function bodyKind(message: SpiMessage): BodyKind {
  const type = header(message, 'content-type').toLowerCase();
  if (type.includes('x-www-form-urlencoded')) return 'form';
  return type === '' || /json|xml|text/.test(type) ? 'text' : 'other';
}

/** The body as text, in the charset of its content type (GBK and its kin, else UTF-8). */
export function bodyText(message: SpiMessage): string {
  const charset = /charset=["']?gb/i.test(header(message, 'content-type')) ? 'gb18030' : 'utf-8';
  return new TextDecoder(charset).decode(Buffer.from(message.body, 'base64'));
}

/** The fields of a body, JSON or form; empty where it holds none. */
export function bodyFields(message: SpiMessage): Readonly<Record<string, unknown>> {
  const body = bodyText(message);
  if (bodyKind(message) === 'form') return Object.fromEntries(new URLSearchParams(body));
  const fields = tryJson(body);
  return isObject(fields) ? fields : {};
}

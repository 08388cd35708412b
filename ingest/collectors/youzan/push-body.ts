/** The body of a push: an envelope around `msg`, which is URL-encoded JSON in most types and an object in newer ones. */
import { isObject, tryJson } from '../kit/json.ts';

export interface PushBody {
  readonly type: string;
  readonly status: string;
  /** '' where the type has none. */
  readonly messageId: string;
  readonly subject: string;
  readonly version: string;
  readonly clientId: string;
  /** As it was sent: the older signature is of this text. '' for an object. */
  readonly rawMessage: string;
  readonly sign: string;
  readonly isTest: boolean;
  /** null for what is no JSON object. */
  readonly message: Readonly<Record<string, unknown>> | null;
}

/** null for what is no push. */
export function readPushBody(text: string): PushBody | null {
  const body = tryJson(text);
  if (!isObject(body)) return null;
  const said = (name: string): string => {
    const value = body[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const message = isObject(body.msg) ? body.msg : tryJson(decoded(said('msg')));
  return {
    ...{ type: said('type'), status: said('status'), messageId: said('msg_id'), subject: said('id') },
    ...{ version: said('version'), clientId: said('client_id'), rawMessage: said('msg'), sign: said('sign') },
    isTest: body.test === true,
    message: isObject(message) ? message : null,
  };
}

/** Some types write a space as +, others as %20; where the colons are encoded too, + is a space. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.includes('%3A') ? text.replaceAll('+', ' ') : text);
  } catch {
    return '';
  }
}

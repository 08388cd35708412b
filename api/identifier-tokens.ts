/**
 * Stand-ins for an identifier in a URL (docs/decisions/005): AES-256-GCM under a key that only this process holds, so a
 * token tells nothing, differs each time, and is worth nothing after a while or after a restart.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { QuanyuError } from '../errors.ts';

export interface GivenIdentifier {
  readonly type: string;
  readonly scope: string;
  readonly value: string;
}

export interface IdentifierTokens {
  seal(identifier: GivenIdentifier): string;
  /** Throws api.identifier-token-invalid for anything but a live token. */
  open(token: string): GivenIdentifier;
}

export const TOKEN_MINUTES = 15;

export function identifierTokens(clock: Clock): IdentifierTokens {
  const key = randomBytes(32);
  return {
    seal(identifier) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const until = clock.now().getTime() + TOKEN_MINUTES * 60_000;
      const sealed = cipher.update(JSON.stringify([until, identifier.type, identifier.scope, identifier.value]));
      return Buffer.concat([iv, sealed, cipher.final(), cipher.getAuthTag()]).toString('base64url');
    },
    open(token) {
      const [until, type, scope, value] = opened(key, token);
      if (clock.now().getTime() > until) throw invalid();
      return { type, scope, value };
    },
  };
}

function opened(key: Buffer, token: string): [until: number, type: string, scope: string, value: string] {
  const bytes = Buffer.from(token, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(-16));
    return JSON.parse(decipher.update(bytes.subarray(12, -16)).toString() + decipher.final().toString());
  } catch {
    throw invalid();
  }
}

function invalid(): QuanyuError {
  return new QuanyuError(
    'api.identifier-token-invalid',
    `The identifier in the URL is not a live token. Send type, scope and value in the body of POST /api/v1/profiles/lookup; ` +
      `it answers with the profiles and with a token that holds for ${TOKEN_MINUTES} minutes. Personal values do not belong in a URL.`,
  );
}

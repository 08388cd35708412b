/** The digests a raw phone has at channels that deliver only a digest: for tests and offline work; in bulk SQL makes them. */
import { createHash } from 'node:crypto';
import type { IdentifierType } from './types.ts';

const MAINLAND = /^\+86(1[3-9]\d{9})$/;

/** A shop's secret of the Tmall membership centre and the scope its digests have. */
export interface MixMobileKey {
  readonly scope: string;
  readonly key: string;
}

/** An identifier that follows from another. */
export interface DerivedIdentifier {
  readonly type: IdentifierType;
  readonly scope: string;
  readonly value: string;
}

function digest(algorithm: 'md5' | 'sha256', text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}

/**
 * md5 and sha256 of the national 11 digits, and MD5(MD5("tmall" + 11 digits + key)) for each key, all in lower hex.
 * Empty for a number from abroad: no channel says what it would hash.
 */
export function deriveFromPhone(value: string, keys: readonly MixMobileKey[]): DerivedIdentifier[] {
  const national = MAINLAND.exec(value)?.[1];
  if (national === undefined) return [];
  return [
    { type: 'phone_md5', scope: '', value: digest('md5', national) },
    { type: 'phone_sha256', scope: '', value: digest('sha256', national) },
    ...keys.map(({ scope, key }): DerivedIdentifier => {
      return { type: 'mix_mobile', scope, value: digest('md5', digest('md5', `tmall${national}${key}`)) };
    }),
  ];
}

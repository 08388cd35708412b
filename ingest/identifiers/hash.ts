/** Hex digests as identifiers: what the hashed phone types share. */
import { isJunkPhoneHash } from './phone-junk.ts';
import { LONGEST_CELL, tidy } from './text.ts';
import type { IdentifierType, Normalised } from './types.ts';

const LENGTHS = { md5: 32, sha256: 64 } as const;
const HEX = /^[0-9a-f]+$/;
const ONE_CHARACTER = /^(.)\1*$/;

/** Reads a digest in either case into lower case; digests of junk phones and of words for nothing are refused. */
export function readHash(type: IdentifierType, algorithm: keyof typeof LENGTHS, given: string): Normalised {
  const hex = given.length > LONGEST_CELL ? '' : tidy(given).toLowerCase();
  const length = LENGTHS[algorithm];
  if (hex.length !== length || !HEX.test(hex)) {
    return { ok: false, code: `${type}.not-a-hash`, expected: `a digest of ${length} hexadecimal digits` };
  }
  if (ONE_CHARACTER.test(hex) || isJunkPhoneHash(algorithm, hex)) {
    return { ok: false, code: `${type}.junk`, expected: 'the digest of one person’s phone, not of a junk number' };
  }
  return { ok: true, values: [{ type, value: hex, weak: false }] };
}

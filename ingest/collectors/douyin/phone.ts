/**
 * Phones as the platform gives them: in clear, with stars, or encrypted. What is encrypted is never taken for a phone; its
 * search index (between the first two `$`) stands for it within the shop, and joins nobody.
 */
import { type IdentifierType, readIdentifier } from '../../identifiers/index.ts';
import type { Identifier } from '../../record.ts';
import type { Rung } from '../kit/account.ts';

/** `$<index>$<base64>$<version>$$`; the form is seen, not documented. */
const ENCRYPTED = /^\$([^$\s]{4,128})\$[^$\s]+\$\d+\$\$$/;

/** A cell that may hold a phone in any of its forms, as a rung of the ladder. */
export function phoneRung(given: unknown, { path, shopId }: { path: string; shopId: string }): Rung {
  const index = indexOf(given);
  return index === undefined
    ? { type: 'phone', scope: '', given, path }
    : { type: 'douyin_phone_index', scope: shopId, given: index, path };
}

/**
 * What an order shows of its receiver's phone: weak evidence of a household, never the buyer's. Whatever cannot be read is
 * left: nobody who looks into the quarantine could do anything about the platform's stars.
 */
export function receiverEvidence(
  { masked, encrypted }: { masked: unknown; encrypted: unknown },
  shopId: string,
): Identifier[] {
  const weak = (type: IdentifierType, scope: string, given: string) =>
    readIdentifier({ type, scope, given, path: '', strength: 'weak' }).identifiers.filter((one) => one.type === type);
  const index = indexOf(encrypted);
  return [
    ...(index === undefined ? [] : weak('douyin_phone_index', shopId, index)),
    ...(typeof masked === 'string' ? weak('phone_masked', '', masked) : []),
  ];
}

function indexOf(given: unknown): string | undefined {
  return typeof given === 'string' ? ENCRYPTED.exec(given)?.[1] : undefined;
}

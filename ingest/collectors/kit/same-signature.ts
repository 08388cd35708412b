import { timingSafeEqual } from 'node:crypto';

/** Compares in a time that does not depend on where two signatures differ; upper and lower hex are the same. */
export function sameSignature(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((one) => Buffer.from(one.toUpperCase()));
  return a!.length === b!.length && timingSafeEqual(a!, b!);
}

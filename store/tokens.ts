/** How keys become tokens and public ids: the strings that are hashed are made here and nowhere else. */
import { raw, type SqlFragment, sql } from './sql.ts';
import type { Vault } from './vault.ts';

/** Joins String expressions with NUL, which no key holds. */
function keyed(parts: readonly SqlFragment[]): SqlFragment {
  const [first, ...rest] = parts as [SqlFragment, ...SqlFragment[]];
  return rest.reduce((text, part) => sql`concat(${text}, '\\0', ${part})`, first);
}

/** Token of an account: names somebody at one source. */
export function accountToken(
  vault: Vault,
  of: { source: SqlFragment; kind: SqlFragment; key: SqlFragment },
): SqlFragment {
  return vault.token(keyed([raw("'account'"), of.source, of.kind, of.key]));
}

/** Token of an identifier: the same in every source, so that accounts meet in it. */
export function identifierToken(
  vault: Vault,
  of: { type: SqlFragment; scope: SqlFragment; value: SqlFragment },
): SqlFragment {
  return vault.token(keyed([raw("'identifier'"), of.type, of.scope, of.value]));
}

/** Token of a record or a raw item of a source. */
export function recordToken(
  vault: Vault,
  of: { source: SqlFragment; kind: SqlFragment; key: SqlFragment },
): SqlFragment {
  return vault.token(keyed([raw("'record'"), of.source, of.kind, of.key]));
}

/** `p_` and 32 hex digits: the profile id founded by the account whose UInt128 id the expression holds. */
export function publicId(accountId: SqlFragment): SqlFragment {
  return sql`concat('p_', leftPad(lower(hex(${accountId})), 32, '0'))`;
}

/** The decimal UInt128 of a profile id, or null when the text is not one. */
export function accountIdOf(profileId: string): string | null {
  const match = /^p_([0-9a-f]{32})$/.exec(profileId);
  return match ? BigInt(`0x${match[1]}`).toString() : null;
}

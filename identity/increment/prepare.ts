/**
 * An increment's preparation: which accounts to solve again, and the statuses of the identifiers they touch. The scope
 * ends as whole raw components, old and new, so that what is solved within it is what a full run would find there:
 * every account of an identifier that is live now, or was, is in scope if any changed account gives or gave it.
 */
import { type SqlFragment, type Store, sql } from '../../store/index.ts';
import { holdersByHash, withPhones } from '../edges/given.ts';
import { readSlots } from '../edges/read.ts';
import type { IdentityRules } from '../rules/index.ts';
import { writeStatuses } from '../statuses.ts';
import { fillGiven, GIVEN, SCOPE, scopeChanged, scopeComponents } from './scope.ts';
import { scopeNeighbours, touch } from './touched.ts';

export interface IncrementOptions {
  readonly store: Store;
  readonly rules: IdentityRules;
  readonly blocked: readonly string[];
  /** The published identity version, and the one that is being made. */
  readonly before: number;
  readonly version: number;
  /** Commits up to this one were resolved. */
  readonly resolvedTo: number;
}

/** Fills resolve_scope and resolve_given, which are empty; writes the statuses that change and returns how many. */
export async function prepareIncrement(of: IncrementOptions): Promise<number> {
  const { store, rules, before } = of;
  const { gone } = await scopeChanged(store, { version: before, resolvedTo: of.resolvedTo });
  await fillGiven(store, rules, SCOPE);
  const { hasPhoneHashes } = await readSlots(store, rules, GIVEN);
  if (hasPhoneHashes) await indexKnownPhones(store, GIVEN);
  const given = hasPhoneHashes ? withPhones(GIVEN) : GIVEN;
  const statuses = await touch(store, { rules, blocked: of.blocked, version: before, given, gone });
  const written = await writeStatuses(store, { version: of.version, ...statuses });
  const deadNow = new Set(statuses.now.map((row) => row.id_token));
  const dead = statuses.before.map((row) => row.id_token).filter((token) => deadNow.has(token));
  await scopeNeighbours(store, { dead, crowded: statuses.crowded });
  await scopeComponents(store, before);
  await fillGiven(store, rules, SCOPE);
  return written;
}

/** Puts accounts that give the hash of a known phone into the index under the phone, where increments look for them. */
export async function indexKnownPhones(store: Store, given: SqlFragment): Promise<void> {
  await store.run(sql`
    INSERT INTO identifier_index (token, account_ordinal)
    SELECT phone_token, account_ordinal FROM ${holdersByHash(given)}`);
}

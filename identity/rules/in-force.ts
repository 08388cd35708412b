/** The rules in force, kept as small state by the one process that writes it; every change is a new version. */

import type { Identifier } from '../../ingest/record.ts';
import type { Documents, Store, Vault } from '../../store/index.ts';
import { blockedTokens } from './blocked.ts';
import { checkRules } from './check.ts';
import { DEFAULT_RULES, type IdentityRules } from './rules.ts';

/** The rules in force: the defaults until somebody changed them. */
export function rulesInForce(documents: Documents): IdentityRules {
  const kept = documents.get<IdentityRules>('identity', 'rules')?.body;
  // Types that are younger than the kept rules stand in them as they do in the defaults.
  return kept === undefined ? DEFAULT_RULES : { ...kept, types: { ...DEFAULT_RULES.types, ...kept.types } };
}

/** Puts changed rules in force under the next version, checked. The next resolve is a full one. */
export async function changeRules(
  documents: Documents,
  change: (rules: IdentityRules) => Omit<IdentityRules, 'version'>,
  by: string,
): Promise<IdentityRules> {
  const before = rulesInForce(documents);
  const rules = checkRules({ ...change(before), version: before.version + 1 });
  const seen = documents.get('identity', 'rules')?.revision ?? 0;
  await documents.put('identity', 'rules', rules, { expected: seen, by });
  return rules;
}

/** Blocks a value from joining anybody (a store's own line, a guide's phone): kept as tokens, not in clear. */
export async function blockIdentifier(
  context: { documents: Documents; store: Store; vault: Vault; by: string },
  identifier: Pick<Identifier, 'type' | 'scope' | 'value'>,
): Promise<IdentityRules> {
  const { type, scope, value } = identifier;
  const tokens = await blockedTokens(context, { values: [{ type, scope, value }], mixMobileKeys: [] });
  return changeRules(
    context.documents,
    (rules) => ({ ...rules, blocked_tokens: [...new Set([...rules.blocked_tokens, ...tokens])] }),
    context.by,
  );
}

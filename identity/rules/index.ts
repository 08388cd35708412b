/** Front door of the identity rules. */
export { blockedTokens } from './blocked.ts';
export { checkRules, RULES_SCHEMA } from './check.ts';
export { blockIdentifier, changeRules, rulesInForce } from './in-force.ts';
export {
  type BlockedValue,
  DEFAULT_RULES,
  type IdentityRules,
  joiningTypes,
  PHONE_HASH_TYPES,
  type TypeRule,
} from './rules.ts';

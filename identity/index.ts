/** Front door of identity/: who is one person, why, and what holds that together. */
export { type Explanation, explainProfile, type HeldView, type IdentityLink } from './explain/explain.ts';
export { findProfiles, type IdentifierGiven } from './find.ts';
export { identityForgets } from './forget.ts';
export { accountsWith, followLinks, type Links, loadLinks, profileOf } from './links.ts';
export { type Resolved, type ResolveOptions, resolve } from './resolve.ts';
export {
  blockIdentifier,
  changeRules,
  checkRules,
  DEFAULT_RULES,
  type IdentityRules,
  RULES_SCHEMA,
  rulesInForce,
} from './rules/index.ts';

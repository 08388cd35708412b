/** Front door of privacy/: audit, suppression, erasure and its searcher. */
export { type Audit, type AuditEntry, type AuditNote, type AuditPosition, openAudit } from './audit.ts';
export { holdsAny } from './clear-text.ts';
export {
  type ForgetContext,
  type ForgetReport,
  type ForgetsPeople,
  type Forgotten,
  findPerson,
  forgetPerson,
} from './forget.ts';

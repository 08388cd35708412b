/** Front door of segments/: orders, tags, conditions, previews, audiences, exports. */
export {
  type AudienceRun,
  audienceMembers,
  listAudiences,
  type MemberPage,
  type MemberPosition,
  type RunAudienceOptions,
  readAudience,
  runAudience,
} from './audiences/index.ts';
export { CHANNEL_WORDS, CHANNELS } from './channels.ts';
export {
  CONDITION_LIMITS,
  type Condition,
  type ConditionFault,
  compileCondition,
  conditionSchema,
  describeCondition,
  readCondition,
} from './conditions/index.ts';
export {
  EXPORT_COLUMNS,
  type ExportColumn,
  type ExportOptions,
  type ExportReceipt,
  type ExportRequest,
  exportAudience,
  exportsFolder,
  readExport,
} from './export/index.ts';
export { segmentsForget } from './forget.ts';
export type { Freshness } from './freshness.ts';
export {
  type ListOptions,
  type ListPosition,
  type OrderLineView,
  type OrderView,
  profileOrders,
  type RefundView,
  suspectedDoubles,
  unmatchedReturns,
} from './order-lists.ts';
export { type Preview, type PreviewOptions, previewCondition, type SampleProfile } from './preview.ts';
export { type ProfileView, readProfile, type TraitOrigin, type TraitView } from './profile.ts';
export { VIAS, type Via, WAYS } from './reach.ts';
export { SEGMENTS, type Segment } from './segment.ts';
export {
  type Attribute,
  type ComputedProfiles,
  type ComputeOptions,
  computeProfiles,
  readTagParameters,
  TAGS,
  type Tag,
  type TagParameter,
  TRAITS,
  type Trait,
  type ValueType,
} from './tags/index.ts';
export type { Language, Words } from './words.ts';

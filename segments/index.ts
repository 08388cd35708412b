/** Front door of segments/: tags, conditions, previews, audiences, exports. */

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
  type ListOptions,
  type ListPosition,
  type OrderLineView,
  type OrderView,
  profileOrders,
  type RefundView,
  suspectedDoubles,
  unmatchedReturns,
} from './order-lists.ts';
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

/** The room of tags: attributes of profiles, their library, and their computation. */
export type { Attribute, ValueType } from './attribute.ts';
export {
  type ComputedProfiles,
  type ComputeOptions,
  computeProfiles,
  readTagParameters,
  type TagParameter,
} from './compute.ts';
export { TAGS } from './library/index.ts';
export { STAGED_TABLES } from './stages.ts';
export type { Tag } from './tag.ts';
export { TRAITS, type Trait, traitValue } from './traits.ts';

/**
 * Front door of the identifiers: what Quanyu knows of each type, the calls by which mappers read dirty cells, and masks.
 * All pure; nothing here throws for any text.
 */
export { type BirthCell, type ReadBirth, readBirth } from './birth.ts';
export { isBlank } from './blank.ts';
export { IDENTIFIER_DEFINITIONS, identifierDefinition } from './definitions.ts';
export { type GenderCell, type GenderCodes, type ReadGender, readGender } from './gender.ts';
export { mask, maskEmail, maskName, maskPhone } from './mask.ts';
export { type ReadName, readName } from './name.ts';
export { type DerivedIdentifier, deriveFromPhone, type MixMobileKey } from './phone-derive.ts';
export { type IdentifierCell, type ReadIdentifiers, readIdentifier } from './read.ts';
export {
  IDENTIFIER_TYPES,
  type IdentifierDefinition,
  type IdentifierType,
  type Normalised,
  type NormalisedValue,
  type Refusal,
  type ScopeKind,
} from './types.ts';

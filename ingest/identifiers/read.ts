/** The one call by which collectors turn a dirty cell into identifiers. */
import type { Identifier, Rejection, Strength } from '../record.ts';
import { isBlank } from './blank.ts';
import { identifierDefinition } from './definitions.ts';
import type { IdentifierType, Refusal } from './types.ts';

export interface IdentifierCell {
  /** JSON pointer or column name, for the rejection. */
  readonly path: string;
  readonly type: IdentifierType;
  /** Where the value means something (a shop, an appid …); '' for types whose scope is `none`. */
  readonly scope: string;
  readonly given: string;
  /** How far the source vouches for it; values that must not join by themselves come out weak all the same. */
  readonly strength: Strength;
}

export interface ReadIdentifiers {
  readonly identifiers: readonly Identifier[];
  readonly rejections: readonly Rejection[];
}

const NOTHING: ReadIdentifiers = { identifiers: [], rejections: [] };

/**
 * Reads one cell. A blank cell gives nothing at all; junk, a missing scope, landlines, virtual numbers … give a rejection
 * with its code and `wholeItem: false` (the caller keeps the row). A cell can give several identifiers, and of another
 * type than asked: a masked phone under `phone` comes out as a weak `phone_masked`.
 */
export function readIdentifier({ path, type, scope, given, strength }: IdentifierCell): ReadIdentifiers {
  if (isBlank(given)) return NOTHING;
  const definition = identifierDefinition(type);
  const scoped = definition.scope === 'none' ? '' : scope.trim();
  if (definition.scope !== 'none' && isBlank(scoped)) {
    const expected = `the ${definition.scope} in which this ${type} means something`;
    return {
      identifiers: [],
      rejections: [rejected({ path, type, given }, { code: `${type}.scope-missing`, expected })],
    };
  }
  const read = definition.normalise(given);
  if (!read.ok) return { identifiers: [], rejections: [rejected({ path, type, given }, read)] };
  const identifiers: Identifier[] = [];
  for (const value of read.values) {
    const joins = !value.weak && identifierDefinition(value.type).joins;
    identifiers.push({ type: value.type, scope: scoped, value: value.value, strength: joins ? strength : 'weak' });
  }
  if (read.refused === undefined) return { identifiers, rejections: NOTHING.rejections };
  return { identifiers, rejections: read.refused.map((refusal) => rejected({ path, type, given }, refusal)) };
}

function rejected(
  { path, type, given }: Pick<IdentifierCell, 'path' | 'type' | 'given'>,
  { code, expected }: Refusal,
): Rejection {
  return { path, given: identifierDefinition(type).mask(given), expected, code, wholeItem: false };
}

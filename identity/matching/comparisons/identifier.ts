/** Exact identifiers: the same value in the same scope is the same account. */
import {
  IDENTIFIER_TYPES,
  type IdentifierType,
  identifierDefinition,
  isBlank,
} from '../../../ingest/identifiers/index.ts';
import { type Comparison, same } from '../comparison.ts';

/** The type Quanyu knows under this name (`douyin-union-id` or `wechat_unionid` alike), or null. */
export function knownType(name: string): IdentifierType | null {
  const plain = name.toLowerCase().replaceAll('-', '_');
  return (
    IDENTIFIER_TYPES.find((type) => type === plain || plain === `wechat_${type}` || plain === `tmall_${type}`) ?? null
  );
}

/** Values that stand in identifier columns and name nobody. */
const NOBODY = /^(?:0+|-1|null|undefined|nan|test|anonymous|openid|\[object object\]|(.)\1*)$/i;

export function readIdentity(given: string, type: IdentifierType | null): string {
  if (isBlank(given)) return '';
  const text = given.trim();
  if (NOBODY.test(text)) return '';
  const read = type === null ? null : identifierDefinition(type).normalise(text);
  if (read?.ok === true) return read.values[0]!.value;
  return read !== null && /\.(?:junk|masked|own-appid)$/.test(read.code) ? '' : text;
}

export interface IdentityColumns {
  readonly column: number;
  readonly scope?: number;
  readonly type: IdentifierType | null;
}

/**
 * Values in different scopes cannot be compared. With a scope, another value in it is a second account: that is weighed
 * once for all identifiers of the scope, by `scope` below.
 */
export function identifier(id: string, words: string, of: IdentityColumns): Comparison {
  const another = [
    {
      words: 'one character off or two swapped',
      sql: 'length(l.value) BETWEEN 6 AND 20 AND damerauLevenshteinDistance(l.value, r.value) = 1',
    },
    { words: 'another', sql: null },
  ];
  return {
    id,
    words,
    features: [{ name: 'value', type: 'String' }],
    counted: ['value'],
    known: of.scope === undefined ? `l.value != '' AND r.value != ''` : same('value'),
    levels: [
      { words: 'the same', sql: same('value'), key: 'value' },
      ...(of.scope === undefined ? another : [{ words: 'another', sql: null }]),
    ],
    keys: [{ name: 'value', sql: 'k.value' }],
    read(cells) {
      const value = readIdentity(cells[of.column]!, of.type);
      const scope = of.scope === undefined ? '' : cells[of.scope]!.trim();
      return [value === '' || of.scope === undefined ? value : `${scope} ${value}`];
    },
  };
}

/**
 * One-to-one knowledge: how much two accounts in one shop or app speak against one person is learned like any weight, for
 * each kind of account: people have two cards sooner than two openids.
 */
export function scope(
  id: string,
  words: string,
  of: { column: number; identifiers: readonly Comparison[] },
): Comparison {
  const seconds = of.identifiers.map((one) => ({
    words: `a second ${one.words} in one place`,
    sql: `l.value = r.value AND l.${one.id}:value != '' AND r.${one.id}:value != ''`,
  }));
  const sameAccount = of.identifiers.map(({ id: one }) => `(l.${one}:value = r.${one}:value AND l.${one}:value != '')`);
  return {
    id,
    words,
    features: [{ name: 'value', type: 'String' }],
    counted: [],
    known: `l.value != '' AND r.value != '' AND NOT (${sameAccount.join(' OR ')})`,
    levels: [...seconds, { words: 'no second account', sql: null }],
    keys: [],
    linkage: 'worst',
    read: (cells) => [isBlank(cells[of.column]!) ? '' : cells[of.column]!.trim()],
  };
}

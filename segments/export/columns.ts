/** Columns an export can have: the profile's id, traits, tags, and the clear values that only a reveal may give. */
import { QuanyuError } from '../../errors.ts';
import { publicId, raw, type SqlFragment, sql } from '../../store/index.ts';
import type { Attribute, ValueType } from '../tags/attribute.ts';
import { TAGS } from '../tags/library/index.ts';
import { TRAITS, traitValue } from '../tags/traits.ts';
import type { Words } from '../words.ts';

/** Clear values by the trait whose record holds them. */
export const CLEAR_COLUMNS = {
  name: { from: 'name_from', zh: '姓名（明文）', en: 'Name, in clear' },
  phone: { from: 'phone_from', zh: '手机号（明文）', en: 'Phone, in clear' },
  email: { from: 'email_from', zh: '邮箱（明文）', en: 'E-mail, in clear' },
} as const;

export type ClearColumn = keyof typeof CLEAR_COLUMNS;

/** A column to choose, for pages and docs. */
export interface ExportColumn {
  readonly id: string;
  readonly title: Words;
  /** True where it takes a role that may see clear values. */
  readonly clear: boolean;
}

const ATTRIBUTES = new Map<string, { attribute: Attribute; value: SqlFragment }>([
  ...TRAITS.map((trait) => [trait.id, { attribute: trait, value: traitValue(trait) }] as const),
  ...TAGS.map((tag) => [tag.id, { attribute: tag, value: raw(tag.id) }] as const),
]);

export const EXPORT_COLUMNS: readonly ExportColumn[] = [
  { id: 'profile_id', title: { zh: 'OneID', en: 'Profile id' }, clear: false },
  ...[...ATTRIBUTES.values()].map(({ attribute: { id, title } }) => ({ id, title, clear: false })),
  ...Object.entries(CLEAR_COLUMNS).map(([id, { zh, en }]) => ({ id, title: { zh, en }, clear: true })),
];

/** The clear ones of `columns`. */
export function clearColumns(columns: readonly string[]): ClearColumn[] {
  return columns.filter((column): column is ClearColumn => Object.hasOwn(CLEAR_COLUMNS, column));
}

/** Throws export.invalid for columns that are unknown, named twice, missing, or clear without `reveal`. */
export function checkColumns(columns: readonly string[], reveal: boolean): void {
  const known = EXPORT_COLUMNS.map((column) => column.id);
  const unknown = columns.filter((column) => !known.includes(column));
  const twice = columns.filter((column, place) => columns.indexOf(column) !== place);
  const clear = reveal ? [] : clearColumns(columns);
  const problem =
    (columns.length === 0 && 'no column was chosen') ||
    (unknown.length > 0 && `there is no column ${told(unknown)}`) ||
    (twice.length > 0 && `${told(twice)} was chosen twice`) ||
    (clear.length > 0 && `${told(clear)} would show clear values, which was not asked for (reveal)`);
  if (problem === false) return;
  throw new QuanyuError('export.invalid', `The export cannot be made: ${problem}. Columns are: ${known.join(', ')}.`, {
    columns: [...unknown, ...twice, ...clear].slice(0, 20),
  });
}

const told = (columns: readonly string[]) => columns.map((one) => `"${one.slice(0, 40)}"`).join(', ');

/** How a value of each type becomes a cell. Texts are made harmless; unknown is an empty cell. */
const CELLS: { readonly [T in ValueType]: (value: SqlFragment) => SqlFragment } = {
  text: harmless,
  enumeration: (value) => value,
  number: (value) => value,
  money: (value) => value,
  date: (value) => value,
  boolean: (value) => value,
  list: (value) => sql`arrayStringConcat(${value}, '|')`,
};

/** The cell of a column; the clear ones stand in columns clear_<id> of the row. */
export function cellOf(column: string): SqlFragment {
  if (column === 'profile_id') return publicId(raw('profile_id'));
  const attribute = ATTRIBUTES.get(column);
  if (attribute === undefined) return harmless(raw(`clear_${column}`));
  return CELLS[attribute.attribute.type](attribute.value);
}

/**
 * A text that no spreadsheet takes for a formula (OWASP, CSV Injection): a leading = + - @ gets an apostrophe before it
 * unless the text is a plain number; control characters, line ends among them, become spaces.
 */
function harmless(value: SqlFragment): SqlFragment {
  const flat = sql`replaceRegexpAll(toString(${value}), '[\\\\x00-\\\\x1f\\\\x7f]', ' ')`;
  const quoted = sql`if(match(${flat}, '^ *[=+\\\\-@＝＋－＠]') AND NOT match(${flat}, '^[+-]?[0-9.]+$'), concat('\\'', ${flat}), ${flat})`;
  return sql`if(match(toString(${value}), '^[ =+\\\\-@＝＋－＠]|[\\\\x00-\\\\x1f\\\\x7f]'), ${quoted}, toString(${value}))`;
}

/** Whom a row is about: the account by the ladder member number > card > phone, and what else the row says of that person. */
import { type GenderCodes, readBirth, readGender, readIdentifier, readName } from '../../identifiers/index.ts';
import type { Identifier, PersonalValues, SourceAccount, Traits } from '../../record.ts';
import type { Column } from './headers.ts';
import type { Row } from './row.ts';
import type { FilesSettings } from './settings.ts';

export interface Person {
  /** Null for a row that names nobody. */
  readonly account: SourceAccount | null;
  /** Further identifiers, without the account's own. */
  readonly identifiers: readonly Identifier[];
  readonly personal: PersonalValues;
}

type PersonColumn = Extract<Column, 'card_no' | 'member_no' | 'old_card_no' | 'phone' | 'email' | 'national_id'>;

/**
 * The type of the number in a column. A source that knows one kind of number only has that kind, whatever the header:
 * tills call a card's number 会员编号, loyalty systems a member's number 会员卡号.
 */
function typeOf(column: PersonColumn, { issuer, programme }: FilesSettings): Identifier['type'] {
  if (column === 'card_no' || column === 'old_card_no') return issuer === undefined ? 'member_no' : 'card_no';
  if (column === 'member_no') return programme === undefined ? 'card_no' : 'member_no';
  return column;
}

function identifiersIn(row: Row, column: PersonColumn, settings: FilesSettings): readonly Identifier[] {
  const given = row.text(column);
  if (given === '') return [];
  const type = typeOf(column, settings);
  const scope = type === 'card_no' ? settings.issuer : type === 'member_no' ? settings.programme : '';
  const read = readIdentifier({ path: row.path(column), type, scope: scope ?? '', given, strength: 'stated' });
  row.rejections.push(...read.rejections);
  return read.identifiers;
}

/** A number that may have been rounded is refused: it would make one account of many. */
function numberIn(row: Row, column: 'card_no' | 'member_no', settings: FilesSettings): Identifier | null {
  const number = identifiersIn(row, column, settings)[0];
  if (number?.strength !== 'weak') return number ?? null;
  const expected = 'all digits of the number; export the column as text';
  row.refuse(column, { code: `${number.type}.perhaps-rounded`, expected });
  return null;
}

/** Reads the account and the identifiers beside it. What a cashier typed is stated, not verified. */
export function readPerson(row: Row, settings: FilesSettings): Person {
  const member = numberIn(row, 'member_no', settings);
  const card = numberIn(row, 'card_no', settings);
  // One source cannot tell two numbers of one kind apart: the card's own column is then the account's.
  const numbers = member && card && member.type === card.type ? [card] : [member, card].filter((one) => one !== null);
  const phones = identifiersIn(row, 'phone', settings);
  const all = [
    ...numbers,
    ...phones,
    ...identifiersIn(row, 'email', settings),
    ...identifiersIn(row, 'national_id', settings),
    ...identifiersIn(row, 'old_card_no', settings).filter(({ strength }) => strength !== 'weak'),
  ];
  const own = numbers[0] ?? phones.find(({ type, strength }) => type === 'phone' && strength !== 'weak');
  const account = own ? { kind: own.type, scope: own.scope, key: own.value } : null;
  return { account, identifiers: all.filter((one) => one !== own), personal: personalOf(row, all) };
}

function personalOf(row: Row, identifiers: readonly Identifier[]): PersonalValues {
  const valueOf = (...types: Identifier['type'][]) => identifiers.find(({ type }) => types.includes(type))?.value;
  const { name, rejections } = readName({ path: row.path('name'), given: row.text('name') });
  row.rejections.push(...rejections);
  const values: { [K in keyof PersonalValues]?: string | undefined } = {
    name: name ?? undefined,
    phone: valueOf('phone', 'phone_masked'),
    email: valueOf('email'),
    national_id: valueOf('national_id'),
    address: row.text('address') || undefined,
    nickname: row.text('nickname') || undefined,
  };
  const known: Record<string, string> = {};
  for (const [field, value] of Object.entries(values)) if (value !== undefined) known[field] = value;
  return known;
}

/** Gender, birth and place. `now`: the delivery, so that the same row reads the same at any time. */
export function readTraits(row: Row, of: { codes: GenderCodes; now: Date }): Traits {
  const gender = readGender({ path: row.path('gender'), given: row.text('gender'), codes: of.codes });
  const birth = readBirth({ path: row.path('birthday'), given: row.text('birthday'), now: of.now });
  row.rejections.push(...gender.rejections, ...birth.rejections);
  const [province, city] = [row.text('province'), row.text('city')];
  return {
    ...(gender.gender && { gender: gender.gender }),
    ...(birth.birth && { birth: birth.birth }),
    ...(province && { province }),
    ...(city && { city }),
  };
}

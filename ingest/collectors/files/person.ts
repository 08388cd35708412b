/** Whom a row is about: the account by the ladder member number > card > phone, and what else the row says of that person. */
import {
  type BirthCell,
  type GenderCodes,
  type ReadBirth,
  readBirth,
  readGender,
  readIdentifier,
  readName,
} from '../../identifiers/index.ts';
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
  row.tell(read.rejections);
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
  const phones = identifiersIn(row, 'phone', settings);
  const emails = identifiersIn(row, 'email', settings);
  const nationals = identifiersIn(row, 'national_id', settings);
  // One source cannot tell two numbers of one kind apart: the card's own column is then the account's.
  const second = member !== null && card !== null && member.type !== card.type ? card : null;
  const own = (second === null ? (card ?? member) : member) ?? phones.find(isOwnPhone) ?? null;
  const identifiers: Identifier[] = second === null ? [] : [second];
  for (const list of [phones, emails, nationals]) for (const one of list) if (one !== own) identifiers.push(one);
  for (const one of identifiersIn(row, 'old_card_no', settings)) if (one.strength !== 'weak') identifiers.push(one);
  return {
    account: own === null ? null : { kind: own.type, scope: own.scope, key: own.value },
    identifiers,
    personal: personalOf(row, { phone: phones[0], email: emails[0], national: nationals[0] }),
  };
}

function isOwnPhone({ type, strength }: Identifier): boolean {
  return type === 'phone' && strength !== 'weak';
}

type Values = { -readonly [K in keyof PersonalValues]: PersonalValues[K] };

function personalOf(row: Row, of: Record<'phone' | 'email' | 'national', Identifier | undefined>): PersonalValues {
  const { name, rejections } = readName({ path: row.path('name'), given: row.text('name') });
  row.tell(rejections);
  const personal: Values = {};
  if (name !== null) personal.name = name;
  if (of.phone) personal.phone = of.phone.value;
  if (of.email) personal.email = of.email.value;
  if (of.national) personal.national_id = of.national.value;
  if (row.text('address') !== '') personal.address = row.text('address');
  if (row.text('nickname') !== '') personal.nickname = row.text('nickname');
  return personal;
}

/** Gender, birth and place. `now`: the delivery, so that the same row reads the same at any time. */
export function readTraits(row: Row, of: { codes: GenderCodes; now: Date }): Traits {
  const gender = readGender({ path: row.path('gender'), given: row.text('gender'), codes: of.codes });
  const birth = birthOf({ path: row.path('birthday'), given: row.text('birthday'), now: of.now });
  row.tell(gender.rejections);
  row.tell(birth.rejections);
  const traits: { -readonly [K in keyof Traits]: Traits[K] } = {};
  if (gender.gender !== null) traits.gender = gender.gender;
  if (birth.birth !== null) traits.birth = birth.birth;
  if (row.text('province') !== '') traits.province = row.text('province');
  if (row.text('city') !== '') traits.city = row.text('city');
  return traits;
}

const BIRTHS_KEPT = 50_000;
let births = { path: '', now: 0, read: new Map<string, ReadBirth>() };

/** `readBirth`, which costs more than the rest of the row and is asked the same few ten thousand days again and again. */
function birthOf(cell: BirthCell): ReadBirth {
  const now = cell.now.getTime();
  if (births.path !== cell.path || births.now !== now || births.read.size >= BIRTHS_KEPT) {
    births = { path: cell.path, now, read: new Map() };
  }
  let read = births.read.get(cell.given);
  if (read === undefined) {
    read = readBirth(cell);
    births.read.set(cell.given, read);
  }
  return read;
}

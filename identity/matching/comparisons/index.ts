/** The comparisons of a file, from what its columns are. */
import type { ColumnSpec, Kind } from '../columns.ts';
import type { Comparison } from '../comparison.ts';
import { address } from './address.ts';
import { date } from './date.ts';
import { email } from './email.ts';
import { fullName } from './full-name.ts';
import { identifier, knownType, scope } from './identifier.ts';
import { namePart } from './name-part.ts';
import { type PhoneColumns, phone } from './phone.ts';
import { place } from './place.ts';
import { category, gender, number, postcode } from './simple.ts';

export interface Layout {
  readonly specs: readonly ColumnSpec[];
  /** Headers of the file, in order. */
  readonly headers: readonly string[];
  /** Columns of kind place that belong together, the finest first. */
  readonly places: readonly (readonly string[])[];
  /** Dates of birth after this are none. */
  readonly now: Date;
}

/** A comparison that is an identifier of its own, and what it is called. */
export interface IdentifierColumn {
  readonly id: string;
  readonly spec: ColumnSpec;
}

export interface Comparisons {
  readonly all: readonly Comparison[];
  readonly identifiers: readonly IdentifierColumn[];
}

type Make = (of: { id: string; words: string; column: number }) => Comparison;

const PHONES: readonly Kind[] = ['phone', 'phone-md5', 'phone-masked'];
const ONE_COLUMN: Partial<Record<Kind, Make>> = {
  'full-name': ({ id, words, column }) => fullName(id, words, column),
  gender,
  category,
  number,
  postcode,
  email: ({ id, words, column }) => email(id, words, column),
  address: ({ id, words, column }) => address(id, words, column),
};

export function comparisonsOf(layout: Layout): Comparisons {
  const { specs, headers } = layout;
  const at = (column: string) => headers.indexOf(column);
  const all: Comparison[] = [];
  const next = () => `c${all.length}`;
  const identifiers: IdentifierColumn[] = [];
  for (const columns of phonesOf(specs)) {
    const words = columns.map(({ column }) => column).join(' / ');
    const id = next();
    all.push(phone(id, words, phoneColumns(columns, at)));
    identifiers.push({ id, spec: columns[0]! });
  }
  for (const columns of layout.places) all.push(place(next(), columns.join(' / '), columns.map(at)));
  addNames(all, layout);
  for (const spec of specs) {
    const of = { id: next(), words: spec.column, column: at(spec.column) };
    if (spec.kind === 'date') all.push(date(of.id, of.words, { column: of.column, now: layout.now }));
    else if (spec.kind === 'id' || spec.kind === 'national-id') {
      const type = spec.kind === 'id' ? knownType(spec.name!) : 'national_id';
      const scoped = spec.scope === undefined ? {} : { scope: at(spec.scope) };
      all.push(identifier(of.id, of.words, { column: of.column, type, ...scoped }));
      identifiers.push({ id: of.id, spec });
    } else {
      const made = ONE_COLUMN[spec.kind]?.(of);
      if (made !== undefined) all.push(made);
      if (spec.kind === 'email') identifiers.push({ id: of.id, spec });
    }
  }
  addScopes(all, { identifiers, at });
  return { all, identifiers };
}

/** The first phone with the first md5 and the first mask are one number in three forms, and so on. */
function phonesOf(specs: readonly ColumnSpec[]): ColumnSpec[][] {
  const forms = PHONES.map((kind) => specs.filter((spec) => spec.kind === kind));
  const most = Math.max(...forms.map(({ length }) => length));
  return Array.from({ length: most }, (_, n) => forms.flatMap((form) => form.slice(n, n + 1)));
}

function phoneColumns(specs: readonly ColumnSpec[], at: (column: string) => number): PhoneColumns {
  const of = (kind: Kind) => specs.filter((spec) => spec.kind === kind).map(({ column }) => at(column))[0];
  const [clear, md5, masked] = [of('phone'), of('phone-md5'), of('phone-masked')];
  return {
    ...(clear !== undefined && { clear }),
    ...(md5 !== undefined && { md5 }),
    ...(masked !== undefined && { masked }),
  };
}

function addNames(all: Comparison[], { specs, headers }: Layout): void {
  const given = specs.filter(({ kind }) => kind === 'given-name');
  const family = specs.filter(({ kind }) => kind === 'family-name');
  const pair = given.length === 1 && family.length === 1;
  const first = all.length;
  for (const [n, { column }] of [...given, ...family].entries()) {
    const other = pair ? { other: `c${first + 1 - n}` } : {};
    all.push(namePart(`c${all.length}`, column, { column: headers.indexOf(column), swapped: n === 0, ...other }));
  }
}

function addScopes(
  all: Comparison[],
  { identifiers, at }: { identifiers: readonly IdentifierColumn[]; at: (column: string) => number },
): void {
  const scopes = new Set(identifiers.flatMap(({ spec }) => (spec.scope === undefined ? [] : [spec.scope])));
  for (const column of scopes) {
    const ids = new Set(identifiers.filter(({ spec }) => spec.scope === column).map(({ id }) => id));
    const within = all.filter(({ id }) => ids.has(id));
    all.push(scope(`c${all.length}`, column, { column: at(column), identifiers: within }));
  }
}

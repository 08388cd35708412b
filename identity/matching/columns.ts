/** What a caller says of the columns of a file: `name=full-name,openid=id:openid@appid`. */
import { QuanyuError } from '../../errors.ts';

export const KINDS = [
  'given-name',
  'family-name',
  'full-name',
  'date',
  'gender',
  'phone',
  'phone-md5',
  'phone-masked',
  'email',
  'place',
  'address',
  'postcode',
  'category',
  'number',
  'national-id',
  'id',
] as const;

export type Kind = (typeof KINDS)[number];

export interface ColumnSpec {
  /** Header of the column. */
  readonly column: string;
  readonly kind: Kind;
  /** For `id`: what the identifier is called. */
  readonly name?: string;
  /** Column that holds the scope of the identifier. */
  readonly scope?: string;
}

const FORM = `column=kind, with kinds ${KINDS.filter((kind) => kind !== 'id').join(', ')}, id:NAME or id:NAME@scope-column`;

/** Reads the text of `--columns`. Throws 'match.columns-invalid' with every fault. */
export function readColumns(text: string): ColumnSpec[] {
  const faults: string[] = [];
  const specs: ColumnSpec[] = [];
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const read = readColumn(part);
    if (typeof read === 'string') faults.push(read);
    else if (specs.some(({ column }) => column === read.column)) faults.push(`"${read.column}" is named twice`);
    else specs.push(read);
  }
  if (specs.length === 0 && faults.length === 0) faults.push('no column is named');
  if (faults.length > 0) {
    throw new QuanyuError('match.columns-invalid', `--columns: ${faults.join('; ')}. Expected ${FORM}.`);
  }
  return specs;
}

function readColumn(part: string): ColumnSpec | string {
  const cut = part.lastIndexOf('=');
  if (cut <= 0) return `"${part}" has no kind`;
  const column = part.slice(0, cut).trim();
  const [kindName = '', scope] = part
    .slice(cut + 1)
    .trim()
    .split('@', 2);
  const [kindText = '', name] = kindName.split(':', 2);
  const kind = KINDS.find((one) => one === kindText);
  if (kind === undefined) return `"${kindText}" of "${column}" is no kind`;
  if (kind === 'id' && !name) return `"${column}" is an id without a name (id:NAME)`;
  if (kind !== 'id' && name !== undefined) return `"${column}": only id takes a name`;
  if (scope !== undefined && kind !== 'id') return `"${column}": only id takes a scope`;
  if (scope === '') return `"${column}": the scope column has no name`;
  return { column, kind, ...(name && { name }), ...(scope !== undefined && { scope }) };
}

/** What an item of a file holds, as JSON. */
import { Ajv } from 'ajv';
import type { SourceItem } from '../../record.ts';
import type { FileFault } from './survey.ts';

export type FilePayload = { readonly file: string } & (
  | { readonly cells: Readonly<Record<string, string>> }
  | Misfit
  | { readonly note: readonly string[]; readonly told: readonly Told[] }
  | { readonly fault: FileFault }
);

/** A row that does not fit its header; without headers, a line that is no JSON object. */
export interface Misfit {
  readonly misfit: readonly string[];
  readonly headers: readonly string[];
}

/** What a total line says and the rows do not. */
export interface Told extends FileFault {
  readonly path: string;
}

const text = { type: 'string', minLength: 1, maxLength: 400 };
const code = { type: 'string', pattern: '^file\\.[a-z-]+$' };
const fault = {
  type: 'object',
  required: ['code', 'given', 'expected'],
  properties: { code, given: { type: 'string', maxLength: 200 }, expected: text, path: { type: 'string' } },
};
const cells = { type: 'array', items: { type: 'string' } };

/** Items that come back from the archive were made by us, perhaps by an older version. */
const isPayload = new Ajv({ strict: true, strictRequired: false }).compile<FilePayload>({
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string' },
    cells: { type: 'object', additionalProperties: { type: 'string' } },
    misfit: cells,
    headers: cells,
    note: cells,
    told: { type: 'array', items: { ...fault, required: ['code', 'given', 'expected', 'path'] } },
    fault,
  },
  anyOf: [
    { required: ['cells'] },
    { required: ['misfit', 'headers'] },
    { required: ['note', 'told'] },
    { required: ['fault'] },
  ],
});

const KEPT = Symbol('payload');

/** An item that was just read: mapping it need not parse what was made a moment before (a fifth of its time). */
export interface ReadItem extends SourceItem {
  readonly [KEPT]: FilePayload;
}

/** Makes an item of its payload. */
export function itemOf(payload: FilePayload, of: Omit<SourceItem, 'payload'>): ReadItem {
  const { kind, key, position, deliveredAt } = of;
  return { kind, key, payload: JSON.stringify(payload), position, deliveredAt, [KEPT]: payload };
}

/** What an item holds; null when it is not of this shape. */
export function payloadOf(item: SourceItem): FilePayload | null {
  return (item as Partial<ReadItem>)[KEPT] ?? parsed(item.payload);
}

function parsed(text: string): FilePayload | null {
  try {
    const payload: unknown = JSON.parse(text);
    return isPayload(payload) ? payload : null;
  } catch {
    return null;
  }
}

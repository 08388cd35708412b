/** Which lines of a file a pull has lost: an own count, beside the reader's. */
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { headerReader } from '../../ingest/collectors/files/columns.ts';
import { contentOf } from '../../ingest/collectors/files/content.ts';
import { decodeText } from '../../ingest/collectors/files/encoding.ts';
import { FILE_KINDS } from '../../ingest/collectors/files/headers.ts';
import { shortDigest } from '../../ingest/collectors/files/items.ts';
import { survey } from '../../ingest/collectors/files/survey.ts';
import type { SourceItem } from '../../ingest/record.ts';
import type { Folder } from '../ingest/collectors/files/folder.ts';

/** Lines that hold something, are no header, and stand in no item. */
export async function untoldLines(
  bytes: Buffer,
  { items, folder }: { items: readonly SourceItem[]; folder: Folder },
): Promise<string[]> {
  const { lines, digest } = await linesOf(bytes, folder);
  const told = new Set<number>();
  for (const item of items) {
    if (!item.key.startsWith(`${shortDigest(digest)}:`)) continue;
    const payload = JSON.parse(item.payload) as { fault?: unknown };
    if (payload.fault !== undefined && item.position === 1) return [];
    for (let line = 0; line <= breaksIn(payload); line++) told.add(item.position + line);
  }
  const untold = lines.filter((line, n) => !told.has(n + 1) && !isNothing(line) && headersIn(line) < 0.5);
  // A damaged header may be one by a single column.
  return untold.length === 1 && headersIn(untold[0]!) > 0 ? [] : untold;
}

async function linesOf(bytes: Buffer, { path, source }: Folder): Promise<{ lines: string[]; digest: string }> {
  const copy = join(path, '.copy');
  await writeFile(copy, bytes);
  const handle = await open(copy);
  try {
    const found = await survey(handle, source.settings);
    const parts: string[] = [];
    if (found.fault === null)
      for await (const part of decodeText(contentOf(handle, { gzip: found.gzip }), found.encoding)) parts.push(part);
    return { lines: parts.join('').split(found.loneCr ? /[\r\n]/ : '\n'), digest: found.digest };
  } finally {
    await handle.close();
  }
}

function breaksIn(value: unknown): number {
  if (typeof value === 'string') return value.split('\n').length - 1;
  if (typeof value !== 'object' || value === null) return 0;
  const { headers: _headers, ...own } = value as { headers?: unknown };
  return Object.values(own).reduce<number>((sum, one) => sum + breaksIn(one), 0);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: some exports separate by it
const BETWEEN = /[\s",|;^\ufeff\u0001@]+/;
const isNothing = (line: string) => line.replace(new RegExp(BETWEEN, 'g'), '') === '';

const readers = FILE_KINDS.map((kind) => headerReader(kind, {}));

/** The share of a line's words that name a column. */
function headersIn(line: string): number {
  const words = line.split(BETWEEN).filter((word) => word !== '');
  const known = readers.map((read) => words.filter((word) => read(word) !== null).length);
  return Math.max(...known) / words.length;
}

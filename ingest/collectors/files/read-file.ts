/** The second pass over a file: its rows as items, in pages, and whether its stores and days are whole. */
import type { FileHandle } from 'node:fs/promises';
import type { Completeness, SourceItem } from '../../record.ts';
import type { Source } from '../collector.ts';
import { headerReader } from './columns.ts';
import { contentOf, streamOf } from './content.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { decodeText } from './encoding.ts';
import type { InboxFile } from './inbox.ts';
import { faultItem, Itemiser, type ItemSource, shortDigest } from './items.ts';
import { readRows } from './rows.ts';
import { type FilesSettings, roleOf } from './settings.ts';
import type { FileFault, Survey } from './survey.ts';
import { WholeDays } from './whole-days.ts';

export interface OpenFile {
  readonly file: InboxFile;
  readonly handle: FileHandle;
  readonly survey: Survey;
  readonly deliveredAt: Date;
  readonly source: Source<FilesSettings>;
}

export interface Chunk {
  readonly items: readonly SourceItem[];
  /** The end of the file; the last chunk of a file without rows is empty. */
  readonly last: boolean;
  readonly complete?: Completeness;
}

/** Reads the file from its start in chunks of at most `rows` items: the same chunks each time. Memory is bounded by a chunk. */
export async function* readChunks(opened: OpenFile, rows: number): AsyncIterable<Chunk> {
  const { survey, file, source } = opened;
  const of: ItemSource = { name: file.name, digest: survey.digest, deliveredAt: opened.deliveredAt };
  const dialect = survey.fault ?? (await layoutOf(opened));
  if ('code' in dialect) {
    yield { items: [faultItem(of, { fault: dialect, line: 1 })], last: true };
    return;
  }
  const itemiser = new Itemiser(of, dialect, headerReader(dialect.kind, file.rule));
  const isSale = dialect.kind === 'sale' || dialect.kind === 'refund';
  const whole = file.rule.complete === 'store_day' && isSale ? new WholeDays(source) : null;
  const text = decodeText(contentOf(opened.handle, { gzip: survey.gzip }), survey.encoding);
  const columns = dialect.headers.length;
  let items: SourceItem[] = [];
  let line = 0;
  for await (const block of readRows(text, { separator: dialect.separator, columns, loneCr: survey.loneCr })) {
    for (const row of block) {
      line = row.line;
      const item = itemiser.take(row);
      if (item === null) continue;
      whole?.see(item);
      if (items.length === rows) {
        yield { items, last: false };
        items = [];
      }
      items.push(item);
    }
  }
  const fault = whole?.fault(itemiser.doubts) ?? null;
  if (fault) items.push(faultItem(of, { fault, line: line + 1 }));
  const complete = whole && !fault ? whole.completeness(shortDigest(survey.digest)) : undefined;
  yield { items, last: true, ...(complete && { complete }) };
}

async function layoutOf({ survey, file, source }: OpenFile): Promise<Dialect | FileFault> {
  const parts: string[] = [];
  for await (const part of decodeText(streamOf(survey.head), survey.encoding)) parts.push(part);
  return dialectOf(parts.join(''), { rule: file.rule, role: roleOf(source), loneCr: survey.loneCr });
}

/** A real folder with real files, pulled by the real collector. */
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeGb18030 } from '../../../../fixtures/population/pos/gb18030.ts';
import type { Json, PullContext, Source, SourcePage } from '../../../../ingest/collectors/collector.ts';
import { type FilesSettings, filesCollector } from '../../../../ingest/collectors/files/index.ts';
import type { FieldsByKind, RecordKind, Rejection, SourceItem, SourceRecord } from '../../../../ingest/record.ts';

export const NOW = new Date('2026-01-16T08:00:00+08:00');
/** When files are delivered unless a test says otherwise. */
export const DELIVERED = new Date('2026-01-16T03:00:00+08:00');

export type Encoded = 'utf-8' | 'utf-8-bom' | 'gb18030' | 'utf-16le';

export function encoded(text: string, encoding: Encoded): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'utf-8-bom') return Buffer.from(`\ufeff${text}`);
  if (encoding === 'utf-16le') return Buffer.from(`\ufeff${text}`, 'utf16le');
  const target = Buffer.alloc(text.length * 4);
  return target.subarray(0, writeGb18030(text, target, 0));
}

/** What a pull gave, and what it became. */
export interface Pulled {
  readonly pages: readonly SourcePage[];
  readonly items: readonly SourceItem[];
  readonly records: readonly SourceRecord[];
  readonly rejections: readonly Rejection[];
  /** The cursor as the checkpoint keeps it. */
  readonly cursor: Json;
}

export class Folder {
  readonly path: string;
  readonly source: Source<FilesSettings>;

  constructor(path: string, source: Source<FilesSettings>) {
    this.path = path;
    this.source = source;
  }

  async put(name: string, content: string | Buffer, at = DELIVERED): Promise<void> {
    const path = join(this.path, name);
    await writeFile(path, content);
    await utimes(path, at, at);
  }

  context(checkpoint: Json = null, of: Partial<PullContext<FilesSettings>> = {}): PullContext<FilesSettings> {
    return {
      source: this.source,
      stream: 'inbox',
      checkpoint,
      clock: { now: () => NOW },
      signal: new AbortController().signal,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      sleep: () => Promise.resolve(),
      ...of,
    };
  }

  async pull(checkpoint: Json = null, of: Partial<PullContext<FilesSettings>> = {}): Promise<Pulled> {
    const pages: SourcePage[] = [];
    for await (const page of filesCollector.pull(this.context(checkpoint, of))) pages.push(page);
    return this.pulled(pages, checkpoint);
  }

  pulled(pages: readonly SourcePage[], checkpoint: Json = null): Pulled {
    const items = pages.flatMap((page) => page.items);
    const mapped = items.map((item) => filesCollector.map(item, { source: this.source }));
    return {
      pages,
      items,
      records: mapped.flatMap(({ records }) => records),
      rejections: mapped.flatMap(({ rejections }) => rejections),
      cursor: JSON.parse(JSON.stringify(pages.at(-1)?.cursor ?? checkpoint)) as Json,
    };
  }
}

/** Runs a test in a folder of its own. */
export async function inFolder(
  settings: Partial<FilesSettings> & { channel?: Source['channel'] },
  test: (folder: Folder) => Promise<void>,
): Promise<void> {
  const path = await mkdtemp(join(tmpdir(), 'quanyu-files-'));
  const { channel = 'pos', ...own } = settings;
  const source = { id: 'till', platform: 'files', channel, zone: 'Asia/Shanghai' } as const;
  try {
    await test(new Folder(path, { ...source, settings: { folder: path, issuer: 'brand', ...own } }));
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

/** What one file gives. */
export async function fileOf(
  content: string | Buffer,
  settings: Parameters<typeof inFolder>[0] & { name?: string } = {},
): Promise<Pulled> {
  const { name = '文件.csv', ...own } = settings;
  let pulled: Pulled | undefined;
  await inFolder(own, async (folder) => {
    await folder.put(name, content);
    pulled = await folder.pull();
  });
  return pulled!;
}

/** `code at path` of each rejection. */
export const told = ({ rejections }: Pulled): string[] => rejections.map(({ code, path }) => `${code} at ${path}`);

/** The fields of the records of one kind. */
export function fieldsOf<K extends RecordKind>({ records }: Pulled, kind: K): FieldsByKind[K][] {
  return records.filter((record) => record.kind === kind).map(({ fields }) => fields as FieldsByKind[K]);
}

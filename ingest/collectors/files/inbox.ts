/** The folder: which files stand in it and which of them are whole. A file is never read because it has appeared. */
import { isUtf8 } from 'node:buffer';
import type { Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { messageOf } from '../../../errors.ts';
import { SourceFault } from '../collector.ts';
import type { Seen } from './ledger.ts';
import { type FileRule, type FilesSettings, ruleFor } from './settings.ts';

export interface InboxFile extends Seen {
  /** Bytes, since old servers leave names in GBK. */
  readonly path: Buffer;
  readonly rule: FileRule;
  /** The `.md5` beside it. */
  readonly md5Path: Buffer | null;
}

export interface Inbox {
  /** Names of all files. */
  readonly names: ReadonlySet<string>;
  /** In the order in which they are read: modified time, then name. */
  readonly whole: readonly InboxFile[];
  readonly waiting: readonly InboxFile[];
  /** Until the last of those that only have to stay unchanged is whole; 0 when nothing waits for that. */
  readonly settledInMs: number;
}

const MARKER = /\.(?:ok|done|flg|md5)$/i;
const UNFINISHED = /^[.~]|\.(?:tmp|part|filepart|partial|crdownload|swp|lock)$/i;
const DEFAULT_STABLE_SECONDS = 30;
const DAY_MS = 86_400_000;

interface Entry extends Seen {
  readonly path: Buffer;
  /** When the file was last changed by the clock of this machine. */
  readonly changed: number;
}

/** Looks at the folder. Throws SourceFault when it cannot be read. */
export async function readInbox(settings: FilesSettings, now: Date): Promise<Inbox> {
  const entries = await entriesOf(settings.folder);
  const markers = new Map(entries.filter(({ name }) => MARKER.test(name)).map((one) => [one.name.toLowerCase(), one]));
  const data = entries.filter(({ name }) => !MARKER.test(name) && !UNFINISHED.test(name));
  const whole: InboxFile[] = [];
  const waiting: InboxFile[] = [];
  let settledInMs = 0;
  for (const entry of data) {
    const rule = ruleFor(settings, entry.name);
    const own = markersOf(entry, markers);
    const md5Path = own.find(({ name }) => /md5$/i.test(name))?.path ?? null;
    const file = { name: entry.name, size: entry.size, mtime: entry.mtime, path: entry.path, rule, md5Path };
    const left = waitFor(entry, rule, { own, now });
    if (left <= 0) whole.push(file);
    else waiting.push(file);
    if (Number.isFinite(left)) settledInMs = Math.max(settledInMs, left);
  }
  whole.sort((a, b) => a.mtime - b.mtime || (a.name < b.name ? -1 : 1));
  return { names: new Set(data.map(({ name }) => name)), whole, waiting, settledInMs };
}

/** Milliseconds until the file is whole; 0 = it is, Infinity = not before its marker stands beside it. */
function waitFor(file: Entry, rule: FileRule, { own, now }: { own: readonly Entry[]; now: Date }): number {
  const stableMs = (rule.stable_seconds ?? DEFAULT_STABLE_SECONDS) * 1000;
  // A marker that is older than its file belongs to an earlier delivery.
  if (own.some((marker) => marker.mtime >= file.mtime - stableMs)) return 0;
  if (rule.completion === 'rename') return 0;
  if (rule.completion === 'marker') return Number.POSITIVE_INFINITY;
  const age = now.getTime() - file.mtime;
  return Math.max(0, stableMs - (age < -DAY_MS ? now.getTime() - file.changed : age));
}

/** `a.csv.ok` and `a.ok` both speak of `a.csv`. */
function markersOf({ name }: Entry, markers: ReadonlyMap<string, Entry>): Entry[] {
  const plain = name.toLowerCase();
  const unpacked = plain.replace(/\.gz$/, '');
  const stems = new Set([plain, unpacked, unpacked.replace(/\.[^.]*$/, '')]);
  const found: Entry[] = [];
  for (const stem of stems) {
    for (const ending of ['ok', 'done', 'flg', 'md5']) {
      const marker = markers.get(`${stem}.${ending}`);
      if (marker) found.push(marker);
    }
  }
  return found;
}

async function entriesOf(folder: string): Promise<Entry[]> {
  let names: Buffer[];
  try {
    names = await readdir(folder, { encoding: 'buffer' });
  } catch (thrown) {
    throw folderFault(folder, thrown as NodeJS.ErrnoException);
  }
  const entries: Entry[] = [];
  for (const bytes of names) {
    const path = Buffer.concat([Buffer.from(folder + sep), bytes]);
    const stats: Stats | null = await stat(path).catch(() => null); // gone meanwhile, or a link to nowhere
    if (!stats?.isFile()) continue;
    entries.push({ name: nameOf(bytes), size: stats.size, mtime: stats.mtimeMs, path, changed: stats.ctimeMs });
  }
  return entries;
}

function nameOf(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8').normalize('NFC') : new TextDecoder('gb18030').decode(bytes);
}

function folderFault(folder: string, cause: NodeJS.ErrnoException): SourceFault {
  const { code = '' } = cause;
  if (code === 'ENOTDIR') {
    return new SourceFault({
      kind: 'misconfigured',
      message: `The folder ${folder} is a file.`,
      advice: 'Set `folder` of this source to the folder that holds its files.',
      cause,
    });
  }
  const missing = code === 'ENOENT';
  return new SourceFault({
    kind: 'later',
    message: missing
      ? `The folder ${folder} does not exist.`
      : `The folder ${folder} cannot be read (${messageOf(cause)}).`,
    advice: missing
      ? 'Create it, mount it, or correct `folder` of this source; the next scheduled run looks again.'
      : 'Let this process read it (permissions, mount, disk); the next scheduled run looks again.',
    cause,
  });
}

/** The digest that the `.md5` beside a file states; null where there is none. */
export async function statedMd5({ md5Path }: InboxFile): Promise<string | null> {
  if (md5Path === null) return null;
  const text = await readFile(md5Path, 'utf8');
  return /\b[0-9a-f]{32}\b/i.exec(text)?.[0].toLowerCase() ?? null;
}

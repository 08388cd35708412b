/** The folder: which files stand in it and which of them are whole. A file is never read because it has appeared. */
import type { Entry, Folder } from './folder.ts';
import type { Seen } from './ledger.ts';
import { type FileRule, type FilesSettings, ruleFor } from './settings.ts';

export interface InboxFile extends Seen {
  readonly path: Buffer;
  readonly rule: FileRule;
  /** The `.md5` beside it. */
  readonly md5Path: Buffer | null;
  /** Until it is whole if nothing happens to it; 0 = it is, Infinity = not before its marker stands beside it. */
  readonly waitMs: number;
}

export interface Inbox {
  /** Names of all files. */
  readonly names: ReadonlySet<string>;
  /** In the order in which they are read: modified time, then name. */
  readonly whole: readonly InboxFile[];
  readonly waiting: readonly InboxFile[];
}

const MARKER = /\.(?:ok|done|flg|md5)$/i;
const UNFINISHED = /^[.~]|\.(?:tmp|part|filepart|partial|crdownload|swp|lock)$/i;
const DEFAULT_STABLE_SECONDS = 30;

/** Looks at the folder. Throws SourceFault when it cannot be read. */
export async function readInbox(
  folder: Folder,
  { settings, now }: { settings: FilesSettings; now: Date },
): Promise<Inbox> {
  const entries = await folder.list(now);
  const markers = new Map(entries.filter(({ name }) => MARKER.test(name)).map((one) => [one.name.toLowerCase(), one]));
  const data = entries.filter(({ name }) => !MARKER.test(name) && !UNFINISHED.test(name));
  const whole: InboxFile[] = [];
  const waiting: InboxFile[] = [];
  for (const entry of data) {
    const rule = ruleFor(settings, entry.name);
    const own = markersOf(entry, markers);
    const md5Path = own.find(({ name }) => /md5$/i.test(name))?.path ?? null;
    const { name, size, mtime, path } = entry;
    const file = { name, size, mtime, path, rule, md5Path, waitMs: waitFor(entry, rule, { own, now }) };
    if (file.waitMs === 0) whole.push(file);
    else waiting.push(file);
  }
  whole.sort((a, b) => a.mtime - b.mtime || (a.name < b.name ? -1 : 1));
  return { names: new Set(data.map(({ name }) => name)), whole, waiting };
}

function waitFor(file: Entry, rule: FileRule, { own, now }: { own: readonly Entry[]; now: Date }): number {
  const stableMs = (rule.stable_seconds ?? DEFAULT_STABLE_SECONDS) * 1000;
  // A marker that is older than its file belongs to an earlier delivery.
  if (own.some((marker) => marker.mtime >= file.mtime - stableMs)) return 0;
  if (rule.completion === 'rename') return 0;
  if (rule.completion === 'marker') return Number.POSITIVE_INFINITY;
  return Math.max(0, stableMs - (now.getTime() - file.quietSince));
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

/** The digest that the `.md5` beside a file states; null where there is none. */
export async function statedMd5(folder: Folder, { md5Path }: InboxFile): Promise<string | null> {
  if (md5Path === null) return null;
  const text = await folder.text(md5Path);
  return /\b[0-9a-f]{32}\b/i.exec(text)?.[0].toLowerCase() ?? null;
}

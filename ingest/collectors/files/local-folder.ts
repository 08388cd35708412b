/** A folder of this machine. */
import { isUtf8 } from 'node:buffer';
import type { Stats } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { messageOf } from '../../../errors.ts';
import { SourceFault } from '../collector.ts';
import { type Entry, type Folder, UnreadableFile } from './folder.ts';

const DAY_MS = 86_400_000;

export function localFolder(folder: string): Folder {
  return {
    list: (now) => entriesOf(folder, now),
    async open({ path, size, mtime }) {
      const handle = await open(path);
      return {
        handle,
        async assertUnchanged() {
          const stats = await handle.stat();
          if (stats.size !== size || stats.mtimeMs !== mtime)
            throw new UnreadableFile('it was written while it was read');
        },
      };
    },
    text: (path) => readFile(path, 'utf8'),
    close() {},
  };
}

async function entriesOf(folder: string, now: Date): Promise<Entry[]> {
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
    const { size, mtimeMs: mtime, ctimeMs } = stats;
    // A time that lies far ahead says nothing: then it counts when this machine last wrote the file.
    const quietSince = mtime > now.getTime() + DAY_MS ? ctimeMs : mtime;
    entries.push({ name: nameOf(bytes), size, mtime, path, quietSince });
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

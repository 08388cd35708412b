/** A folder on an SFTP server, as the inbox sees one: files are fetched whole before they are read. */
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Attributes, FileEntry, SFTPWrapper } from 'ssh2';
import { type PullContext, SourceFault } from '../collector.ts';
import { type Entry, type Folder, type Opened, UnreadableFile } from '../files/folder.ts';
import { Connection, Refusal } from './connection.ts';
import { readAt, readText, statOf } from './read.ts';
import type { SftpSettings } from './settings.ts';
import { unnamedFile } from './unnamed-file.ts';

const DAY_MS = 86_400_000;
/** What is asked for at once: a drop of the connection costs no more than this. Bytes. */
const STRETCH = 1024 * 1024;

export class RemoteFolder implements Folder {
  readonly #path: string;
  readonly #connection: Connection;
  /** Files as they were listed first in this pull, and when. */
  #seen = new Map<string, { readonly size: number; readonly mtime: number; readonly at: number }>();

  constructor(context: PullContext<SftpSettings>) {
    this.#path = context.source.settings.folder.replace(/\/+$/, '');
    this.#connection = new Connection(context, context.source.settings);
  }

  async list(now: Date): Promise<readonly Entry[]> {
    const listed = await this.#connection
      .run('list', (sftp) => filesIn(sftp, this.#path))
      .catch((thrown: unknown) => {
        throw thrown instanceof Refusal ? folderFault(this.#path, thrown) : thrown;
      });
    return listed.map(({ name, stats }) => {
      const file = { name, size: stats.size, mtime: stats.mtime * 1000 };
      return { ...file, path: this.#pathOf(name), quietSince: this.#quietSince(file, now.getTime()) };
    });
  }

  async open(file: Pick<Entry, 'name' | 'path' | 'size' | 'mtime'>): Promise<Opened> {
    if (file.name.includes('\ufffd')) throw new UnreadableFile('its name is not UTF-8: have it renamed');
    const handle = await unnamedFile();
    try {
      await this.#fetch(file, handle);
    } catch (thrown) {
      await handle.close();
      throw thrown instanceof Refusal ? new UnreadableFile(thrown.message, { cause: thrown }) : thrown;
    }
    // What was fetched was found whole; from here on the copy is read, which nobody else can write.
    return { handle, assertUnchanged: () => Promise.resolve() };
  }

  text(path: Buffer): Promise<string> {
    return this.#connection.run('read', (sftp) => readText(sftp, path.toString()));
  }

  close(): void {
    this.#connection.close();
  }

  #pathOf(name: string): Buffer {
    return Buffer.from(`${this.#path}/${name}`);
  }

  /**
   * Clocks of servers differ: a file is quiet since this machine saw it as it is, or since its own time when that lies
   * further back than clocks go wrong.
   */
  #quietSince({ name, size, mtime }: { name: string; size: number; mtime: number }, now: number): number {
    if (now - mtime > DAY_MS) return mtime;
    const before = this.#seen.get(name);
    if (before?.size === size && before.mtime === mtime) return before.at;
    this.#seen.set(name, { size, mtime, at: now });
    return now;
  }

  /** Stretch by stretch; each is tried again by itself, over a new connection where the last one dropped. */
  async #fetch({ path, size, mtime }: Pick<Entry, 'path' | 'size' | 'mtime'>, into: FileHandle): Promise<void> {
    for (let at = 0; at < size; at += STRETCH) {
      const length = Math.min(STRETCH, size - at);
      const bytes = await this.#connection.run('read', (sftp) => readAt(sftp, path.toString(), { at, length }));
      if (bytes === null) throw new UnreadableFile('it is shorter than the server says');
      await into.write(bytes, 0, length, at);
    }
    const stats = await this.#connection.run('stat', (sftp) => statOf(sftp, path.toString()));
    if (stats.size !== size || stats.mtime * 1000 !== mtime)
      throw new UnreadableFile('it was written while it was read');
  }
}

async function filesIn(sftp: SFTPWrapper, folder: string): Promise<{ name: string; stats: Attributes }[]> {
  const listed = await new Promise<FileEntry[]>((resolve, reject) =>
    sftp.readdir(folder === '' ? '/' : folder, (error, list) => (error ? reject(error) : resolve(list))),
  );
  const files: { name: string; stats: Attributes }[] = [];
  for (const { filename: name, attrs } of listed) {
    const type = (attrs.mode ?? 0) & constants.S_IFMT;
    // Links are asked for what they point at, and so is everything on servers that do not tell.
    const isPlain = type === constants.S_IFREG || type === constants.S_IFDIR;
    const stats = isPlain ? attrs : await statOf(sftp, `${folder}/${name}`).catch(goneMeanwhile);
    if (stats !== null && (stats.mode & constants.S_IFMT) === constants.S_IFREG) files.push({ name, stats });
  }
  return files;
}

/** A link to nowhere, or a file that went between two questions. */
function goneMeanwhile(thrown: unknown): null {
  if (typeof (thrown as { code?: unknown }).code === 'number') return null;
  throw thrown;
}

function folderFault(folder: string, { why, cause }: Refusal): SourceFault {
  return why === 'missing'
    ? new SourceFault({
        kind: 'later',
        message: `The server has no folder ${folder || '/'}.`,
        advice: 'Have it created, or correct `folder` of this source; the next scheduled run looks again.',
        cause,
      })
    : new SourceFault({
        kind: 'misconfigured',
        message: `The server does not let this account read the folder ${folder || '/'}.`,
        advice: 'Ask its operator to let the account list and read this folder, or correct `folder`; then start again.',
        cause,
      });
}

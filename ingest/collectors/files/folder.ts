/** A folder wherever it lies: what the inbox asks of it. */
import type { FileHandle } from 'node:fs/promises';
import type { Seen } from './ledger.ts';

/** A file as the folder lists it. */
export interface Entry extends Seen {
  /** Its path as the folder knows it; bytes, since old servers leave names in GBK. */
  readonly path: Buffer;
  /** Since when it is unchanged, by the clock of this machine; milliseconds. */
  readonly quietSince: number;
}

/** A file opened for reading, as often as it is needed. */
export interface Opened {
  readonly handle: FileHandle;
  /** Throws UnreadableFile when the bytes read are not those of the file as it was listed. */
  assertUnchanged(): Promise<void>;
}

export interface Folder {
  /** Its files, without subfolders. Throws SourceFault when it cannot be read. */
  list(now: Date): Promise<readonly Entry[]>;
  /** Opens a listed file; whoever opens closes `handle`. Throws UnreadableFile, or what the file system throws. */
  open(entry: Seen & Pick<Entry, 'path'>): Promise<Opened>;
  /** A small file beside the others. */
  text(path: Buffer): Promise<string>;
  close(): void;
}

/** A file that cannot be read as it stands: the others are read, and this one is left to the next pull. */
export class UnreadableFile extends Error {}

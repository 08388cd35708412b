/** Takes calls into a source's spool. Those that wait together are written and synced in one go; then they are acknowledged. */
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { QuanyuError } from '../../errors.ts';
import type { SpoolKeys } from './seal.ts';
import { frameOf, HEAD_BYTES, type SpooledCall, segmentFile, segmentHead, segmentsIn } from './segment.ts';

/** A segment takes no more frames once it has this many bytes. */
const SEGMENT_BYTES = 16 * 1024 * 1024;
/** Calls beyond this wait in memory for the disk no longer. */
const WAITING_BYTES = 64 * 1024 * 1024;

interface Waiting {
  readonly call: SpooledCall;
  readonly written: () => void;
  readonly failed: (thrown: unknown) => void;
}

export interface SpoolWriter {
  /** Resolves once the call is on the disk. Throws `track.too-fast` when the disk does not keep up, `store.disk-full`. */
  append(call: SpooledCall): Promise<void>;
  /** Begins a new segment, so that those before can be read to their end, rewritten and dropped. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a spool for writing; `keys` is asked whenever a segment begins. There is one writer of a folder at a time. */
export function openSpoolWriter(folder: string, keys: () => SpoolKeys): SpoolWriter {
  return new GroupingWriter(folder, keys);
}

class GroupingWriter implements SpoolWriter {
  readonly #folder: string;
  readonly #keys: () => SpoolKeys;
  #file: { handle: FileHandle; key: Buffer; bytes: number } | null = null;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** Writes and rotations, one behind the other. */
  #turn: Promise<void> = Promise.resolve();
  #due = false;

  constructor(folder: string, keys: () => SpoolKeys) {
    this.#folder = folder;
    this.#keys = keys;
  }

  append(call: SpooledCall): Promise<void> {
    if (this.#waitingBytes > WAITING_BYTES)
      return Promise.reject(
        new QuanyuError('track.too-fast', 'Calls come faster than the disk takes them. Send this one again later.', {
          retry_after_seconds: 1,
        }),
      );
    this.#waitingBytes += call.body.length;
    return new Promise((written, failed) => {
      this.#waiting.push({ call, written, failed });
      if (this.#due) return;
      this.#due = true;
      this.#behind(() => this.#writeWaiting());
    });
  }

  rotate(): Promise<void> {
    return this.#behind(async () => {
      if (this.#file !== null && this.#file.bytes === HEAD_BYTES) return;
      await this.#begin();
    });
  }

  close(): Promise<void> {
    return this.#behind(async () => {
      await this.#file?.handle.close();
      this.#file = null;
    });
  }

  #behind(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #writeWaiting(): Promise<void> {
    this.#due = false;
    const batch = this.#waiting;
    this.#waiting = [];
    for (const { call } of batch) this.#waitingBytes -= call.body.length;
    try {
      if (this.#file === null || this.#file.bytes >= SEGMENT_BYTES) await this.#begin();
      const file = this.#file!;
      const bytes = Buffer.concat(batch.map(({ call }) => frameOf(file.key, call)));
      file.bytes += bytes.length;
      await file.handle.appendFile(bytes);
      await file.handle.datasync();
      for (const { written } of batch) written();
    } catch (thrown) {
      // What stands half written at the end of this segment stays there; the next call begins another one.
      await this.#file?.handle.close().catch(() => undefined);
      this.#file = null;
      for (const { failed } of batch) failed(asQuanyuError(thrown));
    }
  }

  /** Numbers grow with the clock too, so that a folder that was emptied by hand begins behind every checkpoint. */
  async #begin(): Promise<void> {
    await this.#file?.handle.close();
    this.#file = null;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const last = (await segmentsIn(this.#folder)).at(-1) ?? 0;
    const keys = this.#keys();
    const handle = await open(segmentFile(this.#folder, Math.max(last + 1, Date.now())), 'ax', 0o600);
    await handle.appendFile(segmentHead(keys.current));
    await handle.datasync();
    await synced(this.#folder);
    this.#file = { handle, key: keys.byId.get(keys.current)!, bytes: HEAD_BYTES };
  }
}

/** A file is only there after a power cut once its folder is synced. */
async function synced(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

function asQuanyuError(thrown: unknown): unknown {
  if ((thrown as NodeJS.ErrnoException)?.code !== 'ENOSPC') return thrown;
  const text =
    'The disk that holds the spool has no room left. Nothing acknowledged is lost; send the call again later.';
  return new QuanyuError('store.disk-full', text, {}, { cause: thrown });
}

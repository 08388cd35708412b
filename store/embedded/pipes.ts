/** Named pipes between this process and the engine in it: data flows through memory with backpressure, never the disk. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, open, openSync, readSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Pipes made at once. */
const BATCH = 16;
const openFile = promisify(open);

export class PipePool {
  readonly #folder: string;
  readonly #free: string[] = [];
  #made = 0;

  /** Wipes what an earlier run left in `folder`. Paths are given out as `folder` was: relative stays relative. */
  constructor(folder: string) {
    this.#folder = folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** A pipe that nobody holds open. Give it back with `release` once the engine is done with it. */
  take(): string {
    // The one given back longest ago first: the engine may let go of a pipe a little after its statement has ended.
    const at = this.#free.findIndex(isUnused);
    if (at !== -1) return this.#free.splice(at, 1)[0]!;
    const paths = Array.from({ length: BATCH }, () => join(this.#folder, `p${this.#made++}`));
    execFileSync('mkfifo', ['-m', '600', ...paths]);
    this.#free.push(...paths);
    return this.#free.shift()!;
  }

  release(path: string): void {
    this.#free.push(path);
  }
}

/** Whether nobody reads from the pipe or writes to it: a statement that met another's end would lose rows. */
function isUnused(path: string): boolean {
  const written = attempt(() => openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
  if (typeof written === 'number') closeSync(written);
  if (written !== 'ENXIO') return false;
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  // Without a writer a pipe is at its end; with one it would have to be waited for.
  const read = attempt(() => readSync(reader, Buffer.alloc(1)));
  closeSync(reader);
  return read === 0;
}

/** What a system call gives, or the code of its error. */
function attempt(call: () => number): number | string | undefined {
  try {
    return call();
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code;
  }
}

/** A pipe's end to read from. Its stream ends when the engine has closed its side and `finish` was called. */
export function openReader(path: string): { stream: Socket; finish(): void } {
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  // A writer of our own keeps the stream from ending before the engine opens its side.
  const keeper = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  return {
    stream: new Socket({ fd: reader, readable: true, writable: false }),
    finish: () => closeSync(keeper),
  };
}

/** A pipe's end to write to, once the engine reads from it; undefined if the statement `ended` without reading. */
export async function openWriter(path: string, ended: Promise<unknown>): Promise<Socket | undefined> {
  // Opening waits, on a worker thread, for somebody who reads.
  const opening = openFile(path, constants.O_WRONLY);
  const fd = await Promise.race([opening, ended.then(() => undefined)]);
  if (fd !== undefined) return new Socket({ fd, readable: false, writable: true });
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  closeSync(await opening);
  closeSync(reader);
  return undefined;
}

/** Named pipes between this process and the engine in it: data flows through memory with backpressure, never the disk. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, open, openSync, rmSync } from 'node:fs';
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

  /** A pipe nobody holds. Give it back with `release` once the engine is done with it. */
  take(): string {
    if (this.#free.length === 0) {
      const paths = Array.from({ length: BATCH }, () => join(this.#folder, `p${this.#made++}`));
      execFileSync('mkfifo', ['-m', '600', ...paths]);
      this.#free.push(...paths);
    }
    return this.#free.pop()!;
  }

  release(path: string): void {
    this.#free.push(path);
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

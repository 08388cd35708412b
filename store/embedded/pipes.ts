/** Named pipes between this process and the engine in it: data flows through memory with backpressure, never the disk. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** Pipes made at once. */
const BATCH = 16;
/** Turns of the event loop to look for the engine's end before pausing between looks. */
const EAGER_LOOKS = 200;

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

/** A pipe's end to write to, once the engine reads from it; undefined if `settled` first says that it never will. */
export async function openWriter(path: string, settled: () => boolean): Promise<Socket | undefined> {
  for (let look = 0; !settled(); look += 1) {
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENXIO') throw thrown;
    }
    await (look < EAGER_LOOKS ? nextTurn() : sleep(1));
  }
  return undefined;
}

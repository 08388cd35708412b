/**
 * Which files were read: the cursor of the stream, kept with each checkpoint. A file is known by its bytes, so the same
 * bytes under another name are not read again, and new bytes under an old name are a correction.
 */
import type { Json } from '../collector.ts';

/** A file as it stands in the folder. */
export interface Seen {
  readonly name: string;
  readonly size: number;
  readonly mtime: number;
}

interface ReadFile extends Seen {
  readonly digest: string;
  readonly deliveredAt: number;
}

/** The file being read and the line up to which its rows are written. */
export interface Position {
  readonly digest: string;
  readonly line: number;
  readonly deliveredAt: number;
}

type Entry = readonly [name: string, size: number, mtime: number, digest: string, deliveredAt: number];

/** Immutable: every page holds the ledger as it is after it. */
export class Ledger {
  readonly #entries: readonly Entry[];
  readonly current: Position | null;

  private constructor(entries: readonly Entry[], current: Position | null) {
    this.#entries = entries;
    this.current = current;
  }

  static from(checkpoint: Json): Ledger {
    const cursor = checkpoint as { files?: readonly Entry[]; current?: Position | null } | null;
    return new Ledger(cursor?.files ?? [], cursor?.current ?? null);
  }

  get cursor(): Json {
    return { files: this.#entries, current: this.current === null ? null : { ...this.current } };
  }

  /** Without the files that no longer stand in the folder: the cursor grows no larger than the folder. */
  only(names: ReadonlySet<string>): Ledger {
    return new Ledger(
      this.#entries.filter(([name]) => names.has(name)),
      this.current,
    );
  }

  /** The files that were never read, or were touched since. */
  unread<File extends Seen>(files: readonly File[]): File[] {
    const byName = new Map(this.#entries.map((entry) => [entry[0], entry]));
    return files.filter(({ name, size, mtime }) => {
      const entry = byName.get(name);
      return entry === undefined || entry[1] !== size || entry[2] !== mtime;
    });
  }

  hasBytes(digest: string): boolean {
    return this.#entries.some((entry) => entry[3] === digest);
  }

  at(position: Position): Ledger {
    return new Ledger(this.#entries, position);
  }

  done({ name, size, mtime, digest, deliveredAt }: ReadFile): Ledger {
    const others = this.#entries.filter((entry) => entry[0] !== name);
    return new Ledger([...others, [name, size, mtime, digest, deliveredAt]], null);
  }

  /**
   * When a file counts as delivered: its modified time, never in the future, after every other file of that moment, and
   * after what stood under its name before (a correction with an older time is a correction all the same).
   */
  deliveryOf(file: Seen, now: Date): number {
    const wanted = Math.min(Math.floor(file.mtime), now.getTime());
    const former = this.#entries.find((entry) => entry[0] === file.name)?.[4] ?? -1;
    let at = Math.max(wanted, former + 1);
    while (this.#entries.some((entry) => entry[4] === at)) at += 1;
    return at;
  }
}

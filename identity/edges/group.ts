/** The accounts that give one identifier, with their evidence, while its rows are read. */
import { NONE } from '../graph/slot-counts.ts';
import { isBlocked, kindBit, OWN_KEY, slotOf, strengthOf } from './packing.ts';

/** Words of a row of edges/read.ts: token (4), account, first seen (s), 32 bits of the record's key, packed. */
export const EDGE_WORDS = 8;
const ACCOUNT = 4;
const SEEN = 5;
const RECORD = 6;
const PACKED = 7;

/** Words of an entry here. */
const FIELDS = 5;

const FORWARD = [0, 1];
const BACKWARD = [1, 0];

/** Rows come ordered by (token, account): rows of one account become one entry with all its evidence. */
export class Group {
  readonly token = new Uint32Array(4);
  slot = 0;
  blocked = false;
  /** Distinct accounts, 0 = nothing was read yet. Entries are kept only while there are as few as may join. */
  accounts = 0;
  #entries = new Uint32Array(64 * FIELDS);
  #last = NONE;

  isOf(words: Uint32Array, at: number): boolean {
    const { token } = this;
    return (
      token[0] === words[at] &&
      token[1] === words[at + 1] &&
      token[2] === words[at + 2] &&
      token[3] === words[at + 3] &&
      this.accounts > 0
    );
  }

  begin(words: Uint32Array, at: number): void {
    for (let i = 0; i < 4; i++) this.token[i] = words[at + i]!;
    this.slot = slotOf(words[at + PACKED]!);
    this.blocked = isBlocked(words[at + PACKED]!);
    this.accounts = 0;
    this.#last = NONE;
  }

  add(words: Uint32Array, at: number, sharedAbove: number): void {
    const account = words[at + ACCOUNT]!;
    const packed = words[at + PACKED]!;
    const again = account === this.#last;
    if (!again) this.accounts++;
    this.#last = account;
    if (this.accounts > sharedAbove || this.blocked) return;
    const entry = (this.accounts - 1) * FIELDS;
    if (again)
      this.#strengthen(entry, { strength: strengthOf(packed), kind: kindBit(packed), seen: words[at + SEEN]! });
    else {
      if (entry === this.#entries.length) this.#widen();
      this.#entries[entry] = account;
      this.#entries[entry + 1] = strengthOf(packed);
      this.#entries[entry + 2] = kindBit(packed);
      this.#entries[entry + 3] = words[at + SEEN]!;
      this.#entries[entry + 4] = words[at + RECORD]!;
    }
    if (words[at + RECORD]! < this.#entries[entry + 4]!) this.#entries[entry + 4] = words[at + RECORD]!;
  }

  account(i: number): number {
    return this.#entries[i * FIELDS]!;
  }

  strength(i: number): number {
    return this.#entries[i * FIELDS + 1]!;
  }

  isOwn(i: number): boolean {
    return (this.#entries[i * FIELDS + 2]! & OWN_KEY) !== 0;
  }

  /** How many kinds of record say so. */
  evidence(i: number): number {
    let count = 0;
    for (let rest = this.#entries[i * FIELDS + 2]!; rest !== 0; rest &= rest - 1) count++;
    return count;
  }

  seen(i: number): number {
    return this.#entries[i * FIELDS + 3]!;
  }

  /** Entries by 32 bits of their record's key: an order that depends on content alone. */
  order(): readonly number[] {
    if (this.accounts === 2) return this.#record(0) <= this.#record(1) ? FORWARD : BACKWARD;
    const entries: number[] = [];
    for (let i = 0; i < this.accounts; i++) entries.push(i);
    return entries.sort((a, b) => this.#record(a) - this.#record(b));
  }

  #record(i: number): number {
    return this.#entries[i * FIELDS + 4]!;
  }

  #strengthen(entry: number, by: { strength: number; kind: number; seen: number }): void {
    const entries = this.#entries;
    if (by.strength < entries[entry + 1]!) entries[entry + 1] = by.strength;
    entries[entry + 2] = entries[entry + 2]! | by.kind;
    if (by.seen < entries[entry + 3]!) entries[entry + 3] = by.seen;
  }

  #widen(): void {
    const wider = new Uint32Array(this.#entries.length * 2);
    wider.set(this.#entries);
    this.#entries = wider;
  }
}

/**
 * Pure: rows ordered by (token, account) become edges. Rows of one account and identifier are one edge with all its
 * evidence; an identifier that too many accounts give, or that is blocked, makes none; one that a single account gives
 * is kept only where it counts towards a limit.
 */
import { NONE } from '../graph/slot-counts.ts';
import { growing16, growing32 } from './growing.ts';
import { isBlocked, kindBit, OWN_KEY, slotOf, strengthOf } from './packing.ts';
import type { Slots } from './slots.ts';
import { decimalOf } from './words.ts';

/** An identifier that joins nobody, and why. */
export interface DeadIdentifier {
  readonly token: string;
  readonly slot: number;
  readonly status: 'shared' | 'blocked';
  readonly accounts: number;
}

/** Edges ordered by token, then by 32 bits of the record's key: an order that depends on content alone. */
export interface CollectedEdges {
  readonly account: Uint32Array;
  readonly identifier: Uint32Array;
  /** Sort keys of graph/canonical-order.ts. */
  readonly keys: { readonly high: Uint16Array; readonly low: Uint32Array };
  /** Edges of rank 0: own keys and exclusive identifiers. */
  readonly foremost: number;
  /** Slot of each identifier, and its token as four words. */
  readonly slots: Uint32Array;
  readonly tokens: Uint32Array;
  readonly dead: readonly DeadIdentifier[];
}

const TOKEN = 0;
const ACCOUNT = 4;
const SEEN = 5;
const RECORD = 6;
const PACKED = 7;
const WIDTH = 8;

/** The edges of the identifier that is being read. */
class Group {
  readonly token = new Uint32Array(4);
  slot = 0;
  blocked = false;
  /** Distinct accounts; only as many edges as may join are kept. */
  accounts = 0;
  lastAccount = NONE;
  readonly account: number[] = [];
  readonly strength: number[] = [];
  readonly kinds: number[] = [];
  readonly seen: number[] = [];
  readonly record: number[] = [];

  isOf(words: Uint32Array, at: number): boolean {
    const { token } = this;
    return (
      this.accounts > 0 &&
      token[0] === words[at] &&
      token[1] === words[at + 1] &&
      token[2] === words[at + 2] &&
      token[3] === words[at + 3]
    );
  }

  begin(words: Uint32Array, at: number): void {
    for (let i = 0; i < 4; i++) this.token[i] = words[at + TOKEN + i]!;
    this.slot = slotOf(words[at + PACKED]!);
    this.blocked = isBlocked(words[at + PACKED]!);
    this.accounts = 0;
    this.lastAccount = NONE;
    this.account.length = 0;
    this.strength.length = 0;
    this.kinds.length = 0;
    this.seen.length = 0;
    this.record.length = 0;
  }

  add(words: Uint32Array, at: number, sharedAbove: number): void {
    const account = words[at + ACCOUNT]!;
    const packed = words[at + PACKED]!;
    const again = account === this.lastAccount;
    if (!again) this.accounts++;
    this.lastAccount = account;
    if (this.accounts > sharedAbove || this.blocked) return;
    if (again) {
      const i = this.account.length - 1;
      this.strength[i] = Math.min(this.strength[i]!, strengthOf(packed));
      this.kinds[i] = this.kinds[i]! | kindBit(packed);
      this.seen[i] = Math.min(this.seen[i]!, words[at + SEEN]!);
      this.record[i] = Math.min(this.record[i]!, words[at + RECORD]!);
      return;
    }
    this.account.push(account);
    this.strength.push(strengthOf(packed));
    this.kinds.push(kindBit(packed));
    this.seen.push(words[at + SEEN]!);
    this.record.push(words[at + RECORD]!);
  }
}

export class EdgeCollector {
  readonly #slots: Slots;
  readonly #indexOf: Uint32Array;
  readonly #group = new Group();
  readonly #account = growing32();
  readonly #identifier = growing32();
  readonly #high = growing16();
  readonly #low = growing32();
  readonly #identifierSlots = growing32();
  readonly #tokens = growing32();
  readonly #dead: DeadIdentifier[] = [];
  #foremost = 0;

  /** `indexOf[ordinal]` is the index the account has in this run; NONE or beyond = not an account of this run. */
  constructor(slots: Slots, indexOf: Uint32Array) {
    this.#slots = slots;
    this.#indexOf = indexOf;
  }

  take(words: Uint32Array, rows: number): void {
    const group = this.#group;
    for (let row = 0, at = 0; row < rows; row++, at += WIDTH) {
      if (!group.isOf(words, at)) {
        this.#finishGroup();
        group.begin(words, at);
      }
      group.add(words, at, this.#slots.sharedAbove[group.slot]!);
    }
  }

  end(): CollectedEdges {
    this.#finishGroup();
    return {
      account: this.#account.items(),
      identifier: this.#identifier.items(),
      keys: { high: this.#high.items(), low: this.#low.items() },
      foremost: this.#foremost,
      slots: this.#identifierSlots.items(),
      tokens: this.#tokens.items(),
      dead: this.#dead,
    };
  }

  #finishGroup(): void {
    const { slot, accounts, blocked, token } = this.#group;
    if (accounts === 0) return;
    if (blocked || accounts > this.#slots.sharedAbove[slot]!) {
      this.#dead.push({ token: decimalOf(token, 0), slot, status: blocked ? 'blocked' : 'shared', accounts });
      return;
    }
    if (accounts === 1) {
      if (this.#slots.limits[slot] !== 0) this.#addEdge(this.#addIdentifier(), 0);
      return;
    }
    const identifier = this.#addIdentifier();
    for (const i of orderOf(this.#group.record)) this.#addEdge(identifier, i);
  }

  #addIdentifier(): number {
    this.#identifierSlots.push(this.#group.slot);
    for (let i = 0; i < 4; i++) this.#tokens.push(this.#group.token[i]!);
    return this.#identifierSlots.length - 1;
  }

  #addEdge(identifier: number, i: number): void {
    const group = this.#group;
    const account = this.#indexOf[group.account[i]!] ?? NONE;
    if (account === NONE) return;
    const own = (group.kinds[i]! & OWN_KEY) !== 0;
    const rank = own ? 0 : this.#slots.ranks[group.slot * this.#slots.strengths + group.strength[i]!]!;
    if (rank === 0) this.#foremost++;
    this.#account.push(account);
    this.#identifier.push(identifier);
    // When an account was first seen depends on which of its facts came first, so its own key is ordered by token alone.
    this.#high.push(own ? 0 : (rank << 8) | (255 - bits(group.kinds[i]!)));
    this.#low.push(own ? 0 : group.seen[i]!);
  }
}

const FORWARD = [0, 1];
const BACKWARD = [1, 0];

/** Indices of a group's edges by their record's key. */
function orderOf(records: readonly number[]): readonly number[] {
  if (records.length === 2) return records[0]! <= records[1]! ? FORWARD : BACKWARD;
  return records.map((_, i) => i).sort((a, b) => records[a]! - records[b]!);
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/**
 * Pure: rows ordered by (token, account) become edges. An identifier that too many accounts give, or that is blocked,
 * makes none; one that a single account gives is kept only where it counts towards a limit.
 */
import { NONE } from '../graph/slot-counts.ts';
import type { Edges } from '../graph/solve.ts';
import { EDGE_WORDS, Group } from './group.ts';
import { growing16, growing32 } from './growing.ts';
import type { Slots } from './slots.ts';
import { decimalOf } from './words.ts';

/** An identifier that joins nobody, and why. */
export interface DeadIdentifier {
  readonly token: string;
  readonly slot: number;
  readonly status: 'shared' | 'blocked';
  readonly accounts: number;
}

/** Edges ordered by token, then by their record's key: an order that depends on content alone. */
export interface CollectedEdges {
  /** Slot of each account's own key where nobody else gives it, else NONE. */
  readonly ownSlots: Uint32Array;
  /** Edges of accounts to their own keys that others give too. */
  readonly ownEdges: Edges;
  readonly edges: Edges;
  /** Sort keys of `edges` (graph/canonical-order.ts). */
  readonly keys: { readonly high: Uint16Array; readonly low: Uint32Array };
  /** How many of `edges` are of exclusive identifiers. */
  readonly foremost: number;
  /** Slot of each identifier, and its token as four words. */
  readonly slots: Uint32Array;
  readonly tokens: Uint32Array;
  readonly dead: readonly DeadIdentifier[];
}

export class EdgeCollector {
  readonly #slots: Slots;
  readonly #indexOf: Uint32Array;
  readonly #group = new Group();
  readonly #ownSlots: Uint32Array;
  readonly #own = { account: growing32(), identifier: growing32() };
  readonly #edges = { account: growing32(), identifier: growing32() };
  readonly #high = growing16();
  readonly #low = growing32();
  readonly #identifierSlots = growing32();
  readonly #tokens = growing32();
  readonly #dead: DeadIdentifier[] = [];
  #foremost = 0;

  /** `indexOf[ordinal]` is the index of the account in this run; NONE or beyond = not an account of this run. */
  constructor(slots: Slots, of: { indexOf: Uint32Array; accounts: number }) {
    this.#slots = slots;
    this.#indexOf = of.indexOf;
    this.#ownSlots = new Uint32Array(of.accounts).fill(NONE);
  }

  take(words: Uint32Array, rows: number): void {
    const group = this.#group;
    for (let row = 0, at = 0; row < rows; row++, at += EDGE_WORDS) {
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
      ownSlots: this.#ownSlots,
      ownEdges: { account: this.#own.account.items(), identifier: this.#own.identifier.items() },
      edges: { account: this.#edges.account.items(), identifier: this.#edges.identifier.items() },
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
    if (blocked || accounts > this.#slots.sharedAbove[slot]!)
      this.#dead.push({ token: decimalOf(token, 0), slot, status: blocked ? 'blocked' : 'shared', accounts });
    else if (accounts > 1) {
      const identifier = this.#addIdentifier();
      for (const entry of this.#group.order()) this.#addEdge(identifier, entry);
    } else if (this.#slots.limits[slot] !== 0) this.#addLonely(slot);
  }

  /** An identifier of a limited slot that one account gives. */
  #addLonely(slot: number): void {
    const account = this.#indexOf[this.#group.account(0)] ?? NONE;
    if (account === NONE) return;
    if (this.#group.isOwn(0)) this.#ownSlots[account] = slot;
    else this.#addEdge(this.#addIdentifier(), 0);
  }

  #addIdentifier(): number {
    const { slot, token } = this.#group;
    this.#identifierSlots.push(slot);
    for (let i = 0; i < 4; i++) this.#tokens.push(token[i]!);
    return this.#identifierSlots.length - 1;
  }

  #addEdge(identifier: number, entry: number): void {
    const group = this.#group;
    const account = this.#indexOf[group.account(entry)] ?? NONE;
    if (account === NONE) return;
    if (group.isOwn(entry)) {
      // When an account was first seen depends on which of its facts came first: own keys are ordered by token alone.
      this.#own.account.push(account);
      this.#own.identifier.push(identifier);
      return;
    }
    const rank = this.#slots.ranks[group.slot * this.#slots.strengths + group.strength(entry)]!;
    if (rank === 0) this.#foremost++;
    this.#edges.account.push(account);
    this.#edges.identifier.push(identifier);
    this.#high.push((rank << 8) | (255 - group.evidence(entry)));
    this.#low.push(group.seen(entry));
  }
}

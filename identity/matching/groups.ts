/** The groups of records that are one person, under what may never be: the constrained union-find of identity/graph. */
import { Clusters } from '../graph/clusters.ts';
import { NONE } from '../graph/slot-counts.ts';
import { DEFAULT_RULES } from '../rules/index.ts';
import { probability } from './training.ts';

/** Values of which one person has one: two records of a group never have different ones, or never the same one. */
export interface Apart {
  /** For each record the number of its value of `--exclusive`, NONE where it has none. */
  readonly own: Uint32Array;
  readonly ownValues: number;
  /** (record, value) of identifiers that are exclusive: national ids. */
  readonly exclusive: readonly { readonly record: number; readonly value: number }[];
  readonly exclusiveValues: number;
}

export interface Groups {
  /** The group of a record: its smallest record. */
  readonly founders: Uint32Array;
  /** For each record the probability of the weakest join of its group; 1 for groups of one. */
  readonly confidence: Float64Array;
}

export class GroupsOfRecords {
  readonly #records: number;
  readonly #clusters: Clusters;
  readonly #weakest: Float64Array;

  /** Slot 0 is the exclusive identifier; slot n + 1 stands for value n of `own`, of which a group may hold one record. */
  constructor(records: number, apart: Apart) {
    const slots = apart.ownValues + 1;
    this.#records = records;
    this.#weakest = new Float64Array(records + apart.exclusiveValues).fill(1);
    this.#clusters = new Clusters(
      {
        accounts: records,
        ownSlots: apart.own.map((value) => (value === NONE ? NONE : value + 1)),
        slots: new Uint32Array(apart.exclusiveValues),
        apart: [],
      },
      {
        limits: new Uint32Array(slots).fill(1),
        exclusive: new Uint8Array(slots).fill(1),
        maxAccounts: DEFAULT_RULES.max_accounts,
      },
    );
    for (const { record, value } of apart.exclusive) this.#clusters.union(record, records + value);
  }

  /** Makes the groups of two records one at these log2 odds, or refuses. */
  join(a: number, b: number, odds: number): boolean {
    const weakest = Math.min(this.#weakestOf(a), this.#weakestOf(b), probability(odds));
    if (this.#clusters.union(a, b) !== null) return false;
    this.#weakest[this.#clusters.find(a)] = weakest;
    return true;
  }

  end(): Groups {
    const founder = new Map<number, number>();
    const founders = new Uint32Array(this.#records);
    const confidence = new Float64Array(this.#records);
    for (let record = 0; record < this.#records; record++) {
      const root = this.#clusters.find(record);
      if (!founder.has(root)) founder.set(root, record);
      founders[record] = founder.get(root)!;
      confidence[record] = this.#weakest[root]!;
    }
    return { founders, confidence };
  }

  #weakestOf(record: number): number {
    return this.#weakest[this.#clusters.find(record)]!;
  }
}

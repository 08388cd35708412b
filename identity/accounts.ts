/** The accounts of one run, numbered from 0 by rising ordinal: the identity core knows them by these indices. */
import type { Readable } from 'node:stream';
import { type Store, sql } from '../store/index.ts';
import { type Scope, within } from './edges/given.ts';
import { growing32 } from './edges/growing.ts';
import { eachBatch } from './edges/words.ts';
import { NONE } from './graph/slot-counts.ts';

export interface AccountIndex {
  /** Ordinal of each index, rising. */
  readonly ordinals: Uint32Array;
  /** Index of each ordinal, NONE where it is no account of this run. */
  readonly indexOf: Uint32Array;
}

export async function readAccounts(store: Store, scope: Scope): Promise<AccountIndex> {
  const stream = await store.stream(
    sql`SELECT account_ordinal FROM accounts WHERE ${within(scope)}`,
    'RowBinary',
    // A bloom filter asked for thousands of ordinals passes every granule, slowly.
    { settings: { use_skip_indexes: 0 } },
  );
  return indexAccounts(await ordinalsOf(stream));
}

async function ordinalsOf(stream: Readable): Promise<Uint32Array> {
  const found = growing32();
  await eachBatch(stream, 1, (words, rows) => {
    for (let i = 0; i < rows; i++) found.push(words[i]!);
  });
  return found.items();
}

/** Numbers accounts given in any order, repeated or not. */
export function indexAccounts(found: Uint32Array): AccountIndex {
  let largest = 0;
  for (let i = 0; i < found.length; i++) if (found[i]! > largest) largest = found[i]!;
  const indexOf = new Uint32Array(largest + 1).fill(NONE);
  for (let i = 0; i < found.length; i++) indexOf[found[i]!] = 0;
  const ordinals = growing32();
  for (let ordinal = 0; ordinal <= largest; ordinal++) {
    if (indexOf[ordinal] === NONE) continue;
    indexOf[ordinal] = ordinals.length;
    ordinals.push(ordinal);
  }
  return { ordinals: ordinals.items(), indexOf };
}

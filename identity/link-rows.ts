/** Rows of identity_links: read as of a version, and written where a run changed them. */
import { Readable } from 'node:stream';
import { p, type Store, sql } from '../store/index.ts';
import type { AccountIndex } from './accounts.ts';
import { type Scope, within } from './edges/given.ts';
import { growing32 } from './edges/growing.ts';
import { eachBatch } from './edges/words.ts';
import { NONE } from './graph/slot-counts.ts';

/** The links by account ordinal. */
export interface LinkRows {
  /** Founding account of the account's profile; NONE = gone. Means something where `version` is not 0. */
  readonly profile: Uint32Array;
  readonly component: Uint32Array;
  /** Version of the row that counts; 0 = the account had no link. */
  readonly version: Uint32Array;
}

/** Links with a version after `from` and up to `to`; the newest of each account. */
export async function readLinkRows(store: Store, of: { from: number; to: number; scope: Scope }): Promise<LinkRows> {
  const stream = await store.stream(
    sql`SELECT account_ordinal, version, profile_ordinal, component_ordinal FROM identity_links
        WHERE version > ${p('UInt32', of.from)} AND version <= ${p('UInt32', of.to)} AND ${within(of.scope)}`,
    'RowBinary',
  );
  let links = widened(null, 1024);
  await eachBatch(stream, 4, (words, rows) => {
    for (let row = 0, at = 0; row < rows; row++, at += 4) {
      const ordinal = words[at]!;
      if (ordinal >= links.version.length) links = widened(links, Math.max(ordinal + 1, links.version.length * 2));
      if (words[at + 1]! < links.version[ordinal]!) continue;
      links.version[ordinal] = words[at + 1]!;
      links.profile[ordinal] = words[at + 2]!;
      links.component[ordinal] = words[at + 3]!;
    }
  });
  return links;
}

function widened(links: LinkRows | null, length: number): LinkRows {
  const wider = (items: Uint32Array | undefined): Uint32Array => {
    const all = new Uint32Array(length);
    if (items !== undefined) all.set(items);
    return all;
  };
  return { profile: wider(links?.profile), component: wider(links?.component), version: wider(links?.version) };
}

/** What a run found, by index of its accounts. */
export interface NewLinks {
  readonly accounts: AccountIndex;
  readonly profiles: Uint32Array;
  readonly components: Uint32Array;
}

/** Calls `emit` for each account whose link is not what it was: (ordinal, profile, component); gone ones with NONE. */
export function changedLinks(
  before: LinkRows,
  now: NewLinks,
  emit: (ordinal: number, profile: number, component: number) => void,
): void {
  const { ordinals, indexOf } = now.accounts;
  for (let i = 0; i < ordinals.length; i++) {
    const ordinal = ordinals[i]!;
    const profile = ordinals[now.profiles[i]!]!;
    const component = ordinals[now.components[i]!]!;
    const known = ordinal < before.version.length && before.version[ordinal] !== 0;
    if (known && before.profile[ordinal] === profile && before.component[ordinal] === component) continue;
    emit(ordinal, profile, component);
  }
  for (let ordinal = 0; ordinal < before.version.length; ordinal++) {
    if (before.version[ordinal] === 0 || before.profile[ordinal] === NONE) continue;
    if ((indexOf[ordinal] ?? NONE) === NONE) emit(ordinal, NONE, NONE);
  }
}

const ROW_WORDS = 7;
const ROWS_PER_CHUNK = 16_384;

/** Writes the changed links under a new version; returns how many there were. */
export async function writeLinks(
  store: Store,
  of: { before: LinkRows; now: NewLinks; version: number; rulesVersion: number; linkedAt: Date },
): Promise<number> {
  const changed = growing32();
  changedLinks(of.before, of.now, (ordinal, profile, component) => {
    changed.push(ordinal);
    changed.push(profile);
    changed.push(component);
  });
  const rows = changed.length / 3;
  if (rows > 0) await store.insertStream('identity_links', 'RowBinary', Readable.from(chunks(changed.items(), of)));
  return rows;
}

/** account_ordinal, version, profile_ordinal, component_ordinal, rules_version, linked_at (Int64 of ms): 28 bytes a row. */
function* chunks(
  changed: Uint32Array,
  of: { version: number; rulesVersion: number; linkedAt: Date },
): Generator<Buffer> {
  const at = of.linkedAt.getTime();
  for (let from = 0; from < changed.length; from += ROWS_PER_CHUNK * 3) {
    const part = changed.subarray(from, from + ROWS_PER_CHUNK * 3);
    const words = new Uint32Array((part.length / 3) * ROW_WORDS);
    for (let i = 0, w = 0; i < part.length; i += 3, w += ROW_WORDS) {
      words[w] = part[i]!;
      words[w + 1] = of.version;
      words[w + 2] = part[i + 1]!;
      words[w + 3] = part[i + 2]!;
      words[w + 4] = of.rulesVersion;
      words[w + 5] = at % 2 ** 32;
      words[w + 6] = Math.floor(at / 2 ** 32);
    }
    yield Buffer.from(words.buffer);
  }
}

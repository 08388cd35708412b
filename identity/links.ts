/** account -> profile and its inverse at one published version, as typed arrays: what a serving process holds in memory. */
import { readPublished, type Store } from '../store/index.ts';
import { NONE } from './graph/slot-counts.ts';
import { readLinkRows } from './link-rows.ts';

/** Never changed once made: whoever began with one version ends with it. 8 bytes an account. */
export interface Links {
  /** Identity version. */
  readonly version: number;
  /** Founding account of the profile of each account ordinal; NONE = no such account, or gone. */
  readonly profiles: Uint32Array;
  /** The next account of the same profile; the accounts of a profile form a ring. */
  readonly next: Uint32Array;
}

/** Loads the links at `version`; with `before` (an earlier version's links) only what changed since is read. */
export async function loadLinks(store: Store, version: number, before?: Links): Promise<Links> {
  if (before?.version === version) return before;
  const start = before !== undefined && before.version < version ? before : undefined;
  const rows = await readLinkRows(store, { from: start?.version ?? 0, to: version, scope: 'everyone' });
  const profiles = new Uint32Array(Math.max(start?.profiles.length ?? 0, rows.version.length)).fill(NONE);
  if (start !== undefined) profiles.set(start.profiles);
  for (let account = 0; account < rows.version.length; account++)
    if (rows.version[account] !== 0) profiles[account] = rows.profile[account]!;
  return { version, profiles, next: rings(profiles) };
}

/** Keeps the links of the published version at hand. */
export function followLinks(store: Store): { current(): Promise<Links> } {
  let held: Promise<Links> | undefined;
  return {
    async current() {
      const { identity_version } = await readPublished(store);
      const before = await held?.catch(() => undefined);
      if (before?.version !== identity_version) held = loadLinks(store, identity_version, before);
      return held!;
    },
  };
}

/** The profile (ordinal of its founding account) that holds an account, or null. */
export function profileOf(links: Links, account: number): number | null {
  const profile = links.profiles[account] ?? NONE;
  return profile === NONE ? null : profile;
}

/** The accounts of the profile that `account` belongs to, the founding one first; empty when it belongs to none. */
export function accountsWith(links: Links, account: number): number[] {
  const founder = profileOf(links, account);
  if (founder === null) return [];
  const accounts = [founder];
  for (let at = links.next[founder]!; at !== founder; at = links.next[at]!) accounts.push(at);
  return accounts.sort((a, b) => a - b);
}

function rings(profiles: Uint32Array): Uint32Array {
  const next = new Uint32Array(profiles.length);
  for (let account = 0; account < profiles.length; account++) {
    const founder = profiles[account]!;
    if (founder === NONE) continue;
    next[account] = founder === account ? account : next[founder]!;
    next[founder] = account;
  }
  return next;
}

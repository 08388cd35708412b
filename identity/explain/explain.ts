/** Why the accounts of a profile are one person, and which links of theirs are held for review. */
import { p, publicId, raw, type Store, sql } from '../../store/index.ts';
import type { Refusal } from '../graph/clusters.ts';
import { type HeldDetail, readHeld } from '../held.ts';
import type { IdentityRules } from '../rules/index.ts';
import { readClaims } from './claims.ts';
import { type ClaimedLink, linksOf } from './tree.ts';
import { heldWords, linkWords, shownOf, sinceOf, strengthOf, type Words } from './words.ts';

/** One link between two accounts of a profile, with its evidence. */
export interface IdentityLink extends Words {
  /** Ids of the accounts; they resolve as profile ids. `account_a` gave the identifier first. */
  readonly account_a: string;
  readonly account_b: string;
  readonly id_type: string;
  readonly id_scope: string;
  /** The identifier masked, where a record holds it so; else ''. */
  readonly shown: string;
  readonly strength: 'verified' | 'stated';
  /** When both had given it. */
  readonly since: string;
  readonly sources: readonly [string, string];
}

export interface HeldView extends Words {
  /** The account that was refused, and the one that holds the identifier. */
  readonly account_a: string;
  readonly account_b: string;
  readonly id_type: string;
  readonly id_scope: string;
  readonly reason: Refusal;
}

export interface Explanation {
  /** The strongest links that hold the accounts together, one less than there are accounts. */
  readonly why: readonly IdentityLink[];
  /** Every link, for drawing. */
  readonly links: readonly IdentityLink[];
  readonly held: readonly HeldView[];
}

export interface ExplainOptions {
  readonly rules: IdentityRules;
  /** Ordinals of the profile's accounts. */
  readonly accounts: readonly number[];
  readonly identityVersion: number;
}

/** Explains one profile as of an identity version, under the rules it was resolved with. */
export async function explainProfile(store: Store, of: ExplainOptions): Promise<Explanation> {
  const [claims, held] = await Promise.all([readClaims(store, of), heldOf(store, of)]);
  const { tree, all } = linksOf(claims, of.rules);
  return { why: tree.map(viewOf), links: all.map(viewOf), held };
}

function viewOf(link: ClaimedLink): IdentityLink {
  const { holder, other } = link;
  return {
    account_a: holder.account_id,
    account_b: other.account_id,
    id_type: holder.type,
    id_scope: holder.scope,
    shown: shownOf(link),
    strength: strengthOf(link),
    since: sinceOf(link),
    sources: [holder.source, other.source],
    ...linkWords(link),
  };
}

async function heldOf(store: Store, of: ExplainOptions): Promise<HeldView[]> {
  const scope = sql`SELECT arrayJoin(${p('Array(UInt32)', of.accounts)})`;
  const held = await readHeld(store, { version: of.identityVersion, scope });
  if (held.length === 0) return [];
  const wanted = [...new Set(held.flatMap((one) => [one.account_a, one.account_b]))];
  const ids = await store.rows<{ ordinal: number; id: string }>(sql`
    SELECT account_ordinal AS ordinal, ${publicId(raw('account_id'))} AS id
    FROM accounts FINAL WHERE account_ordinal IN (SELECT arrayJoin(${p('Array(UInt32)', wanted)}))`);
  const idOf = new Map(ids.map((row) => [row.ordinal, row.id]));
  return held.map((one) => ({
    account_a: idOf.get(one.account_a) ?? '',
    account_b: idOf.get(one.account_b) ?? '',
    id_type: one.id_type,
    id_scope: one.id_scope,
    reason: one.reason,
    ...heldWords({ ...one, detail: JSON.parse(one.detail) as HeldDetail }),
  }));
}

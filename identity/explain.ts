/**
 * Why these accounts are one person: the identifiers that two or more of them give, as a graph, and the strongest tree
 * through it from the founding account, each link with a sentence. One cluster at a time, so graphology is right here.
 */
import { UndirectedGraph } from 'graphology';
import { type IdentifierType, identifierDefinition } from '../ingest/identifiers/index.ts';
import { p, publicId, raw, type Store, sql } from '../store/index.ts';
import { type HeldDetail, readHeld } from './held.ts';

/** One link between two accounts of a profile, with its evidence. */
export interface IdentityLink {
  readonly account_a: string;
  readonly account_b: string;
  readonly id_type: string;
  readonly id_scope: string;
  /** The identifier masked, where a record holds it so; else ''. */
  readonly shown: string;
  readonly strength: string;
  /** When both had given it for the first time. */
  readonly since: string;
  readonly sources: readonly [string, string];
  readonly zh: string;
  readonly en: string;
}

export interface HeldView {
  readonly account_a: string;
  readonly account_b: string;
  readonly id_type: string;
  readonly id_scope: string;
  readonly reason: string;
  readonly zh: string;
  readonly en: string;
}

export interface Explanation {
  /** The strongest links that hold the accounts together: one less than there are accounts. */
  readonly why: readonly IdentityLink[];
  /** Every link, for drawing. */
  readonly links: readonly IdentityLink[];
  readonly held: readonly HeldView[];
}

interface Given {
  readonly account_ordinal: number;
  readonly account_id: string;
  readonly source: string;
  readonly type: IdentifierType;
  readonly scope: string;
  readonly token: string;
  readonly strength: string;
  readonly since: string;
  readonly phone_masked: string;
  readonly email_masked: string;
}

const STRENGTH: Readonly<Record<string, number>> = { verified: 2, stated: 1, weak: 0 };

/** Explains the profile of `accounts` (ordinals, the founding one first) as of an identity version. */
export async function explainProfile(
  store: Store,
  of: { accounts: readonly number[]; identityVersion: number },
): Promise<Explanation> {
  const given = await readGiven(store, of.accounts);
  const links = linksOf(given);
  return { why: strongestTree(links), links, held: await heldOf(store, of) };
}

function readGiven(store: Store, accounts: readonly number[]): Promise<Given[]> {
  const ordinals = sql`(SELECT arrayJoin(${p('Array(UInt32)', accounts)}))`;
  return store.rows<Given>(sql`
    SELECT given.account_ordinal AS account_ordinal, ${publicId(raw('account.account_id'))} AS account_id, given.source AS source,
           given.type AS type, given.scope AS scope,
           toString(if(phone.phone_token = 0, given.token, phone.phone_token)) AS token,
           argMax(given.strength, given.strength = 'verified') AS strength, toString(min(given.seen_at)) AS since,
           max(given.phone_masked) AS phone_masked, max(given.email_masked) AS email_masked
    FROM (SELECT account_ordinal, source, seen_at, phone_masked, email_masked, one.1 AS type, one.2 AS scope, one.3 AS token, one.4 AS strength
          FROM account_records FINAL ARRAY JOIN arrayZip(id_type, id_scope, id_token, id_strength) AS one
          WHERE account_ordinal IN ${ordinals}) AS given
    LEFT ANY JOIN (SELECT hash_token, phone_token FROM phone_hashes
                   WHERE hash_token IN (SELECT arrayJoin(id_token) FROM account_records FINAL WHERE account_ordinal IN ${ordinals})) AS phone
      ON given.token = phone.hash_token
    INNER JOIN (SELECT account_ordinal, account_id FROM accounts FINAL WHERE account_ordinal IN ${ordinals}) AS account
      ON account.account_ordinal = given.account_ordinal
    GROUP BY account_ordinal, account_id, source, type, scope, token
    ORDER BY account_ordinal, type, scope, token`);
}

/** Pure: accounts that give the same identifier are linked to the first that gave it. */
function linksOf(given: readonly Given[]): IdentityLink[] {
  const byToken = new Map<string, Given[]>();
  for (const one of given) {
    const known = byToken.get(one.token) ?? [];
    if (!known.some((other) => other.account_id === one.account_id)) byToken.set(one.token, [...known, one]);
  }
  return [...byToken.values()].flatMap((accounts) => {
    const [first, ...rest] = accounts;
    if (first === undefined || first.strength === 'weak' || !identifierDefinition(first.type).joins) return [];
    return rest.filter((one) => one.strength !== 'weak').map((one) => linkOf(first, one));
  });
}

function linkOf(a: Given, b: Given): IdentityLink {
  const type = [a.type, b.type].includes('phone') ? 'phone' : a.type;
  const shown =
    type === 'phone' ? a.phone_masked || b.phone_masked : type === 'email' ? a.email_masked || b.email_masked : '';
  const { zh, en } = identifierDefinition(type).title;
  const value = shown === '' ? '' : ` ${shown}`;
  const hashed = a.type !== b.type;
  return {
    account_a: a.account_id,
    account_b: b.account_id,
    id_type: type,
    id_scope: a.scope || b.scope,
    shown,
    strength: (STRENGTH[a.strength] ?? 0) < (STRENGTH[b.strength] ?? 0) ? a.strength : b.strength,
    since: [a.since, b.since].sort()[1] ?? a.since,
    sources: [a.source, b.source],
    zh: `${a.source} 与 ${b.source} 的账号给出了同一个${zh}${value}${hashed ? '（其中一方只给出密文）' : ''}。`,
    en: `The accounts at ${a.source} and ${b.source} gave the same ${en}${value}${hashed ? ' (one of them only its hash)' : ''}.`,
  };
}

/** Kruskal's algorithm (1956) over a graph of one cluster: strongest links first, no circles. */
function strongestTree(links: readonly IdentityLink[]): IdentityLink[] {
  const graph = new UndirectedGraph<{ root: string }>();
  const rootOf = (account: string): string => {
    const { root } = graph.getNodeAttributes(account);
    return root === account ? account : rootOf(root);
  };
  const strongest = [...links].sort(
    (a, b) =>
      (STRENGTH[b.strength] ?? 0) - (STRENGTH[a.strength] ?? 0) || (a.since < b.since ? -1 : a.since > b.since ? 1 : 0),
  );
  return strongest.filter((link) => {
    for (const account of [link.account_a, link.account_b])
      graph.mergeNode(account, graph.hasNode(account) ? {} : { root: account });
    const [a, b] = [rootOf(link.account_a), rootOf(link.account_b)];
    if (a === b) return false;
    graph.setNodeAttribute(b, 'root', a);
    graph.addEdge(link.account_a, link.account_b);
    return true;
  });
}

async function heldOf(store: Store, of: { accounts: readonly number[]; identityVersion: number }): Promise<HeldView[]> {
  const ordinals = sql`SELECT arrayJoin(${p('Array(UInt32)', of.accounts)})`;
  const held = await readHeld(store, { version: of.identityVersion, scope: ordinals });
  if (held.length === 0) return [];
  const wanted = [...new Set(held.flatMap((one) => [one.account_a, one.account_b]))];
  const ids = await store.rows<{ ordinal: number; id: string }>(sql`
    SELECT account_ordinal AS ordinal, ${publicId(raw('account_id'))} AS id FROM accounts FINAL
    WHERE account_ordinal IN (SELECT arrayJoin(${p('Array(UInt32)', wanted)}))`);
  const idOf = new Map(ids.map((row) => [row.ordinal, row.id]));
  return held.map((one) => ({
    account_a: idOf.get(one.account_a) ?? '',
    account_b: idOf.get(one.account_b) ?? '',
    id_type: one.id_type,
    id_scope: one.id_scope,
    reason: one.reason,
    ...heldWords(one.reason, JSON.parse(one.detail) as HeldDetail),
  }));
}

function heldWords(reason: string, detail: HeldDetail): { zh: string; en: string } {
  const title =
    detail.type === undefined
      ? { zh: '标识', en: 'identifier' }
      : identifierDefinition(detail.type as IdentifierType).title;
  const scope = detail.scope ? ` (${detail.scope})` : '';
  if (reason === 'limit') {
    return {
      zh: `合并后这个人会有超过 ${detail.limit} 个${title.zh}${scope}，所以留待审核。`,
      en: `Together they would have more than ${detail.limit} ${title.en}${scope}; it is held for review.`,
    };
  }
  return {
    zh: `合并被拒绝（${reason}${scope}），留待审核。`,
    en: `The union was refused (${reason}${scope}) and is held for review.`,
  };
}

/**
 * One resolve: reads what accounts give, solves, and writes what changed under a new identity version, which counts once
 * the caller publishes it. An increment solves only what the new commits can have changed; for one rules version it
 * leaves what a full run would (the argument is in graph/solve.ts and increment/).
 */
import type { Clock } from '../clock.ts';
import type { MixMobileKey } from '../ingest/identifiers/index.ts';
import {
  type Published,
  p,
  raw,
  readPublished,
  type SqlFragment,
  type Store,
  sql,
  type Vault,
} from '../store/index.ts';
import { readAccounts } from './accounts.ts';
import { readDecisions } from './decisions.ts';
import type { CollectedEdges } from './edges/collect.ts';
import { knownPhones, type Scope } from './edges/given.ts';
import { readEdges, readSlots } from './edges/read.ts';
import type { Slots } from './edges/slots.ts';
import { canonicalOrder } from './graph/canonical-order.ts';
import { solve } from './graph/solve.ts';
import { heldLinks, readHeld, writeHeld } from './held.ts';
import { clearScope, SCOPE, scopeChanged, scopeComponents, scopeNeighbours } from './increment/scope.ts';
import { type TouchedOptions, touch, touchedStatuses } from './increment/touched.ts';
import { readLinkRows, writeLinks } from './link-rows.ts';
import { blockedTokens, type IdentityRules, PHONE_HASH_TYPES } from './rules/index.ts';
import { deadAt, readDead, writeStatuses } from './statuses.ts';

export interface ResolveOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly rules: IdentityRules;
  /** Keys with which the shops' 会员通 hashes phones: blocked phones are blocked under these hashes too. */
  readonly mixMobileKeys: readonly MixMobileKey[];
  /** True: solve everything again, also where an increment would do. */
  readonly full?: boolean;
}

export interface Resolved {
  readonly identity_version: number;
  readonly rules_version: number;
  /** Commits up to this one are in. */
  readonly resolved_to: number;
  readonly full: boolean;
  readonly counts: {
    /** Accounts that were solved. */
    readonly accounts: number;
    readonly edges: number;
    readonly links_changed: number;
    readonly held_changed: number;
    readonly statuses_changed: number;
  };
}

/** Everything one run keeps to. */
interface Run extends ResolveOptions {
  readonly published: Published;
  readonly version: number;
  readonly blocked: readonly string[];
  readonly startedAt: Date;
}

/** Resolves what was committed; writes nothing that readers see before `publish`. */
export async function resolve(options: ResolveOptions): Promise<Resolved> {
  const { store, rules } = options;
  const published = await readPublished(store);
  await removeLeftOvers(store, published.identity_version);
  const run: Run = {
    ...options,
    published,
    version: published.identity_version + 1,
    blocked: await blockedTokens(options, { values: rules.blocked_values, mixMobileKeys: options.mixMobileKeys }).then(
      (tokens) => [...new Set([...tokens, ...rules.blocked_tokens])],
    ),
    startedAt: options.clock.now(),
  };
  const resolved_to = await lastCommit(store);
  const full = options.full === true || published.identity_version === 0 || published.rules_version !== rules.version;
  const statuses = full ? 0 : await prepareIncrement(run);
  const counts = await solveScope(run, full ? 'everyone' : SCOPE);
  if (!full) await clearScope(store);
  return {
    identity_version: run.version,
    rules_version: rules.version,
    resolved_to,
    full,
    counts: { ...counts, statuses_changed: counts.statuses_changed + statuses },
  };
}

/** The newest finished commit. Rows of later ones may be read too; they count as changed next time. */
async function lastCommit(store: Store): Promise<number> {
  const [row] = await store.rows<{ seq: number }>(sql`SELECT max(commit_seq) AS seq FROM commits`);
  return row?.seq ?? 0;
}

/** A run that was killed leaves rows above the published version; nobody reads them, and this run writes the same number. */
async function removeLeftOvers(store: Store, version: number): Promise<void> {
  for (const table of ['identity_links', 'held_links', 'identifier_status']) {
    const left = sql`version > ${p('UInt32', version)}`;
    const [row] = await store.rows<{ found: number }>(sql`SELECT count() AS found FROM ${raw(table)} WHERE ${left}`);
    if ((row?.found ?? 0) > 0)
      await store.run(sql`ALTER TABLE ${raw(table)} DELETE WHERE ${left} SETTINGS mutations_sync = 2`);
  }
}

/** Fills the scope of an increment and writes the statuses it changes; returns how many. */
async function prepareIncrement(run: Run): Promise<number> {
  const { store, published, rules } = run;
  const version = published.identity_version;
  await clearScope(store);
  const { gone } = await scopeChanged(store, { version, resolvedTo: published.resolved_to });
  const { hasPhoneHashes: hashes } = await readSlots(store, rules, SCOPE);
  if (hashes) await indexKnownPhones(run, SCOPE);
  const of: TouchedOptions = { rules, blocked: run.blocked, version, hashes, gone };
  await touch(store, of);
  const statuses = await touchedStatuses(store, of);
  const written = await writeStatuses(store, { version: run.version, ...statuses });
  await scopeNeighbours(store, { deadBefore: deadAt(version), deadNow: deadAt(run.version) });
  await scopeComponents(store, version);
  return written;
}

/** Puts accounts that give the hash of a known phone into the index under the phone, where increments look for them. */
async function indexKnownPhones({ store }: Run, scope: Scope): Promise<void> {
  const accounts = scope === 'everyone' ? raw('1') : sql`account_ordinal IN (${scope})`;
  await store.run(sql`
    INSERT INTO identifier_index (token, account_ordinal)
    SELECT DISTINCT known.phone_token, account_ordinal
    FROM (SELECT account_ordinal, token FROM account_records ARRAY JOIN id_token AS token, id_type AS type
          WHERE type IN ${p('Array(String)', PHONE_HASH_TYPES)} AND ${accounts}) AS hashed
    INNER JOIN ${knownPhones(scope)} AS known ON hashed.token = known.hash_token`);
}

async function solveScope(run: Run, scope: Scope): Promise<Resolved['counts']> {
  const { store, rules, published, version } = run;
  const full = scope === 'everyone';
  const accounts = await readAccounts(store, scope);
  const slots = await readSlots(store, rules, scope);
  if (full && slots.hasPhoneHashes) await indexKnownPhones(run, scope);
  const without: SqlFragment | null = full ? null : sql`SELECT id_token FROM ${deadAt(version)}`;
  const edges = await readEdges(store, { rules, slots, blocked: run.blocked, scope, without, accounts });
  const decisions = await readDecisions(store, accounts);
  const solution = solve(
    {
      ...edges,
      ...decisions,
      accounts: accounts.ordinals.length,
      order: canonicalOrder(edges.keys),
    },
    { limits: slots.limits, exclusive: slots.exclusive, maxAccounts: rules.max_accounts },
  );
  const before = await readLinkRows(store, { from: 0, to: published.identity_version, scope });
  const links_changed = await writeLinks(store, {
    before,
    now: { accounts, profiles: solution.profiles, components: solution.components },
    version,
    rulesVersion: rules.version,
    linkedAt: run.startedAt,
  });
  const held_changed = await writeHeld(store, {
    before: await readHeld(store, { version: published.identity_version, scope }),
    now: heldLinks(solution.held, { accounts, edges, slots, maxAccounts: rules.max_accounts }),
    version,
  });
  const statuses_changed = full ? await writeAllStatuses(run, { edges, slots }) : 0;
  return {
    accounts: accounts.ordinals.length,
    edges: edges.edges.account.length + edges.ownEdges.account.length,
    links_changed,
    held_changed,
    statuses_changed,
  };
}

/** Statuses of a full run; an increment has counted those it touches before. */
async function writeAllStatuses(
  { store, version, published }: Run,
  { edges, slots }: { edges: CollectedEdges; slots: Slots },
): Promise<number> {
  return writeStatuses(store, {
    version,
    before: await readDead(store, published.identity_version),
    now: edges.dead.map(({ token, slot, status, accounts }) => {
      return { id_token: token, id_type: slots.rows[slot]!.type, status, accounts };
    }),
  });
}

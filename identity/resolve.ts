/**
 * One resolve: reads what accounts give, solves, and writes what changed under a new identity version, which counts once
 * the caller publishes it. An increment solves only what the new commits can have changed; for one rules version it
 * leaves what a full run would (the argument is in graph/solve.ts and increment/prepare.ts).
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
import { type AccountIndex, readAccounts } from './accounts.ts';
import { readDecisions } from './decisions.ts';
import type { CollectedEdges } from './edges/collect.ts';
import { givenAsIs, type Scope, withPhones } from './edges/given.ts';
import { readEdges, readSlots } from './edges/read.ts';
import type { Slots } from './edges/slots.ts';
import { canonicalOrder } from './graph/canonical-order.ts';
import { type Solution, solve } from './graph/solve.ts';
import { heldLinks, readHeld, writeHeld } from './held.ts';
import { indexKnownPhones, prepareIncrement } from './increment/prepare.ts';
import { clearScratch, GIVEN, SCOPE } from './increment/scope.ts';
import { readLinkRows, writeLinks } from './link-rows.ts';
import { blockedTokens, type IdentityRules } from './rules/index.ts';
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
  readonly scope: Scope;
}

/** Resolves what was committed; writes nothing that readers see before `publish`. */
export async function resolve(options: ResolveOptions): Promise<Resolved> {
  const { store, rules } = options;
  const startedAt = options.clock.now();
  const [published, resolved_to, blocked] = await Promise.all([
    readPublished(store),
    lastCommit(store),
    blockedTokens(options, { values: rules.blocked_values, mixMobileKeys: options.mixMobileKeys }),
  ]);
  const before = published.identity_version;
  await Promise.all([removeLeftOvers(store, before), clearScratch(store)]);
  const full = options.full === true || before === 0 || published.rules_version !== rules.version;
  const run: Run = {
    ...options,
    published,
    version: before + 1,
    blocked: [...new Set([...blocked, ...rules.blocked_tokens])],
    startedAt,
    scope: full ? 'everyone' : SCOPE,
  };
  const statuses = full ? 0 : await prepareIncrement({ ...run, before, resolvedTo: published.resolved_to });
  const counts = await solveScope(run);
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
  const left = sql`version > ${p('UInt32', version)}`;
  await Promise.all(
    ['identity_links', 'held_links', 'identifier_status'].map(async (table) => {
      const [row] = await store.rows<{ found: number }>(sql`SELECT count() AS found FROM ${raw(table)} WHERE ${left}`);
      if ((row?.found ?? 0) === 0) return;
      await store.run(sql`ALTER TABLE ${raw(table)} DELETE WHERE ${left}`, { settings: { mutations_sync: '2' } });
    }),
  );
}

async function solveScope(run: Run): Promise<Resolved['counts']> {
  const { store, rules, scope, published } = run;
  const [[accounts, { edges, slots }], before, heldBefore] = await Promise.all([
    readAll(run),
    readLinkRows(store, { from: 0, to: published.identity_version, scope }),
    readHeld(store, { version: published.identity_version, scope }),
  ]);
  const decisions = await readDecisions(store, accounts);
  const solution: Solution = solve(
    { ...edges, ...decisions, accounts: accounts.ordinals.length, order: canonicalOrder(edges.keys) },
    { limits: slots.limits, exclusive: slots.exclusive, maxAccounts: rules.max_accounts },
  );
  const { version } = run;
  const held = heldLinks(solution.held, { accounts, edges, slots, maxAccounts: rules.max_accounts });
  const [links_changed, held_changed] = await Promise.all([
    writeLinks(store, {
      before,
      now: { accounts, profiles: solution.profiles, components: solution.components },
      version,
      rulesVersion: rules.version,
      linkedAt: run.startedAt,
    }),
    writeHeld(store, { before: heldBefore, now: held, version }),
  ]);
  const statuses_changed = scope === 'everyone' ? await writeAllStatuses(run, { edges, slots }) : 0;
  return {
    accounts: accounts.ordinals.length,
    edges: edges.edges.account.length + edges.ownEdges.account.length,
    links_changed,
    held_changed,
    statuses_changed,
  };
}

/** The accounts of the run and the edges between them; an increment leaves out identifiers that it knows join nobody. */
async function readAll(run: Run): Promise<[AccountIndex, { edges: CollectedEdges; slots: Slots }]> {
  const { store, rules, scope, blocked } = run;
  const everyone = scope === 'everyone';
  const typed: SqlFragment = everyone ? raw('account_records ARRAY JOIN id_type AS type, id_scope AS scope') : GIVEN;
  const [accounts, slots] = await Promise.all([readAccounts(store, scope), readSlots(store, rules, typed)]);
  const asIs = everyone ? givenAsIs(rules, scope) : GIVEN;
  if (everyone && slots.hasPhoneHashes) await indexKnownPhones(store, asIs);
  const all = slots.hasPhoneHashes ? withPhones(asIs) : asIs;
  const dead = sql`SELECT id_token FROM ${deadAt(run.version)}`;
  const given = everyone ? all : sql`(SELECT * FROM ${all} WHERE token NOT IN (${dead}))`;
  return [accounts, { edges: await readEdges(store, { rules, slots, blocked, given, accounts }), slots }];
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

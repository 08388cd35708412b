/** How the tables of identity forget a person: held links, statuses and decisions at once, links once nobody stands on them. */
import type { ForgetContext, ForgetsPeople, Forgotten } from '../privacy/index.ts';
import { p, raw, type SqlFragment, sql } from '../store/index.ts';
import { NONE } from './graph/slot-counts.ts';

const SYNC = { settings: { mutations_sync: '2' as const } };

export const identityForgets: ForgetsPeople = {
  name: 'identity',

  async erase({ store }, who) {
    const counts = await count({ store }, who);
    for (const [table, where] of places(who))
      await store.run(sql`ALTER TABLE ${raw(table)} DELETE WHERE ${where}`, SYNC);
    return counts;
  },

  /** The rows that say the accounts are gone stay (an ordinal without a person); all they were linked to before goes. */
  async finish({ store }, who) {
    await store.run(sql`ALTER TABLE identity_links DELETE WHERE ${linksOf(who)}`, SYNC);
  },

  async search(context, who) {
    const [links] = await context.store.rows<{ found: number }>(
      sql`SELECT count() AS found FROM identity_links WHERE ${linksOf(who)}`,
    );
    return { ...(await count(context, who)), identity_links: links?.found ?? 0 };
  },
};

const among = (type: string, values: readonly unknown[]) => sql`(SELECT arrayJoin(${p(`Array(${type})`, values)}))`;

const linksOf = (who: Forgotten): SqlFragment =>
  sql`account_ordinal IN ${among('UInt32', who.accountOrdinals)} AND profile_ordinal != ${p('UInt32', NONE)}`;

function places(who: Forgotten): [table: string, where: SqlFragment][] {
  const ordinals = among('UInt32', who.accountOrdinals);
  const tokens = among('UInt128', who.accountTokens);
  return [
    ['held_links', sql`account_a IN ${ordinals} OR account_b IN ${ordinals}`],
    ['identifier_status', sql`id_token IN ${among('UInt128', who.identifierTokens)}`],
    ['decisions', sql`account_a IN ${tokens} OR account_b IN ${tokens}`],
  ];
}

async function count({ store }: Pick<ForgetContext, 'store'>, who: Forgotten): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [table, where] of places(who)) {
    const [row] = await store.rows<{ found: number }>(sql`SELECT count() AS found FROM ${raw(table)} WHERE ${where}`);
    found[table] = row?.found ?? 0;
  }
  return found;
}

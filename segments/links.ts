/** account -> profile as the resolver published it: which profile an account belongs to at one identity version. */
import { p, type SqlFragment, sql } from '../store/index.ts';

/** profile_ordinal of an account that is gone (forgotten or deleted). */
export const GONE = 4294967295;

/** Subquery of (account_ordinal, profile_ordinal) at `version`; accounts that are gone are not in it. */
export function linksAt(version: number): SqlFragment {
  return sql`(SELECT account_ordinal, argMax(identity_links.profile_ordinal, identity_links.version) AS profile_ordinal
    FROM identity_links WHERE identity_links.version <= ${p('UInt32', version)}
    GROUP BY account_ordinal HAVING profile_ordinal != ${p('UInt32', GONE)})`;
}

/** Subquery of profile ordinals at `version` that hold one of the accounts a subquery gives. */
export function profilesOf(accounts: SqlFragment, version: number): SqlFragment {
  return sql`(SELECT DISTINCT argMax(identity_links.profile_ordinal, identity_links.version) AS profile_ordinal
    FROM identity_links WHERE identity_links.version <= ${p('UInt32', version)} AND account_ordinal IN ${accounts}
    GROUP BY account_ordinal)`;
}

/**
 * Subquery of (profile_ordinal, now_ordinal) for profiles whose founding account belongs elsewhere at `to` than it did
 * at `from`: merged into another, or gone. All others are what they were.
 */
export function movedFounders(from: number, to: number): SqlFragment {
  return sql`(SELECT account_ordinal AS profile_ordinal,
      argMax(identity_links.profile_ordinal, identity_links.version) AS now_ordinal
    FROM identity_links
    WHERE identity_links.version > ${p('UInt32', from)} AND identity_links.version <= ${p('UInt32', to)}
    GROUP BY account_ordinal HAVING now_ordinal != profile_ordinal)`;
}

/**
 * Subquery of profile ordinals whose accounts were merged, split or taken away between two versions. That an account
 * seen for the first time joined a profile is not counted: the person is the same and has done something new.
 */
export function reshapedProfiles(from: number, to: number): SqlFragment {
  return sql`(SELECT DISTINCT arrayJoin([before, after]) AS profile_ordinal FROM (
      SELECT argMaxIf(identity_links.profile_ordinal, identity_links.version, identity_links.version <= ${p('UInt32', from)}) AS before,
        argMax(identity_links.profile_ordinal, identity_links.version) AS after,
        min(identity_links.version) AS first_seen
      FROM identity_links
      WHERE identity_links.version <= ${p('UInt32', to)} AND account_ordinal IN (
        SELECT account_ordinal FROM identity_links
        WHERE identity_links.version > ${p('UInt32', from)} AND identity_links.version <= ${p('UInt32', to)})
      GROUP BY account_ordinal
      HAVING first_seen <= ${p('UInt32', from)} AND before != after))`;
}

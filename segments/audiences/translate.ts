/** Members of a run, told by another identity version than the one they were found with. */
import { p, type SqlFragment, sql } from '../../store/index.ts';
import { GONE, movedFounders } from '../links.ts';

/**
 * Subquery of distinct profile ordinals at `to`: a member that merged is told by the profile it merged into, two that
 * merged into one are one, one that is gone is not there.
 */
export function membersAt(run: { run: number; identity_version: number }, to: number): SqlFragment {
  const members = sql`SELECT profile_ordinal FROM audience_members WHERE run = ${p('UInt64', run.run)}`;
  if (run.identity_version === to) return sql`(SELECT DISTINCT profile_ordinal FROM (${members}))`;
  return sql`(SELECT DISTINCT if(moved.now_ordinal = 0, member.profile_ordinal, moved.now_ordinal) AS profile_ordinal
    FROM (${members}) AS member
    LEFT ANY JOIN ${movedFounders(run.identity_version, to)} AS moved ON moved.profile_ordinal = member.profile_ordinal
    WHERE moved.now_ordinal != ${p('UInt32', GONE)})`;
}

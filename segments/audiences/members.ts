/** Members of a run, page by page, by the ids they have now. */
import { type Published, p, publicId, raw, type Store, sql } from '../../store/index.ts';
import type { AudienceRun } from './audience.ts';
import { membersAt } from './translate.ts';

/** Where a page ended; the identity version stays that of the first page, so that no member is skipped or repeated. */
export interface MemberPosition {
  readonly identity_version: number;
  readonly after: number;
}

export interface MemberPage {
  readonly members: readonly { readonly profile_id: string }[];
  /** null = that was the last page. */
  readonly next: MemberPosition | null;
}

/** One page in the order of ordinals, translated to the published identity version, each profile once. */
export async function audienceMembers(options: {
  readonly store: Store;
  readonly run: Pick<AudienceRun, 'run' | 'identity_version'>;
  readonly published: Published;
  readonly position?: MemberPosition;
  readonly limit: number;
}): Promise<MemberPage> {
  const { store, run, limit } = options;
  const position = options.position ?? { identity_version: options.published.identity_version, after: 0 };
  const page = sql`(SELECT profile_ordinal FROM ${membersAt(run, position.identity_version)}
    WHERE profile_ordinal > ${p('UInt32', position.after)} ORDER BY profile_ordinal LIMIT ${p('UInt32', limit + 1)})`;
  const rows = await store.rows<{ ordinal: number; profile_id: string; known: number }>(sql`
    SELECT member.profile_ordinal AS ordinal, ${publicId(raw('account.account_id'))} AS profile_id,
      account.account_ordinal != 0 AS known
    FROM ${page} AS member
    LEFT ANY JOIN (SELECT account_ordinal, account_id FROM accounts WHERE account_ordinal IN ${page}) AS account
      ON account.account_ordinal = member.profile_ordinal
    ORDER BY ordinal`);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    members: shown.filter((row) => row.known === 1).map(({ profile_id }) => ({ profile_id })),
    next: last === undefined ? null : { identity_version: position.identity_version, after: last.ordinal },
  };
}

/** The steps of a computation as named statements: each fills one staged table that can be looked at alone. */
import { join, p, type SqlFragment, sql } from '../../store/index.ts';
import { linksAt } from '../links.ts';
import { purchaseEntries } from '../orders.ts';
import { latestConsents, REACHING_TYPES, suppressedAccounts, VIAS, waysOfIdentifier } from '../reach.ts';
import { stageTraits } from './survivorship.ts';

export interface StageOptions {
  readonly identityVersion: number;
  /** The brand's zone. */
  readonly zone: string;
}

/** Filled in this order: staged_links is what all others join to. */
const STAGES: Readonly<Record<string, (options: StageOptions) => SqlFragment>> = {
  staged_links: stageLinks,
  staged_founders: stageFounders,
  staged_traits: stageTraits,
  staged_memberships: stageMemberships,
  staged_bindings: stageBindings,
  staged_reach: stageReach,
  staged_purchases: stagePurchases,
};

export const STAGED_TABLES: readonly string[] = Object.keys(STAGES);

/** The statements that fill the staged tables, in order. */
export function stages(options: StageOptions): readonly SqlFragment[] {
  return Object.values(STAGES).map((fill) => fill(options));
}

function stageLinks({ identityVersion }: StageOptions): SqlFragment {
  return sql`INSERT INTO staged_links (account_ordinal, profile_ordinal)
    SELECT account_ordinal, profile_ordinal FROM ${linksAt(identityVersion)}`;
}

function stageFounders(): SqlFragment {
  return sql`INSERT INTO staged_founders (profile_ordinal, profile_id, accounts, channels)
    SELECT profile_ordinal, anyIf(account_id, account.account_ordinal = profile_ordinal),
      arraySort(groupUniqArray(account.account_ordinal)), groupUniqArray(channel)
    FROM accounts AS account INNER JOIN staged_links AS link ON link.account_ordinal = account.account_ordinal
    GROUP BY profile_ordinal`;
}

function stageMemberships({ zone }: StageOptions): SqlFragment {
  return sql`INSERT INTO staged_memberships
      (profile_ordinal, member_status, level, points, joined_at, join_store, membership_count,
       membership_account, membership_source, membership_record_id)
    SELECT profile_ordinal, speaking.1, speaking.2, speaking.3, speaking.4, speaking.5, active,
      speaking.6, speaking.7, speaking.8
    FROM (
      SELECT profile_ordinal, countIf(status = 'active') AS active, argMax(
        (status, level, points, toDate32(toTimeZone(joined_at, ${p('String', zone)})), store_code,
         member.account_ordinal, source, record_id),
        (status = 'active', version, record_id)) AS speaking
      FROM (SELECT * FROM memberships FINAL) AS member
      INNER JOIN staged_links AS link ON link.account_ordinal = member.account_ordinal
      GROUP BY profile_ordinal)`;
}

function stageBindings(): SqlFragment {
  return sql`INSERT INTO staged_bindings (profile_ordinal, bound_channels)
    SELECT profile_ordinal, groupUniqArray(bound_channel)
    FROM (SELECT * FROM bindings FINAL WHERE unbound_at IS NULL) AS binding
    INNER JOIN staged_links AS link ON link.account_ordinal = binding.account_ordinal
    GROUP BY profile_ordinal`;
}

/** Ways that live identifiers make possible, less the ways that marketing is refused by; nobody suppressed. */
function stageReach(): SqlFragment {
  const each = join(
    VIAS.map((via) => sql`${p('String', via)}`),
    ', ',
  );
  return sql`INSERT INTO staged_reach (profile_ordinal, reachable)
    SELECT profile_ordinal, arrayFilter(via -> has(ways, via) AND NOT has(refused, via) AND NOT has(refused, 'any'), [${each}])
    FROM (
      SELECT profile_ordinal, groupUniqArrayArray(${waysOfIdentifier(sql`type`)}) AS ways
      FROM (SELECT account_ordinal, type
            FROM account_records FINAL ARRAY JOIN id_type AS type, id_token AS token, id_strength AS strength
            WHERE has(${p('Array(String)', REACHING_TYPES)}, toString(type)) AND strength != 'weak'
              AND token NOT IN (SELECT id_token FROM identifier_status FINAL WHERE status != 'live')) AS held
      INNER JOIN staged_links AS link ON link.account_ordinal = held.account_ordinal
      GROUP BY profile_ordinal) AS way
    LEFT ANY JOIN (
      SELECT profile_ordinal, groupUniqArray(via) AS refused
      FROM (SELECT account_ordinal, via FROM ${latestConsents('marketing')} WHERE granted = 0) AS said
      INNER JOIN staged_links AS link ON link.account_ordinal = said.account_ordinal
      GROUP BY profile_ordinal) AS refusal USING profile_ordinal
    WHERE profile_ordinal NOT IN (SELECT profile_ordinal FROM staged_links WHERE account_ordinal IN ${suppressedAccounts()})`;
}

/** Purchases of a profile by order and category, in order of day; orders are numbered as they come. */
function stagePurchases(): SqlFragment {
  return sql`INSERT INTO staged_purchases (profile_ordinal, purchases)
    SELECT profile_ordinal, arrayMap((one, number) -> (one.1, if(one.3 = '', 0, number), one.4, one.5, one.6, one.7), sorted,
      arrayEnumerateDense(arrayMap(one -> one.2, sorted), arrayMap(one -> one.3, sorted)))
    FROM (
      SELECT profile_ordinal, arraySort(groupArray((day, source, order_no, channel, category, net_fen, quantity))) AS sorted
      FROM (
        SELECT profile_ordinal, day, source, order_no, channel, category,
          sum(paid_fen) - sum(refunded_fen) AS net_fen, sum(entry.quantity) AS quantity
        FROM ${purchaseEntries()} AS entry
        INNER JOIN staged_links AS link ON link.account_ordinal = entry.account_ordinal
        GROUP BY profile_ordinal, day, source, order_no, channel, category)
      GROUP BY profile_ordinal)`;
}

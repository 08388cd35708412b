/** The steps of a computation as named statements: each fills one staged table that can be looked at alone. */
import { p, raw, type SqlFragment, sql } from '../../store/index.ts';
import { bitsOf, maskOf } from '../bits.ts';
import { CHANNELS, channelMask } from '../channels.ts';
import { linksAt } from '../links.ts';
import { purchaseEntries } from '../orders.ts';
import { latestConsents, REACHING_TYPES, suppressedAccounts, VIAS, WAYS_OF_IDENTIFIERS } from '../reach.ts';
import { stageTraits } from './survivorship.ts';

export interface StageOptions {
  readonly identityVersion: number;
  /** The brand's zone. */
  readonly zone: string;
}

const CHANNEL_BITS = Object.fromEntries(CHANNELS.map((channel) => [channel, channelMask([channel])]));
/** The ways a refusal takes away; one of `any` takes them all. */
const REFUSED_BITS = { ...Object.fromEntries(VIAS.map((via) => [via, maskOf([via], VIAS)])), any: maskOf(VIAS, VIAS) };

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
  return sql`INSERT INTO staged_founders (profile_ordinal, profile_id, accounts, account_channels)
    SELECT profile_ordinal, anyIf(account_id, account.account_ordinal = profile_ordinal),
      arraySort(arrayDistinct(groupArray(account.account_ordinal))), groupBitOr(${bitsOf(raw('channel'), CHANNEL_BITS)})
    FROM accounts AS account INNER JOIN staged_links AS link ON link.account_ordinal = account.account_ordinal
    GROUP BY profile_ordinal`;
}

function stageMemberships({ zone }: StageOptions): SqlFragment {
  return sql`INSERT INTO staged_memberships
      (profile_ordinal, member_status, level, points, joined_at, join_store, membership_count,
       membership_account, membership_source, membership_record_id)
    SELECT profile_ordinal, speaking.4, speaking.5, speaking.6, speaking.7, speaking.8, active,
      speaking.9, speaking.10, speaking.3
    FROM (
      SELECT profile_ordinal, countIf(status = 'active') AS active, arrayReverseSort(groupArray(
        (status = 'active', version, record_id, status, level, points,
         toDate32(toTimeZone(joined_at, ${p('String', zone)})), store_code, member.account_ordinal, source)))[1] AS speaking
      FROM (SELECT * FROM memberships FINAL) AS member
      INNER JOIN staged_links AS link ON link.account_ordinal = member.account_ordinal
      GROUP BY profile_ordinal)`;
}

function stageBindings(): SqlFragment {
  return sql`INSERT INTO staged_bindings (profile_ordinal, bound_channels)
    SELECT profile_ordinal, groupBitOr(${bitsOf(raw('bound_channel'), CHANNEL_BITS)})
    FROM (SELECT * FROM bindings FINAL WHERE unbound_at IS NULL) AS binding
    INNER JOIN staged_links AS link ON link.account_ordinal = binding.account_ordinal
    GROUP BY profile_ordinal`;
}

/** Ways that live identifiers make possible, less the ways that marketing is refused by; nobody suppressed. */
function stageReach(): SqlFragment {
  return sql`INSERT INTO staged_reach (profile_ordinal, reachable_bits)
    SELECT profile_ordinal, bitAnd(ways, bitNot(refused))
    FROM (
      SELECT profile_ordinal, groupBitOr(${bitsOf(raw('type'), WAYS_OF_IDENTIFIERS)}) AS ways
      FROM (SELECT account_ordinal, type
            FROM account_records FINAL ARRAY JOIN id_type AS type, id_token AS token, id_strength AS strength
            WHERE has(${p('Array(String)', REACHING_TYPES)}, toString(type)) AND strength != 'weak'
              AND token NOT IN (SELECT id_token FROM identifier_status FINAL WHERE status != 'live')) AS held
      INNER JOIN staged_links AS link ON link.account_ordinal = held.account_ordinal
      GROUP BY profile_ordinal) AS way
    LEFT ANY JOIN (
      SELECT profile_ordinal, groupBitOr(${bitsOf(raw('via'), REFUSED_BITS)}) AS refused
      FROM (SELECT account_ordinal, via FROM ${latestConsents('marketing')} WHERE granted = 0) AS said
      INNER JOIN staged_links AS link ON link.account_ordinal = said.account_ordinal
      GROUP BY profile_ordinal) AS refusal USING profile_ordinal
    WHERE profile_ordinal NOT IN (SELECT profile_ordinal FROM staged_links WHERE account_ordinal IN ${suppressedAccounts()})`;
}

/** Purchases of a profile by order and category, in order of day; orders are numbered as they come. */
function stagePurchases(): SqlFragment {
  return sql`INSERT INTO staged_purchases (profile_ordinal, purchases)
    SELECT profile_ordinal, arrayMap((one, number) -> (one.1, if(one.2 = 0, 0, number), one.3, one.4, one.5, one.6), sorted,
      arrayEnumerateDense(arrayMap(one -> one.2, sorted)))
    FROM (
      SELECT profile_ordinal, arraySort(groupArray((day, order_hash, channel, category, net_fen, quantity))) AS sorted
      FROM (
        SELECT profile_ordinal, day, if(order_no = '', 0, cityHash64(source, order_no)) AS order_hash, channel, category,
          sum(paid_fen) - sum(refunded_fen) AS net_fen, sum(entry.quantity) AS quantity
        FROM ${purchaseEntries()} AS entry
        INNER JOIN staged_links AS link ON link.account_ordinal = entry.account_ordinal
        GROUP BY profile_ordinal, day, order_hash, channel, category)
      GROUP BY profile_ordinal)`;
}

/** The exact count of a condition, now, on one published version: one query. */
import type { Channel } from '../ingest/record.ts';
import { type Published, p, publicId, raw, type SqlFragment, type Store, sql } from '../store/index.ts';
import { channelCounts, countsByChannel } from './channels.ts';
import { compileCondition } from './conditions/index.ts';
import { type Freshness, freshnessOf } from './freshness.ts';

export interface PreviewOptions {
  readonly store: Store;
  /** The version to count on, as readPublished gave it. */
  readonly published: Published;
  /** A condition from outside; throws condition.invalid before anything is counted. */
  readonly condition: unknown;
  readonly now: Date;
  /** The brand's zone. */
  readonly zone: string;
}

/** A profile to look at, masked. */
export interface SampleProfile {
  readonly profile_id: string;
  readonly name_masked: string;
  readonly phone_masked: string;
  readonly channels: readonly Channel[];
  readonly level: string;
  readonly last_purchase: string | null;
  readonly net_amount_365d_fen: number;
}

export interface Preview {
  /** Profiles, exactly. */
  readonly count: number;
  /** Profiles that hold the channel; one profile can hold several. */
  readonly channels: Readonly<Record<Channel, number>>;
  /** Up to 10 profiles spread over the whole; the same ones for the same condition and version. */
  readonly sample: readonly SampleProfile[];
  readonly freshness: Freshness;
}

const SAMPLE = 10;

type Row = SampleProfile & { readonly total: number; readonly by_channel: readonly number[] };

export async function previewCondition(options: PreviewOptions): Promise<Preview> {
  const condition = compileCondition(options.condition, options);
  const rows = await options.store.rows<Row>(countAndSample(options.published, condition));
  const [first] = rows;
  return {
    count: first?.total ?? 0,
    channels: countsByChannel(first?.by_channel),
    sample: rows.map(({ total: _, by_channel: __, ...profile }) => profile),
    freshness: freshnessOf(options.published),
  };
}

/** The sample is the smallest by a hash, so that it is spread and stable; its columns are read for those rows only. */
function countAndSample({ tags_version }: Published, condition: SqlFragment): SqlFragment {
  const partition = sql`version = ${p('UInt32', tags_version)}`;
  return sql`
    WITH (
      SELECT (count(), ${channelCounts()},
        groupArraySorted(${raw(String(SAMPLE))})(bitShiftLeft(toUInt64(intHash32(profile_ordinal)), 32) + profile_ordinal))
      FROM profiles WHERE ${partition} AND ${condition}) AS found
    SELECT found.1 AS total, found.2 AS by_channel, ${publicId(raw('profile_id'))} AS profile_id, name_masked,
      phone_masked, channels, level, last_purchase, net_amount_365d_fen
    FROM profiles
    WHERE ${partition} AND profile_ordinal IN (arrayMap(one -> toUInt32(bitAnd(one, 4294967295)), found.3))
    ORDER BY intHash32(profile_ordinal)`;
}

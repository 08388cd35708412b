/** One profile as a page shows it: traits with the record each came from, and tags. One query. */
import { type Published, p, publicId, raw, type SqlFragment, type Store, sql } from '../store/index.ts';
import { type Freshness, freshnessOf } from './freshness.ts';
import { TAGS } from './tags/library/index.ts';
import { TRAITS, type Trait } from './tags/traits.ts';

/** The record a trait came from. */
export interface TraitOrigin {
  readonly account_ordinal: number;
  readonly source: string;
  readonly kind: string;
  /** UInt128 in decimal: account_records.record_id. */
  readonly record_id: string;
  readonly seen_at: string | null;
}

export interface TraitView {
  /** null = unknown. */
  readonly value: string | number | null;
  readonly from: TraitOrigin | null;
}

export interface ProfileView {
  readonly profile_id: string;
  readonly profile_ordinal: number;
  /** Ordinals of its accounts. */
  readonly accounts: readonly number[];
  readonly traits: Readonly<Record<string, TraitView>>;
  /** What is known of birth_date: day, month_day, year; '' = nothing. Unknown parts are filled with 1904 or 01. */
  readonly birth_precision: string;
  readonly tags: Readonly<Record<string, string | number | boolean | readonly string[] | null>>;
  readonly freshness: Freshness;
}

interface Row {
  readonly id: string;
  readonly profile_ordinal: number;
  readonly accounts: number[];
  readonly birth_precision: string;
  readonly membership: TraitOrigin;
  readonly origins: readonly TraitOrigin[];
  readonly [column: string]: unknown;
}

/** What the birth_date column itself holds is shown, whatever its precision. */
const shown = (trait: Trait): SqlFragment =>
  trait.id === 'birth_date' ? raw('birth_date') : (trait.sql ?? raw(trait.id));

const ORIGIN = 'Tuple(account_ordinal UInt32, source String, kind String, record_id String, seen_at Nullable(String))';

/** The profile that now holds the account with this id (UInt128 in decimal); null when there is none. */
export async function readProfile(
  store: Store,
  { published, accountId }: { published: Published; accountId: string },
): Promise<ProfileView | null> {
  const version = p('UInt32', published.identity_version);
  const [row] = await store.rows<Row>(sql`
    SELECT ${publicId(raw('profile_id'))} AS id, profile_ordinal, accounts, birth_precision,
      ${columns()},
      CAST((membership_account, membership_source, 'membership', toString(membership_record_id), NULL), '${raw(ORIGIN)}') AS membership,
      arrayMap(one -> CAST((one.account_ordinal, one.source, one.kind, toString(one.record_id), toString(one.seen_at)),
        '${raw(ORIGIN)}'), records) AS origins
    FROM profiles
    WHERE version = ${p('UInt32', published.tags_version)} AND profile_ordinal = (
      SELECT argMax(identity_links.profile_ordinal, identity_links.version) FROM identity_links
      WHERE identity_links.version <= ${version}
        AND account_ordinal IN (SELECT account_ordinal FROM accounts WHERE account_id = ${p('UInt128', accountId)}))`);
  return row === undefined ? null : viewOf(row, published);
}

/** The columns of ProfileView: traits as t_<id>, where they came from as their from column, tags as they are. */
function columns(): SqlFragment {
  const traits = TRAITS.map((trait) => sql`${shown(trait)} AS ${raw(`t_${trait.id}`)}`);
  const from = [...new Set(TRAITS.map((trait) => trait.from))].filter((column) => column !== 'membership');
  const all = [...traits, ...from.map(raw), ...TAGS.map((tag) => raw(tag.id))];
  return all.reduce((list, column) => sql`${list}, ${column}`);
}

function viewOf(row: Row, published: Published): ProfileView {
  const traits = TRAITS.map((trait): [string, TraitView] => {
    const value = row[`t_${trait.id}`] as string | number | null;
    const unknown = value === '' || value === null;
    const origin = trait.from === 'membership' ? memberOrigin(row) : row.origins[Number(row[trait.from]) - 1];
    return [trait.id, { value: unknown ? null : value, from: unknown ? null : (origin ?? null) }];
  });
  return {
    profile_id: row.id,
    profile_ordinal: row.profile_ordinal,
    accounts: row.accounts,
    traits: Object.fromEntries(traits),
    birth_precision: row.birth_precision,
    tags: Object.fromEntries(TAGS.map((tag) => [tag.id, row[tag.id] as ProfileView['tags'][string]])),
    freshness: freshnessOf(published),
  };
}

const memberOrigin = ({ membership }: Row) => (membership.account_ordinal === 0 ? null : membership);

/**
 * Step: of everything the records of a profile say, the values that survive, each with its record (TRAITS in words).
 * The records are ranked once per profile (loyalty system, then time, then version and id, so that ties have one answer);
 * a trait takes the first record that has it. All records that say anything are kept in `records`, in that order.
 */
import { type SqlFragment, sql } from '../../store/index.ts';

const SAYS_ANYTHING = sql`(gender != '' OR birth_precision != '' OR province != '' OR city != ''
  OR name_masked != '' OR phone_masked != '' OR email_masked != '')`;

/** Whether the record gives a verified identifier of this type. */
const verified = (type: 'phone' | 'email') =>
  type === 'phone'
    ? sql`arrayExists((type, strength) -> type = 'phone' AND strength = 'verified', id_type, id_strength)`
    : sql`arrayExists((type, strength) -> type = 'email' AND strength = 'verified', id_type, id_strength)`;

const RANKED = sql`arrayReverseSort(one -> one.place, groupArray(CAST(
  ((channel = 'loyalty', seen_at, version, record_id), account_ordinal, source, kind, record_id, seen_at,
   gender, birth_date, birth_precision, province, city, name_masked, phone_masked, email_masked,
   ${verified('phone')}, ${verified('email')}),
  'Tuple(place Tuple(UInt8, DateTime64(3, \\'UTC\\'), UInt128, UInt128), account_ordinal UInt32, source String, kind String,
    record_id UInt128, seen_at DateTime64(3, \\'UTC\\'), gender String, birth_date Nullable(Date32), birth_precision String,
    province String, city String, name_masked String, phone_masked String, email_masked String,
    phone_verified UInt8, email_verified UInt8)')))`;

/** Place of the first ranked record that meets a condition on `one`; 0 = none. */
const first = (condition: SqlFragment) => sql`toUInt16(arrayFirstIndex(one -> ${condition}, ranked))`;

const firstVerified = (has: SqlFragment, isVerified: SqlFragment) =>
  sql`if(${first(sql`${has} AND ${isVerified}`)} > 0, ${first(sql`${has} AND ${isVerified}`)}, ${first(has)})`;

/** INSERT … SELECT of staged_traits from account_records and staged_links. */
export function stageTraits(): SqlFragment {
  return sql`
    INSERT INTO staged_traits
      (profile_ordinal, records, name_masked, name_from, phone_masked, phone_from, email_masked, email_from,
       gender, gender_from, birth_date, birth_precision, birth_from, province, city, region_from)
    SELECT profile_ordinal,
      arrayMap(one -> (one.account_ordinal, one.source, one.kind, one.record_id, one.seen_at), ranked),
      ranked[name_from].name_masked, ${first(sql`one.name_masked != ''`)} AS name_from,
      ranked[phone_from].phone_masked, ${firstVerified(sql`one.phone_masked != ''`, sql`one.phone_verified`)} AS phone_from,
      ranked[email_from].email_masked, ${firstVerified(sql`one.email_masked != ''`, sql`one.email_verified`)} AS email_from,
      ranked[gender_from].gender, ${first(sql`one.gender != ''`)} AS gender_from,
      ranked[birth_from].birth_date, ranked[birth_from].birth_precision,
      ${first(sql`one.birth_precision != ''`)} AS birth_from,
      ranked[region_from].province, ranked[region_from].city,
      ${first(sql`one.province != '' OR one.city != ''`)} AS region_from
    FROM (
      SELECT profile_ordinal, ${RANKED} AS ranked
      FROM (SELECT * FROM account_records FINAL WHERE ${SAYS_ANYTHING}) AS said
      INNER JOIN staged_links AS link ON link.account_ordinal = said.account_ordinal
      GROUP BY profile_ordinal)`;
}

/** Ways to reach a person, the identifiers each needs, and who may not be reached: consent and suppression. */
import type { IdentifierType } from '../ingest/identifiers/types.ts';
import { p, type SqlFragment, sql } from '../store/index.ts';
import { maskOf } from './bits.ts';
import { profilesOf } from './links.ts';
import type { Words } from './words.ts';

interface Way extends Words {
  /** Any one of these makes the way possible. */
  readonly identifiers: readonly IdentifierType[];
}

/** By `via` as consents name it, in the order of their bits (bits.ts): add at the end only. */
export const WAYS = {
  sms: { zh: '短信', en: 'text message', identifiers: ['phone'] },
  phone: { zh: '电话', en: 'phone call', identifiers: ['phone'] },
  email: { zh: '邮件', en: 'e-mail', identifiers: ['email'] },
  wechat: { zh: '微信', en: 'WeChat', identifiers: ['openid', 'external_userid'] },
} as const satisfies Record<string, Way>;

export type Via = keyof typeof WAYS;
export const VIAS = Object.keys(WAYS) as readonly Via[];

/** All identifier types that make any way possible. */
export const REACHING_TYPES: readonly IdentifierType[] = [
  ...new Set(VIAS.flatMap((via): readonly IdentifierType[] => WAYS[via].identifiers)),
];

/** The ways that each identifier type makes possible, as bits. */
export const WAYS_OF_IDENTIFIERS: Readonly<Record<string, number>> = Object.fromEntries(
  REACHING_TYPES.map((type) => [
    type,
    maskOf(
      VIAS.filter((via) => takes(via, type)),
      VIAS,
    ),
  ]),
);

function takes(via: Via, type: IdentifierType): boolean {
  return (WAYS[via].identifiers as readonly IdentifierType[]).includes(type);
}

/** Subquery of (account_ordinal, via, granted): each account's latest word on `purpose`, by way. */
export function latestConsents(purpose: string): SqlFragment {
  // One number compares much faster than a tuple of instant and version.
  const moment = sql`bitShiftLeft(toUInt256(greatest(0, toUnixTimestamp64Milli(happened_at))), 128) + version`;
  return sql`(SELECT account_ordinal, via, argMax(consents.granted, ${moment}) AS granted
    FROM consents FINAL WHERE purpose = ${p('String', purpose)} GROUP BY account_ordinal, via)`;
}

/** Who is asked for: a purpose, by one way; `any` = by whatever way, so that each refusal and each consent counts. */
export interface ConsentQuestion {
  readonly purpose: string;
  readonly via: Via | 'any';
}

/** Subquery of profiles one of whose accounts refuses. A refusal of `any` refuses every way; a merge never lifts one. */
export function refusingProfiles(question: ConsentQuestion, identityVersion: number): SqlFragment {
  return profilesOf(accountsThatSaid(0, question), identityVersion);
}

/** Subquery of profiles one of whose accounts consents. */
export function consentingProfiles(question: ConsentQuestion, identityVersion: number): SqlFragment {
  return profilesOf(accountsThatSaid(1, question), identityVersion);
}

function accountsThatSaid(granted: 0 | 1, { purpose, via }: ConsentQuestion): SqlFragment {
  const ways = via === 'any' ? sql`1` : sql`via IN (${p('String', via)}, 'any')`;
  return sql`(SELECT account_ordinal FROM ${latestConsents(purpose)} WHERE granted = ${p('UInt8', granted)} AND ${ways})`;
}

/** Subquery of account ordinals that are suppressed, or now give an identifier that is. */
export function suppressedAccounts(): SqlFragment {
  const tokens = sql`(SELECT token FROM suppressed UNION ALL
    SELECT hash_token FROM phone_hashes WHERE phone_token IN (SELECT token FROM suppressed))`;
  return sql`(
    SELECT account_ordinal FROM accounts WHERE account_id IN (SELECT token FROM suppressed)
    UNION ALL
    SELECT account_ordinal FROM (
      SELECT account_ordinal, arrayJoin(id_token) AS token FROM account_records FINAL
      WHERE account_ordinal IN (SELECT account_ordinal FROM identifier_index WHERE token IN ${tokens}))
    WHERE token IN ${tokens})`;
}

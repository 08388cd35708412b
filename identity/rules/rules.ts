/** The identity rules in force: one document, the same for every run of one rules version. */
import { IDENTIFIER_TYPES, type IdentifierType } from '../../ingest/identifiers/index.ts';
import type { Strength } from '../../ingest/record.ts';

/** What one identifier type may do. */
export interface TypeRule {
  /** False: it never makes two accounts one person. */
  readonly joins: boolean;
  /** 1 = the strongest type; of two edges equally vouched for, the stronger type's enters first. */
  readonly priority: number;
  /** Different values of one scope that one profile may hold; over it the link is held for review. null = any number. */
  readonly limit: number | null;
  /** True: two different values are never one person, whatever else says so. Counts as a limit of 1. */
  readonly exclusive: boolean;
  /** Accounts that one value may join; given by more it is shared (a family's, a cashier's phone) and joins nobody. */
  readonly shared_above: number;
}

/** A value that joins nobody. */
export interface BlockedValue {
  readonly type: IdentifierType;
  /** '' for types without a scope. */
  readonly scope: string;
  /** As the type's `normalise` gives it. Only values that are nobody's stand here in clear; others are tokens. */
  readonly value: string;
}

export interface IdentityRules {
  /** Counts every change; a resolve under another version than the published one is a full one. */
  readonly version: number;
  /** Strengths that join, the strongest first; an identifier of any other strength never does. */
  readonly strengths: readonly Exclude<Strength, 'weak'>[];
  readonly types: Readonly<Record<IdentifierType, TypeRule>>;
  readonly blocked_values: readonly BlockedValue[];
  /** Tokens (UInt128, decimal) of blocked values that are not kept in clear. */
  readonly blocked_tokens: readonly string[];
  /** Accounts one profile may hold; a union over it is refused and held for review. */
  readonly max_accounts: number;
}

/** Accounts that a platform's own id may join: as often as its shops, apps and systems name one person. */
const MANY = 100;

/** An id that a platform gives to one of its accounts: a person may have a second one, which only a steward can add. */
const platformAccount = (priority: number, shared_above = MANY): TypeRule => {
  return { joins: true, priority, limit: 1, exclusive: false, shared_above };
};
/** An id of which one person may well have several: cards, phones, mailboxes. */
const several = (priority: number, shared_above: number): TypeRule => {
  return { joins: true, priority, limit: null, exclusive: false, shared_above };
};
const never = (priority: number): TypeRule => {
  return { joins: false, priority, limit: null, exclusive: false, shared_above: MANY };
};

/** Lines that stand for nobody: top-up and demonstration numbers that systems let through in clear or as a hash. */
const JUNK_PHONES = [
  ...['13800138000', '13800000000', '13000000000', '13888888888', '13666666666', '13999999999', '13912345678'],
  ...['13812345678', '13123456789', '18888888888', '18800000000', '13100000000', '15000000000', '18600000000'],
];
const JUNK_EMAILS = ['test@test.com', 'a@a.com', '123@qq.com', '123456@qq.com', '111@163.com', 'test@qq.com'];

/** Version 1: what holds until a brand changes it. */
export const DEFAULT_RULES: IdentityRules = {
  version: 1,
  strengths: ['verified', 'stated'],
  types: {
    national_id: { joins: true, priority: 1, limit: 1, exclusive: true, shared_above: 20 },
    member_no: several(2, MANY),
    unionid: platformAccount(3, 20),
    omid: platformAccount(4, 20),
    douyin_union_id: platformAccount(5, 20),
    ouid: platformAccount(6),
    openid: platformAccount(7),
    douyin_open_id: platformAccount(8),
    doudian_open_id: platformAccount(9),
    open_uid: platformAccount(10),
    external_userid: platformAccount(11),
    youzan_open_id: platformAccount(12),
    douyin_order_no: several(13, 4),
    card_no: several(14, MANY),
    pos_customer_uid: several(15, MANY),
    user_id: platformAccount(16),
    phone: several(17, 8),
    phone_sha256: several(18, 8),
    phone_md5: several(19, 8),
    mix_mobile: several(20, 8),
    email: several(21, 8),
    anonymous_id: several(22, 8),
    oaid: never(23),
    phone_masked: never(24),
    douyin_phone_index: never(25),
  },
  blocked_values: [
    ...JUNK_PHONES.map((phone): BlockedValue => ({ type: 'phone', scope: '', value: `+86${phone}` })),
    ...JUNK_EMAILS.map((email): BlockedValue => ({ type: 'email', scope: '', value: email })),
  ],
  blocked_tokens: [],
  max_accounts: 100,
};

/** Types whose values are hashes of phones: where the phone itself is known, it stands for them. */
export const PHONE_HASH_TYPES: readonly IdentifierType[] = ['phone_md5', 'phone_sha256', 'mix_mobile'];

/** Types that join under these rules. */
export function joiningTypes(rules: IdentityRules): IdentifierType[] {
  return IDENTIFIER_TYPES.filter((type) => rules.types[type].joins);
}

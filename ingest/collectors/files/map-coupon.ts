/** Coupons: what was granted, claimed, used and expired. */
import type { CouponFields, CouponState, SourceRecord } from '../../record.ts';
import { type Mapping, recordOf, refuseRow } from './mapping.ts';
import { readPerson } from './person.ts';

const STATES: readonly (readonly [RegExp, CouponState])[] = [
  [/作废|撤[回销]|冻结|收回|退回|revoked|cancel|void/i, 'revoked'],
  [/过期|失效|到期|expired/i, 'expired'],
  [/未使用|未核销|未用|已?领取?$|可用|待使用|待核销|claimed|unused|available/i, 'claimed'],
  [/已?使用|已?核销|已用|used|redeemed/i, 'used'],
  [/已?发放|已?发送|待领取?|未领取?|granted|issued/i, 'granted'],
];
const NOT_CLAIMED = /[待未]领/;

export function mapCoupon(mapping: Mapping): SourceRecord | null {
  const { row, settings } = mapping;
  const number = row.text('coupon_no');
  if (number === '') return refuseRow(row, 'coupon_no', { code: 'coupon.no-number', expected: 'the coupon’s number' });
  const { account, identifiers, personal } = readPerson(row, settings);
  const times = {
    granted_at: row.instant('granted_at'),
    claimed_at: row.instant('claimed_at'),
    used_at: row.instant('used_at'),
    expires_at: row.planned('expires_at')?.end ?? null,
  };
  return recordOf(mapping, {
    kind: 'coupon',
    head: { key: number, account, identifiers, personal },
    fields: {
      batch: row.text('coupon_batch'),
      title: row.text('coupon_title'),
      state: stateOf(mapping, times),
      face_fen: row.fen('face'),
      threshold_fen: row.fen('threshold'),
      ...times,
      used_order_no: row.text('used_order'),
      used_store: row.text('used_store'),
      discount_fen: row.fen('taken_off'),
    },
  });
}

type Times = Pick<CouponFields, 'claimed_at' | 'used_at' | 'expires_at'>;

/** As the file says; else as its times say on the day of delivery. */
function stateOf({ row, deliveredAt }: Mapping, times: Times): CouponState {
  const word = row.text('coupon_state');
  const said = NOT_CLAIMED.test(word) ? 'granted' : STATES.find(([words]) => words.test(word))?.[1];
  if (said !== undefined) return said;
  if (word !== '')
    row.refuse('coupon_state', { code: 'coupon.unknown-state', expected: '已发放, 已领取, 已使用, 已过期, 已作废' });
  if (times.used_at !== null) return 'used';
  if (times.expires_at !== null && times.expires_at <= deliveredAt) return 'expired';
  return times.claimed_at === null ? 'granted' : 'claimed';
}

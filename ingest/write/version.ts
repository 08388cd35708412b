/** version = modified time (ms) << 80 | delivery time (ms) << 32 | 32 bits of the item's content: a total order. */
import { raw, type SqlFragment } from '../../store/index.ts';

/** The version of what an item says: `modified` is Nullable(DateTime64(3)) (null = the delivery), `payload` the item's text. */
export const ITEM_VERSION: SqlFragment = raw(`bitOr(bitOr(
    bitShiftLeft(toUInt128(greatest(0, toUnixTimestamp64Milli(coalesce(modified, delivered_at)))), 80),
    bitShiftLeft(toUInt128(greatest(0, toUnixTimestamp64Milli(delivered_at))), 32)),
    toUInt128(reinterpretAsUInt32(reverse(substring(MD5(payload), 1, 4)))))`);

/** Version of a tombstone that a whole delivery writes: above all older deliveries, below its own lines' content. */
export function tombstoneVersion(deliveredAt: Date): string {
  const delivered = BigInt(Math.max(0, deliveredAt.getTime()));
  return ((delivered << 80n) | (delivered << 32n)).toString();
}

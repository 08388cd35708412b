/** A buyer's row becomes a shop_customer record: no membership, and nothing of the nick, which many share. */
import type { Mapped, SourceItem } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { nameAccount } from '../kit/account.ts';
import { readPlatformTime } from '../kit/time.ts';
import { fen } from './order-lines.ts';
import { checkCustomer } from './schemas.ts';
import type { TmallSettings } from './settings.ts';

export function mapCustomer(item: SourceItem, { source }: MapContext<TmallSettings>): Mapped {
  const checked = checkCustomer(item.payload);
  if (!checked.ok) return checked.mapped;
  const row = checked.value;
  const named = nameAccount([{ type: 'ouid', scope: source.settings.shop_id, given: row.ouid, path: '/ouid' }], null);
  if (!named.account) return { records: [], rejections: named.rejections.map((one) => ({ ...one, wholeItem: true })) };
  return {
    records: [
      {
        kind: 'shop_customer',
        key: named.account.key,
        account: named.account,
        identifiers: named.identifiers,
        personal: {},
        traits: {},
        modifiedAt: null,
        deleted: false,
        custom: {},
        fields: {
          grade: row.grade_name || (row.grade === undefined || row.grade === null ? '' : String(row.grade)),
          status: row.status === 'blacklist' ? 'blocked' : 'normal',
          trade_count: numberOf(row.trade_count),
          trade_amount_fen:
            row.trade_amount === undefined || row.trade_amount === null || row.trade_amount === ''
              ? null
              : fen(row.trade_amount),
          last_trade_at: row.last_trade_time ? readPlatformTime(row.last_trade_time) : null,
        },
      },
    ],
    rejections: named.rejections,
  };
}

function numberOf(count: number | '' | null | undefined): number | null {
  return typeof count === 'number' ? count : null;
}

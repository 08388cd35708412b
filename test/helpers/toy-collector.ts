/** The smallest honest collector: member cards and bills given as pages, so that tests choose each row, version and order. */
import type { Collector, Source, SourcePage } from '../../ingest/collectors/collector.ts';
import type { Mapped, SourceItem, SourceRecord } from '../../ingest/record.ts';

/** When the toy's pages are delivered unless an item says otherwise. */
export const T0 = new Date('2026-03-01T02:00:00Z');
export const PHONE = '+8613900000001';
export const toySource: Source = {
  id: 'till',
  platform: 'toy',
  channel: 'pos',
  settings: {},
  zone: 'Asia/Shanghai',
};

interface ToyItem {
  /** The item's key, when it is not the card's or the bill's: each delivery of a file gives its rows new ones. */
  item?: string;
  /** The source's own modified time, ISO; absent = the delivery counts. */
  modified?: string;
  /** When the item was delivered, ISO. */
  delivered?: string;
  deleted?: boolean;
}

export interface Card extends ToyItem {
  card: string;
  phone?: string;
  email?: string;
  /** The md5 of a phone, where a channel gives no more. */
  phone_md5?: string;
  points?: number;
  /** ISO day; null = the row says nothing of gender and birth. */
  birth?: string | null;
  bad?: boolean;
}

export interface Bill extends ToyItem {
  bill: string;
  /** Absent = nobody known. */
  card?: string;
  paid_fen: number;
}

export interface ToyOptions {
  /** Makes records of what is refused otherwise: the mapping was mended. */
  acceptBad?: boolean;
  mapperVersion?: number;
  deliveredAt?: Date;
}

/** A collector of one stream, `cards`, whose pages are the given ones. */
export function toy(pages: readonly (Card | Bill)[][], options: ToyOptions = {}): Collector {
  return {
    platform: 'toy',
    title: { zh: '', en: '' },
    settingsSchema: {},
    kinds: ['shop_customer', 'order_line'],
    limits: [],
    mapperVersion: options.mapperVersion ?? 1,
    streams: () => ['cards'],
    async *pull({ checkpoint }) {
      for (let n = (checkpoint as number | null) ?? 0; n < pages.length; n++) {
        const items = pages[n]!.map((given, position) => itemOf(given, position, options.deliveredAt ?? T0));
        const progress = { done: n + 1, total: pages.length };
        yield { stream: 'cards', id: `page-${n}`, items, cursor: n + 1, progress } satisfies SourcePage;
      }
    },
    map(item): Mapped {
      const given = JSON.parse(item.payload) as Card | Bill;
      if ('card' in given && 'bad' in given && given.bad && !options.acceptBad) {
        return {
          records: [],
          rejections: [{ path: '/bad', given: 'true', expected: 'no bad cards', code: 'card.bad', wholeItem: true }],
        };
      }
      return { records: ['bill' in given ? billRecord(given) : cardRecord(given)], rejections: [] };
    },
  };
}

function itemOf(given: Card | Bill, position: number, deliveredAt: Date): SourceItem {
  const kind = 'bill' in given ? 'bill' : 'card';
  const key = given.item ?? ('bill' in given ? given.bill : given.card);
  const at = given.delivered === undefined ? deliveredAt : new Date(given.delivered);
  return { kind, key, payload: JSON.stringify(given), position, deliveredAt: at };
}

const accountOf = (card: string) => ({ kind: 'card_no', scope: 'pos:till', key: card }) as const;
const modifiedAt = ({ modified }: ToyItem) => (modified === undefined ? null : new Date(modified));

function cardRecord(card: Card): SourceRecord {
  const { phone, email, phone_md5 } = card;
  const known = card.birth !== null;
  return {
    kind: 'shop_customer',
    key: card.card,
    account: accountOf(card.card),
    identifiers: [
      ...(phone ? [{ type: 'phone', scope: '', value: phone, strength: 'stated' } as const] : []),
      ...(email ? [{ type: 'email', scope: '', value: email, strength: 'stated' } as const] : []),
      ...(phone_md5 ? [{ type: 'phone_md5', scope: '', value: phone_md5, strength: 'stated' } as const] : []),
    ],
    personal: { ...(phone ? { phone, name: '张三丰' } : {}), ...(email ? { email } : {}) },
    traits: known ? { gender: 'female', birth: { date: card.birth ?? '1965-03-01', precision: 'day' } } : {},
    modifiedAt: modifiedAt(card),
    deleted: card.deleted ?? false,
    custom: { colour: 'red' },
    fields: {
      grade: 'VIP',
      status: 'normal',
      trade_count: null,
      trade_amount_fen: null,
      last_trade_at: null,
      points: card.points ?? null,
      joined_at: T0,
      store_code: 'S1',
      guide: '',
    },
  };
}

function billRecord(bill: Bill): SourceRecord {
  return {
    kind: 'order_line',
    key: `${bill.bill}/1`,
    account: bill.card === undefined ? null : accountOf(bill.card),
    identifiers: [],
    personal: {},
    traits: {},
    modifiedAt: modifiedAt(bill),
    deleted: bill.deleted ?? false,
    custom: { remark: 'gift wrap' },
    fields: {
      order_no: bill.bill,
      line_no: '1',
      platform_order_no: '',
      is_platform: false,
      suspected_double: false,
      state: 'finished',
      line_kind: 'goods',
      sold_by: 'S1',
      fulfilled_by: 'S1',
      credited_store: 'S1',
      credited_guide: '',
      scene: 'self',
      terminal: '1',
      bill_no: bill.bill,
      created_at: T0,
      paid_at: T0,
      business_date: '2026-03-01',
      product_id: 'P1',
      sku_id: 'P1-1',
      title: 'shirt',
      category: 'tops',
      quantity: 1,
      ordered_fen: bill.paid_fen,
      paid_fen: bill.paid_fen,
      discount_fen: 0,
      freight_fen: 0,
      platform_subsidy_fen: 0,
      coupon_fen: 0,
      points_fen: 0,
      stored_value_fen: 0,
      deposit_fen: 0,
      delivery: '',
    },
  };
}

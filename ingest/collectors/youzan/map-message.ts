/**
 * Pushes that say something by themselves: a whole order, points, a customer who leaves. What the others name (an order's
 * number, a refund) is pulled. Orders are versions by their time of change, so that pushes may come in any order.
 */
import type { Mapped, PointsEntryFields, SourceItem, SourceRecord } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { nameAccount } from '../kit/account.ts';
import { rejected, shown } from '../kit/validate.ts';
import { buyerRungs, phoneOf } from './buyer.ts';
import { mapOrder } from './map-order.ts';
import { type PushBody, readPushBody } from './push-body.ts';
import type { YouzanSettings } from './settings.ts';

type Context = MapContext<YouzanSettings>;

interface Said {
  readonly item: SourceItem;
  readonly body: PushBody;
  readonly message: Readonly<Record<string, unknown>>;
}

export function mapMessage(item: SourceItem, context: Context): Mapped {
  const body = readPushBody(item.payload);
  if (body === null) return rejected({ path: '', given: '', expected: 'JSON of a push', code: 'item.not-json' });
  if (body.message === null)
    return rejected({ path: '/msg', given: '', expected: 'URL-encoded JSON, or an object', code: 'message.not-json' });
  const said: Said = { item, body, message: body.message };
  if (/^trade_Trade/.test(body.type)) return order(said, context);
  if (body.type === 'POINTS') return points(said, context);
  if (body.type === 'SCRM_CUSTOMER_EVENT') return customer(said, context);
  return { records: [], rejections: [] };
}

/** Only some types carry the order; the others are about one that comes with the next pull. */
function order({ item, message }: Said, context: Context): Mapped {
  if (message.full_order_info === undefined) return { records: [], rejections: [] };
  return mapOrder({ ...item, payload: JSON.stringify(message) }, context);
}

type Fact = {
  [K in SourceRecord['kind']]: Pick<Extract<SourceRecord, { kind: K }>, 'kind' | 'key' | 'fields' | 'deleted'>;
}[SourceRecord['kind']];

/** `amount` is assumed to be signed: what is taken is below 0. */
function points({ item, body, message }: Said, context: Context): Mapped {
  const [amount, total] = [wholeNumber(message.amount), wholeNumber(message.total)];
  if (amount === null) {
    const expected = 'a whole number';
    return rejected({ path: '/msg/amount', given: shown(message.amount), expected, code: 'field.not-a-count' });
  }
  const fields: PointsEntryFields = {
    ...{ delta: amount, balance: total, reason: text(message.event_type), happened_at: happenedAt(body, item) },
  };
  const fact = { kind: 'points_entry', key: `points/${text(message.unique_id) || item.key}`, fields, deleted: false };
  return aboutMember({ message, facts: () => [fact as Fact] }, context);
}

/** A customer who closed the account is one no more; of others the list tells what they are. */
function customer({ item, body, message }: Said, context: Context): Mapped {
  const happened_at = happenedAt(body, item);
  const hasLeft = message.is_log_off === true || message.is_log_off === 1;
  const event = hasLeft ? 'customer_closed' : body.status === 'CUSTOMER_CREATED' ? 'customer_created' : '';
  if (event === '') return { records: [], rejections: [] };
  const fields = { event, happened_at, properties: {} };
  const gone = { grade: '', status: 'normal', trade_count: null, trade_amount_fen: null, last_trade_at: null } as const;
  const facts = (member: string): Fact[] => [
    { kind: 'event', key: `customer/${item.key}`, fields, deleted: false },
    ...(hasLeft && member !== '' ? [{ kind: 'shop_customer' as const, key: member, fields: gone, deleted: true }] : []),
  ];
  return aboutMember({ message, facts }, context);
}

/** `facts` is given the yz_open_id; '' where the push names the customer by phone alone. */
function aboutMember(
  { message, facts }: { message: Said['message']; facts: (member: string) => Fact[] },
  { source }: Context,
): Mapped {
  const { account, identifiers, rejections } = nameAccount(
    buyerRungs(
      { yzOpenId: message.yz_open_id, phone: message.mobile, paths: ['/msg/yz_open_id', '/msg/mobile', ''] },
      source.settings,
    ),
    null,
  );
  if (account === null) {
    if (rejections.length > 0)
      return { records: [], rejections: rejections.map((one) => ({ ...one, wholeItem: true })) };
    // Customers that Youzan names by a number of its own only: nothing here can tell who they are.
    return { records: [], rejections: [] };
  }
  const about = { account, identifiers, personal: phoneOf(identifiers), traits: {}, modifiedAt: null, custom: {} };
  const member = account.kind === 'youzan_open_id' ? account.key : '';
  return { records: facts(member).map((fact): SourceRecord => ({ ...about, ...fact })), rejections };
}

/** `version` is the time of the event, in seconds or milliseconds; the delivery where it is none. */
function happenedAt({ version }: PushBody, { deliveredAt }: SourceItem): Date {
  if (/^\d{10}$/.test(version)) return new Date(Number(version) * 1000);
  return /^\d{13}$/.test(version) ? new Date(Number(version)) : deliveredAt;
}

function wholeNumber(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,12}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

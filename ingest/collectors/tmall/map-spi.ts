/**
 * A copied 会员通 call becomes facts only where the loyalty system's answer confirms them. The brand's membership itself is
 * kept by that system and comes from it; here are the binding of the Tmall buyer to it, and the ids seen together.
 */
import type { BindingFields, Identifier, Mapped, SourceItem, SourceRecord } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { nameAccount, type Rung } from '../kit/account.ts';
import { bodyFields, type CallCopy, checkCopy } from '../kit/call-copy.ts';
import { isObject, tryJson } from '../kit/json.ts';
import { readPlatformTime } from '../kit/time.ts';
import { rejected, shown } from '../kit/validate.ts';
import { bound } from './map-message.ts';
import type { TmallSettings } from './settings.ts';

/** What an interface does, where its answer says that it did. `code` names the answer's field that must hold SUC. */
interface Interface {
  readonly code: string;
  readonly event: string;
  readonly binds: boolean;
}

const INTERFACES: ReadonlyMap<string, Interface> = new Map([
  ['tmall.mei.crm.member.bind.query', { code: 'bind_code', event: 'member_bind_query', binds: false }],
  ['tmall.mei.crm.query', { code: 'query_code', event: 'member_query', binds: false }],
  ['tmall.mei.crm.bind', { code: 'bind_code', event: 'member_bound', binds: true }],
  ['tmall.mei.crm.member.register', { code: 'register_code', event: 'member_registered', binds: true }],
  ['qimen.alibaba.member.activate', { code: 'activate_code', event: 'member_activated', binds: true }],
]);

export function mapSpi(item: SourceItem, context: MapContext<TmallSettings>): Mapped {
  const checked = checkCopy(item.payload);
  if (!checked.ok) return checked.mapped;
  const { call, answer } = checked.value;
  const method = call.query.method ?? '';
  const known = INTERFACES.get(method);
  if (!known) {
    const expected = `one of ${[...INTERFACES.keys()].join(', ')}`;
    return rejected({ path: '/call/query/method', given: method.slice(0, 60), expected, code: 'spi.method-not-known' });
  }
  const [asked, said] = [bodyFields(call), bodyFields(answer)];
  if (!isConfirmed(answer, { said, code: known.code })) return { records: [], rejections: [] };
  return factsOf({ envelope: checked.value, asked, said, known, itemKey: item.key }, context);
}

/** qimen interfaces answer `success` instead of a code. */
function isConfirmed(
  answer: CallCopy['answer'],
  { said, code }: { said: Readonly<Record<string, unknown>>; code: string },
): boolean {
  const accepted =
    said[code] === 'SUC' || (said[code] === undefined && (said.success === true || said.success === 'true'));
  return answer.status === 200 && accepted;
}

interface Confirmed {
  readonly envelope: CallCopy;
  readonly asked: Readonly<Record<string, unknown>>;
  readonly said: Readonly<Record<string, unknown>>;
  readonly known: Interface;
  readonly itemKey: string;
}

function factsOf(confirmed: Confirmed, context: MapContext<TmallSettings>): Mapped {
  const { envelope, asked, said, known, itemKey } = confirmed;
  const member = isObject(said.member) ? said.member : {};
  const { account, identifiers, rejections } = nameAccount(rungsOf(confirmed, { member, context }), null);
  if (!account) {
    if (rejections.length > 0)
      return { records: [], rejections: rejections.map((one) => ({ ...one, wholeItem: true })) };
    return rejected({
      path: '/call/body',
      given: '',
      expected: 'an ouid, omid, mix_mobile or mobile',
      code: 'spi.nobody',
    });
  }
  const at = readPlatformTime(envelope.call.query.timestamp ?? '') ?? new Date(envelope.received_at);
  const extend = typeof asked.extend === 'string' ? tryJson(asked.extend) : asked.extend;
  const joinedAt =
    isObject(extend) && typeof extend.flightJoinTime === 'string' ? readPlatformTime(extend.flightJoinTime) : null;
  const unbinds = known.event === 'member_bound' && String(asked.type) === '2';
  const phone = phoneOf(
    account.kind === 'phone'
      ? [{ ...account, type: account.kind, value: account.key, strength: 'verified' }]
      : identifiers,
  );
  const about = { account, identifiers, personal: phone, traits: {}, modifiedAt: at, deleted: false, custom: {} };
  const properties = Object.fromEntries(
    ['level', 'point'].filter((name) => isPlain(member[name])).map((name) => [name, String(member[name])]),
  );
  const event = unbinds ? 'member_unbound' : known.event;
  const records: SourceRecord[] = [
    { ...about, kind: 'event', key: `spi/${itemKey}`, fields: { event, happened_at: joinedAt ?? at, properties } },
  ];
  const fields: BindingFields = unbinds ? { channel: 'tmall', bound_at: null, unbound_at: at } : bound(joinedAt ?? at);
  if (known.binds) records.push({ ...about, kind: 'binding', key: account.key, fields });
  return { records, rejections };
}

/** The platform's ids come from its call; the phone also from the answer, for the loyalty system verified it. */
function rungsOf(
  { envelope, asked }: Confirmed,
  { member, context }: { member: Readonly<Record<string, unknown>>; context: MapContext<TmallSettings> },
): Rung[] {
  const { shop_id, brand } = context.source.settings;
  const rung = (field: string, of: Pick<Rung, 'type' | 'scope'>): Rung => {
    const called = asked[field] !== undefined && asked[field] !== null && asked[field] !== '';
    return {
      ...of,
      given: called ? asked[field] : member[field],
      path: `${called ? '/call/body' : '/answer/body/member'}/${field}`,
    };
  };
  return [
    rung('ouid', { type: 'ouid', scope: shop_id }),
    rung('omid', { type: 'omid', scope: brand }),
    rung('open_id', { type: 'open_uid', scope: envelope.call.query.app_key ?? '' }),
    rung('mix_mobile', { type: 'mix_mobile', scope: shop_id }),
    rung('mobile', { type: 'phone', scope: '' }),
  ];
}

function phoneOf(identifiers: readonly Identifier[]): { readonly phone?: string } {
  const phone = identifiers.find(({ type, strength }) => type === 'phone' && strength === 'verified')?.value;
  return phone === undefined ? {} : { phone };
}

function isPlain(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && shown(value) === value);
}

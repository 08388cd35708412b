/**
 * Messages that say something by themselves: members who join, leave, rise or get points. Those about orders and after-sales
 * carry numbers only; the orders and after-sales themselves are pulled.
 */
import type { Mapped, SourceItem, SourceRecord } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { nameAccount } from '../kit/account.ts';
import { rejected } from '../kit/validate.ts';
import { buyerRungs } from './buyer.ts';
import { phoneOf } from './map-member.ts';
import { checkMessage, instantOf, type Message } from './schemas.ts';
import type { WeixinShopSettings } from './settings.ts';

type UserInfo = Exclude<Message['user_info'], null | undefined | ''>;

interface Said {
  readonly info: UserInfo;
  readonly at: Date;
  /** The item's key, which a message that is sent again has as well. */
  readonly key: string;
  readonly member: string;
}

/** The kind and fields of a record, apart from the account it is about. */
type Fact = {
  [K in SourceRecord['kind']]: Pick<
    Extract<SourceRecord, { kind: K }>,
    'kind' | 'key' | 'fields' | 'modifiedAt' | 'deleted'
  >;
}[SourceRecord['kind']];

const joined = ({ info, at, key }: Said): Fact[] => {
  const happened_at = instantOf(info.join_time) ?? at;
  const fields = { event: 'member_joined', happened_at, properties: {} };
  return [{ kind: 'event', key: `join/${key}`, modifiedAt: at, deleted: false, fields }];
};

const left = ({ info, at, key, member }: Said): Fact[] => {
  const happened_at = instantOf(info.close_time) ?? at;
  const gone = { grade: '', status: 'normal', trade_count: null, trade_amount_fen: null, last_trade_at: null } as const;
  const fields = { event: 'member_left', happened_at, properties: {} };
  return [
    { kind: 'event', key: `close/${key}`, modifiedAt: at, deleted: false, fields },
    { kind: 'shop_customer', key: member, modifiedAt: at, deleted: true, fields: gone },
  ];
};

const graded = ({ info, at, key }: Said): Fact[] => {
  const fields = { from_level: '', to_level: String(info.grade ?? ''), happened_at: at };
  return [{ kind: 'level_change', key: `grade/${key}`, modifiedAt: at, deleted: false, fields }];
};

const scored =
  (reason: string) =>
  ({ info, at, key }: Said): Fact[] => {
    const balance = isGiven(info.score) ? Number(info.score) : null;
    const fields = { delta: Number(info.delta_score), balance, reason, happened_at: at };
    return [{ kind: 'points_entry', key: `points/${key}`, modifiedAt: at, deleted: false, fields }];
  };

interface Reader {
  /** A member of `user_info` without which the message says nothing. */
  readonly needs?: 'grade' | 'delta_score';
  readonly facts: (said: Said) => Fact[];
}

const READERS: ReadonlyMap<string, Reader> = new Map([
  ['channels_ec_vip_join', { facts: joined }],
  ['channels_ec_vip_close', { facts: left }],
  ['channels_ec_vip_grade_info_update', { needs: 'grade', facts: graded }],
  ['channels_ec_vip_score_update', { needs: 'delta_score', facts: scored('score_update') }],
  ['channels_ec_vip_score_exchange', { needs: 'delta_score', facts: scored('score_exchange') }],
] satisfies [string, Reader][]);

export function mapMessage(item: SourceItem, { source }: MapContext<WeixinShopSettings>): Mapped {
  const checked = checkMessage(item.payload);
  if (!checked.ok) return checked.mapped;
  const message = checked.value;
  const reader = READERS.get(message.Event);
  if (!reader) return { records: [], rejections: [] };
  const info: UserInfo = message.user_info || {};
  if (reader.needs && !isGiven(info[reader.needs])) {
    const path = `/user_info/${reader.needs}`;
    return rejected({ path, given: '', expected: 'a whole number', code: 'field.missing' });
  }
  const ids = { openid: message.FromUserName, unionid: undefined, paths: ['/FromUserName', ''] } as const;
  const { account, identifiers, rejections } = nameAccount(
    [
      ...buyerRungs(ids, source.settings),
      { type: 'phone', scope: '', given: info.phone_number, path: '/user_info/phone_number' },
    ],
    null,
  );
  if (account?.kind !== 'openid') {
    const wrong = rejections.filter(({ path }) => path === '/FromUserName');
    if (wrong.length > 0) return { records: [], rejections: wrong.map((one) => ({ ...one, wholeItem: true })) };
    return rejected({ path: '/FromUserName', given: '', expected: 'the openid of a member', code: 'message.nobody' });
  }
  const facts = reader.facts({ info, at: instantOf(message.CreateTime)!, key: item.key, member: account.key });
  const about = { account, identifiers, personal: phoneOf(identifiers), traits: {}, custom: {} };
  return { records: facts.map((fact): SourceRecord => ({ ...about, ...fact })), rejections };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

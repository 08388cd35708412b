/** Messages that say something of a member by themselves. Those about orders and refunds come as the object they name. */
import type { BindingFields, Mapped, SourceItem, SourceRecord } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { nameAccount, type Rung } from '../kit/account.ts';
import { readPlatformTime } from '../kit/time.ts';
import { type Check, checker, object, rejected, shape, shown } from '../kit/validate.ts';
import type { TmallSettings } from './settings.ts';

const { id, count, time, text, optional } = shape;

interface Message {
  readonly topic: string;
  readonly content: string;
  readonly pub_time: string;
}

const checkMessage = checker<Message>(
  object({ id, topic: text, content: text, pub_time: time }, ['id', 'topic', 'content', 'pub_time']),
);

/** What a topic's content becomes, given when it was published. */
type Reader = (content: string, at: Date, context: MapContext<TmallSettings>) => Mapped;

/** The kind and fields of a record, apart from the account it is about. */
type Fact = {
  [K in SourceRecord['kind']]: Pick<Extract<SourceRecord, { kind: K }>, 'kind' | 'key' | 'fields' | 'modifiedAt'>;
}[SourceRecord['kind']];

export function mapMessage(item: SourceItem, context: MapContext<TmallSettings>): Mapped {
  const checked = checkMessage(item.payload);
  if (!checked.ok) return checked.mapped;
  const { topic, content, pub_time } = checked.value;
  if (/^taobao_(trade|refund)_/.test(topic)) {
    return rejected({
      path: '/content',
      given: shown(content),
      expected: 'the number of an order or refund that the platform still gives',
      code: 'message.object-gone',
    });
  }
  const read = READERS.get(topic);
  return read ? read(content, readPlatformTime(pub_time)!, context) : { records: [], rejections: [] };
}

/** A reader of contents that `check` lets through, naming the account by `rungs`. */
function reader<T>(
  check: Check<T>,
  read: {
    rungs: (content: T, context: MapContext<TmallSettings>) => Rung[];
    facts: (content: T, at: Date, member: string) => Fact[];
  },
): Reader {
  return (content, at, context) => {
    const checked = check(content);
    if (!checked.ok) return checked.mapped;
    const { account, identifiers, rejections } = nameAccount(read.rungs(checked.value, context), null);
    if (!account) {
      return rejections.length > 0
        ? { records: [], rejections: rejections.map((one) => ({ ...one, wholeItem: true })) }
        : rejected({ path: '/content', given: '', expected: 'an id of the member', code: 'message.nobody' });
    }
    const records = read.facts(checked.value, at, account.key).map((fact): SourceRecord => {
      return { ...fact, account, identifiers, personal: {}, traits: {}, deleted: false, custom: {} };
    });
    return { records, rejections };
  };
}

interface Join {
  readonly user: string;
  readonly join_time: string;
  readonly msg_id: string | number;
}

const memberJoin = reader<Join>(
  checker(object({ user: text, join_time: time, msg_id: id }, ['user', 'join_time', 'msg_id']), '/content'),
  {
    rungs: ({ user }, { source }) => [
      { type: 'ouid', scope: source.settings.shop_id, given: user, path: '/content/user' },
    ],
    facts: ({ join_time, msg_id }, _, member) => {
      const joined = readPlatformTime(join_time)!;
      return [
        { kind: 'binding', key: member, modifiedAt: joined, fields: bound(joined) },
        {
          kind: 'event',
          key: `join/${msg_id}`,
          modifiedAt: joined,
          fields: { event: 'member_joined', happened_at: joined, properties: {} },
        },
      ];
    },
  },
);

/** A binding of a Tmall buyer to the brand's membership, as of `at`. */
export function bound(at: Date | null): BindingFields {
  return { channel: 'tmall', bound_at: at, unbound_at: null };
}

interface GradeChange {
  readonly ouid: string;
  readonly omid?: string;
  readonly grade: number;
  readonly msg_id: string | number;
}

const gradeChange = reader<GradeChange>(
  checker(
    object({ ouid: text, omid: optional(text), grade: count, msg_id: id }, ['ouid', 'grade', 'msg_id']),
    '/content',
  ),
  {
    rungs: ({ ouid, omid }, { source }) => [
      { type: 'ouid', scope: source.settings.shop_id, given: ouid, path: '/content/ouid' },
      { type: 'omid', scope: source.settings.brand, given: omid, path: '/content/omid' },
    ],
    facts: ({ grade, msg_id }, at) => [
      {
        kind: 'level_change',
        key: `grade/${msg_id}`,
        modifiedAt: at,
        fields: { from_level: '', to_level: String(grade), happened_at: at },
      },
    ],
  },
);

interface PointChange {
  readonly record_id: string | number;
  readonly point: number;
  readonly type: number | string;
  readonly biz_type?: string;
  readonly ouid?: string;
  readonly omid?: string;
  readonly mix_mobile?: string;
  readonly mobile?: string;
}

const pointChange = reader<PointChange>(
  checker(
    object(
      {
        record_id: id,
        point: count,
        type: { enum: [1, 2, '1', '2'], reason: 'field.not-known', description: '1 (minus) or 2 (add)' },
        biz_type: optional(text),
        ouid: optional(text),
        omid: optional(text),
        mix_mobile: optional(text),
        mobile: optional(text),
      },
      ['record_id', 'point', 'type'],
    ),
    '/content',
  ),
  {
    rungs: ({ ouid, omid, mix_mobile, mobile }, { source: { settings } }) => [
      { type: 'ouid', scope: settings.shop_id, given: ouid, path: '/content/ouid' },
      { type: 'omid', scope: settings.brand, given: omid, path: '/content/omid' },
      { type: 'mix_mobile', scope: settings.shop_id, given: mix_mobile, path: '/content/mix_mobile' },
      { type: 'phone', scope: '', given: mobile, path: '/content/mobile' },
    ],
    facts: ({ record_id, point, type, biz_type }, at) => [
      {
        kind: 'points_entry',
        key: `points/${record_id}`,
        modifiedAt: at,
        fields: { delta: Number(type) === 1 ? -point : point, balance: null, reason: biz_type ?? '', happened_at: at },
      },
    ],
  },
);

const READERS: ReadonlyMap<string, Reader> = new Map([
  ['taobao_opencrm_MemberJoinPrivate', memberJoin],
  ['taobao_opencrm_MemberGradeChange', gradeChange],
  ['tmall_mei_PointChange', pointChange],
]);

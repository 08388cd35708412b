/** What the platform's objects look like, as far as they are read. Times in seconds. */
import { checker, object, shape } from '../kit/validate.ts';

type Optional<T> = T | null | undefined | '';

const { text, count, seconds, optional } = shape;
const named = { ...text, minLength: 1 } as const;

const TEXTS = { type: 'array', items: text, reason: 'field.not-a-list', description: 'a list of texts' } as const;

export interface ContactItem {
  readonly contact: {
    readonly external_contact: {
      readonly external_userid: string;
      readonly name?: Optional<string>;
      readonly gender?: Optional<number>;
      readonly unionid?: Optional<string>;
    };
    readonly follow_info: {
      readonly userid: string;
      readonly createtime?: Optional<number>;
      readonly tag_id?: Optional<readonly string[]>;
      readonly remark_mobiles?: Optional<readonly string[]>;
      readonly add_way?: Optional<number>;
      readonly state?: Optional<string>;
    };
  };
  readonly tag_names: Readonly<Record<string, string>>;
}

const contact = object(
  {
    external_contact: object(
      { external_userid: named, name: optional(text), gender: optional(count), unionid: optional(text) },
      ['external_userid'],
    ),
    follow_info: object(
      {
        userid: named,
        createtime: optional(seconds),
        tag_id: optional(TEXTS),
        remark_mobiles: optional(TEXTS),
        add_way: optional(count),
        state: optional(text),
      },
      ['userid'],
    ),
  },
  ['external_contact', 'follow_info'],
);

export const checkContact = checker<ContactItem>(
  object(
    {
      contact,
      tag_names: {
        type: 'object',
        additionalProperties: text,
        reason: 'field.not-a-map',
        description: 'an object of texts',
      },
    },
    ['contact', 'tag_names'],
  ),
);

export interface GroupMember {
  readonly userid: string;
  /** 1 = of the company, 2 = a contact. */
  readonly type: number;
  readonly join_time: number;
  readonly unionid?: Optional<string>;
  readonly join_scene?: Optional<number>;
}

export interface Group {
  readonly chat_id: string;
  readonly name?: Optional<string>;
  readonly owner?: Optional<string>;
  readonly member_list: readonly GroupMember[];
}

export const checkGroup = checker<Group>(
  object(
    {
      chat_id: named,
      name: optional(text),
      owner: optional(text),
      member_list: {
        type: 'array',
        items: object(
          { userid: named, type: count, join_time: seconds, unionid: optional(text), join_scene: optional(count) },
          ['userid', 'type', 'join_time'],
        ),
        reason: 'group.no-members',
        description: 'a list of members',
      },
    },
    ['chat_id', 'member_list'],
  ),
);

/** What a Youzan source is configured with. Secrets are written `{"env": "NAME"}` in the file and arrive here resolved. */

export interface YouzanSettings {
  readonly client_id: string;
  readonly client_secret: string;
  readonly kdt_id: string;
  readonly shop_id: string;
  readonly account: string;
  readonly gateway: string;
  readonly history_days: number;
  readonly lag_seconds: number;
  readonly members_since: string;
  readonly members_every_hours: number;
  readonly member_time_unit: 'second' | 'millisecond';
  readonly push_signature: 'header' | 'message';
  readonly mini_program_app_id?: string;
  readonly official_account_app_id?: string;
}

const text = (description: string) => ({ type: 'string', minLength: 1, description });
const appId = (description: string) => ({ type: 'string', pattern: '^wx[0-9a-f]{16}$', description });

export const settingsSchema = {
  type: 'object',
  required: ['client_id', 'client_secret', 'kdt_id', 'shop_id', 'account'],
  additionalProperties: false,
  properties: {
    client_id: text('Id of your own app (自用型) in Youzan Cloud.'),
    client_secret: text('Secret of that app, which also signs pushes. Give it as {"env": "NAME"}.'),
    kdt_id: {
      type: 'string',
      pattern: '^\\d{1,20}$',
      description: 'Number of the shop that authorised the app, as text.',
    },
    shop_id: text('Name of the shop within Quanyu, such as "youzan-flagship". Never change it.'),
    account: text(
      "Name of the merchant's Youzan account; the scope of yz_open_id, the same for all shops of the merchant. Never change it.",
    ),
    gateway: {
      type: 'string',
      pattern: '^https?://.*[^/]$',
      default: 'https://open.youzanyun.com',
      description: 'URL of Youzan Cloud, without a slash at its end.',
    },
    history_days: {
      type: 'integer',
      minimum: 1,
      maximum: 3650,
      default: 365,
      description: 'How many days of orders and refunds the first pull takes. Orders before 2020 are not given.',
    },
    lag_seconds: {
      type: 'integer',
      minimum: 30,
      maximum: 3600,
      default: 60,
      description:
        'Lists show a change late (more than 30 s, says the platform): a pull ends this long before the present.',
    },
    members_since: {
      type: 'string',
      pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      default: '2015-01-01',
      description: 'Day on which the shop had its first customer: the list of customers is read from there.',
    },
    members_every_hours: {
      type: 'integer',
      minimum: 1,
      maximum: 720,
      default: 24,
      description:
        'Customers can be asked for by creation only: new ones come with each pull, and the list is read whole this often.',
    },
    member_time_unit: {
      enum: ['second', 'millisecond'],
      default: 'second',
      description:
        'Unit of created_at_start and created_at_end of the list of customers. Copies of the documentation contradict each other; seconds are assumed.',
    },
    push_signature: {
      enum: ['header', 'message'],
      default: 'header',
      description:
        'What a push is verified by: the header Event-Sign over the whole body, which the platform advises and whose form is assumed to be MD5(client_id + body + client_secret), or the older `sign` over the message alone.',
    },
    mini_program_app_id: appId(
      'Appid of the mini-program of the shop (商家小程序): the scope of the openids of orders made in it. Absent: those are not read.',
    ),
    official_account_app_id: appId(
      'Appid of the official account bound to the shop (公众号): the scope of the openids of orders made in it. Absent: those are not read.',
    ),
  },
} as const;

/** What a WeCom source is configured with. Secrets are written `{"env": "NAME"}` in the file and arrive here resolved. */

export interface WecomSettings {
  readonly corp_id: string;
  readonly app: string;
  readonly app_secret: string;
  readonly gateway: string;
  readonly contacts_every_hours: number;
  readonly groups_every_hours: number;
  readonly open_account?: string;
  readonly callback_token?: string;
  readonly callback_aes_key?: string;
}

const text = (description: string) => ({ type: 'string', minLength: 1, description });
const hours = (otherwise: number, description: string) =>
  ({ type: 'integer', minimum: 1, maximum: 720, default: otherwise, description }) as const;

export const settingsSchema = {
  type: 'object',
  required: ['corp_id', 'app', 'app_secret'],
  additionalProperties: false,
  dependentRequired: { callback_token: ['callback_aes_key'], callback_aes_key: ['callback_token'] },
  properties: {
    corp_id: text('Id of the company (企业 ID, ww…).'),
    app: text(
      'Name of the app whose secret this is, such as "crm"; with corp_id the scope of external_userid. Apps that the company built itself see the same ids and may share a name; an app of a service provider sees others. Never change it.',
    ),
    app_secret: text(
      'Secret of that app, which must be among the 可调用接口的应用 of 客户联系. Give it as {"env": "NAME"}.',
    ),
    gateway: {
      type: 'string',
      pattern: '^https?://.*[^/]$',
      default: 'https://qyapi.weixin.qq.com',
      description: 'URL of the API, without a slash at its end.',
    },
    contacts_every_hours: hours(
      12,
      'Contacts cannot be asked for changes: they are read whole this often, and messages tell the changes between.',
    ),
    groups_every_hours: hours(24, 'Groups and their members are read whole this often.'),
    open_account: text(
      'Name of the WeChat Open Platform account that the company is bound to; the scope of unionid, the same for every app bound to it. Absent: unionids are not read.',
    ),
    callback_token: text(
      'Token of the messages (接收事件服务器). Give it as {"env": "NAME"}. Absent: no messages are taken.',
    ),
    callback_aes_key: {
      type: 'string',
      pattern: '^[A-Za-z0-9]{43}$',
      description: 'EncodingAESKey of the messages, 43 characters. Give it as {"env": "NAME"}.',
    },
  },
} as const;

/** Where an external_userid means something. */
export function contactScope({ corp_id, app }: WecomSettings): string {
  return `${corp_id}/${app}`;
}

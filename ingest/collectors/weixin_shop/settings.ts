/** What a 微信小店 source is configured with. Secrets are written `{"env": "NAME"}` in the file and arrive here resolved. */

export interface WeixinShopSettings {
  readonly app_id: string;
  readonly app_secret: string;
  readonly shop_id: string;
  readonly gateway: string;
  readonly history_days: number;
  readonly mask_receivers: boolean;
  readonly members_every_hours: number;
  readonly members_page_size: number;
  readonly open_account?: string;
  readonly callback_token?: string;
  readonly callback_aes_key?: string;
}

const text = (description: string) => ({ type: 'string', minLength: 1, description });

export const settingsSchema = {
  type: 'object',
  required: ['app_id', 'app_secret', 'shop_id'],
  additionalProperties: false,
  dependentRequired: { callback_token: ['callback_aes_key'], callback_aes_key: ['callback_token'] },
  properties: {
    app_id: { ...text("The shop's own appid (wx…); the scope of openid."), pattern: '^wx[0-9a-f]{16}$' },
    app_secret: text('Secret of that appid. Give it as {"env": "NAME"}.'),
    shop_id: text('Name of the shop within Quanyu, such as "weixin-flagship". Never change it.'),
    gateway: {
      type: 'string',
      pattern: '^https?://.*[^/]$',
      default: 'https://api.weixin.qq.com',
      description: 'URL of the API, without a slash at its end.',
    },
    history_days: {
      type: 'integer',
      minimum: 1,
      maximum: 1095,
      default: 90,
      description:
        'How many days of orders and after-sales the first pull takes. How far back the platform goes is not documented.',
    },
    mask_receivers: {
      type: 'boolean',
      default: true,
      description:
        "Asks for orders with the receiver's name and phone masked (encode_sensitive_info, an option that is assumed to exist for every shop). Set it to false where the platform refuses it.",
    },
    members_every_hours: {
      type: 'integer',
      minimum: 1,
      maximum: 720,
      default: 24,
      description:
        'The list of members cannot be asked for changes: it is read whole this often, and events tell the changes between.',
    },
    members_page_size: {
      type: 'integer',
      minimum: 1,
      maximum: 200,
      default: 100,
      description: 'Members asked for at once; the platform does not document its limit, 100 is assumed.',
    },
    open_account: text(
      'Name of the WeChat Open Platform account that the shop is bound to; the scope of unionid, the same for every app bound to it. Absent: unionids are not read.',
    ),
    callback_token: text('Token of the message push. Give it as {"env": "NAME"}. Absent: no messages are taken.'),
    callback_aes_key: {
      type: 'string',
      pattern: '^[A-Za-z0-9]{43}$',
      description: 'EncodingAESKey of the message push, 43 characters. Give it as {"env": "NAME"}.',
    },
  },
} as const;

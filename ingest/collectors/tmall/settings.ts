/** What a Tmall source is configured with. Secrets are written `{"env": "NAME"}` in the file and arrive here resolved. */
import type { SignMethod } from './sign.ts';

export interface TmallSettings {
  readonly app_key: string;
  readonly app_secret: string;
  readonly session: string;
  readonly shop_id: string;
  readonly brand: string;
  readonly gateway: string;
  readonly sign_method: SignMethod;
  readonly history_days: number;
  readonly tmc_group?: string;
  readonly spi_secret?: string;
  readonly mix_mobile_key?: string;
}

const text = (description: string) => ({ type: 'string', minLength: 1, description });

export const settingsSchema = {
  type: 'object',
  required: ['app_key', 'app_secret', 'session', 'shop_id', 'brand'],
  additionalProperties: false,
  properties: {
    app_key: text('Key of the app on the open platform; the scope of open_uid.'),
    app_secret: text('Secret of the app, with which calls are signed. Give it as {"env": "NAME"}.'),
    session: text('Session key (access token) that the shop gave the app. Give it as {"env": "NAME"}.'),
    shop_id: text(
      'Name of the shop within Quanyu, such as "flagship"; the scope of ouid and mix_mobile. Never change it.',
    ),
    brand: text('Name of the brand that claimed the shop; the scope of omid, the same for all shops of the brand.'),
    gateway: {
      type: 'string',
      pattern: '^https?://',
      default: 'https://gw.api.taobao.com/router/rest',
      description: 'URL of the gateway.',
    },
    sign_method: {
      enum: ['md5', 'hmac', 'hmac-sha256'],
      default: 'hmac-sha256',
      description: 'How calls are signed.',
    },
    history_days: {
      type: 'integer',
      minimum: 1,
      maximum: 90,
      default: 90,
      description: 'How many days of orders and refunds the first pull takes; the platform gives three months at most.',
    },
    tmc_group: text(
      "Group of the shop's messages (TMC), used by this source alone: a confirmed message cannot be fetched again. Absent: no messages are pulled.",
    ),
    spi_secret: text(
      'Secret of the app under which 会员通 calls the loyalty system, when that is another app. Absent: app_secret. Give it as {"env": "NAME"}.',
    ),
    mix_mobile_key: text(
      'The shop\'s key of the member centre, with which mix_mobile is computed from a phone. Give it as {"env": "NAME"}.',
    ),
  },
} as const;

/** What a Douyin source is configured with. Secrets are written `{"env": "NAME"}` in the file and arrive here resolved. */
import type { SignMethod } from './sign.ts';

export interface DouyinSettings {
  readonly app_key: string;
  readonly app_secret: string;
  readonly shop_id: string;
  readonly brand: string;
  readonly gateway: string;
  readonly sign_method: SignMethod;
  readonly history_days: number;
  readonly calls_per_second: number;
  readonly buyer_scope: 'shop' | 'app';
  readonly member_app_id?: string;
  readonly member_first_page: 0 | 1;
  readonly spi_app_key?: string;
  readonly spi_secret?: string;
}

const text = (description: string) => ({ type: 'string', minLength: 1, description });

export const settingsSchema = {
  type: 'object',
  required: ['app_key', 'app_secret', 'shop_id', 'brand'],
  additionalProperties: false,
  properties: {
    app_key: { type: 'string', pattern: '^\\d{1,20}$', description: 'Key of the app on the open platform.' },
    app_secret: text('Secret of the app, with which calls are signed. Give it as {"env": "NAME"}.'),
    shop_id: {
      type: 'string',
      pattern: '^\\d{1,20}$',
      description: "The shop's number on Douyin, which authorised the app; the scope of open_id. Never change it.",
    },
    brand: text('Name of the brand within Quanyu; the scope of union_id, the same for all shops of the brand.'),
    gateway: {
      type: 'string',
      pattern: '^https?://[^/]+$',
      default: 'https://openapi-fxg.jinritemai.com',
      description: 'Address of the gateway, without a path.',
    },
    sign_method: { enum: ['hmac-sha256', 'md5'], default: 'hmac-sha256', description: 'How calls are signed.' },
    history_days: {
      type: 'integer',
      minimum: 1,
      maximum: 90,
      default: 90,
      description:
        'How many days of orders and after-sales the first pull takes; the platform gives 90 days of orders.',
    },
    calls_per_second: {
      type: 'number',
      minimum: 0.1,
      maximum: 100,
      default: 5,
      description: 'Calls are spread so that no more are made. The platform does not publish its limit.',
    },
    buyer_scope: {
      enum: ['shop', 'app'],
      default: 'shop',
      description:
        'Where the buyer id of orders (doudian_open_id) means the same buyer: within the shop, or in all shops of the app. Not documented; `shop` joins nothing wrongly.',
    },
    member_app_id: {
      type: 'string',
      pattern: '^\\d{1,20}$',
      description: "The platform's number (app_id) of the brand's member system. Absent: no members are pulled.",
    },
    member_first_page: {
      enum: [0, 1],
      default: 0,
      description:
        'From which number the pages of member orders are counted. Not documented; orders are counted from 0.',
    },
    spi_app_key: {
      type: 'string',
      pattern: '^\\d{1,20}$',
      description:
        'Key of the app under which 会员通 calls the loyalty system, when that is another app. Absent: app_key.',
    },
    spi_secret: text('Secret of that app. Absent: app_secret. Give it as {"env": "NAME"}.'),
  },
} as const;

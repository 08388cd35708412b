/** The settings of a Pospal (银豹) account. */
export interface PospalSettings {
  readonly gateway: string;
  readonly app_id: string;
  readonly app_key: string;
  /** Scope of customerUid. */
  readonly account: string;
  /** Scope of card numbers. */
  readonly issuer: string;
  readonly store_code: string;
  readonly history_days: number;
  readonly recheck_days: number;
  readonly lag_seconds: number;
  readonly customers_every_hours: number;
}

const name = { type: 'string', minLength: 1 } as const;
const days = { type: 'integer', minimum: 1, maximum: 3650 } as const;

/** JSON schema of the settings. */
export const settingsSchema = {
  type: 'object',
  required: ['gateway', 'app_id', 'app_key', 'account', 'issuer', 'store_code'],
  additionalProperties: false,
  properties: {
    gateway: {
      type: 'string',
      pattern: '^https?://[^/]+$',
      description: 'The host of this account, for example https://area20-win.pospal.cn:443.',
    },
    app_id: { ...name, description: 'appId of the store’s account.' },
    app_key: { ...name, description: 'appKey, which signs the calls. Give it as {"env": "NAME"}.' },
    account: {
      ...name,
      description: 'A name of your own for the Pospal account: scope of customerUid. Never change it.',
    },
    issuer: { ...name, description: 'Who issues the card numbers: their scope.' },
    store_code: { ...name, description: 'Code of the store whose account it is.' },
    history_days: { ...days, default: 365, description: 'How far back the first pull goes. Default 365.' },
    recheck_days: {
      ...days,
      default: 35,
      description: 'How many days of tickets are read again once a day: late uploads and voided tickets. Default 35.',
    },
    lag_seconds: {
      type: 'integer',
      minimum: 0,
      default: 120,
      description: 'A pull of tickets ends that far before the present. Default 120.',
    },
    customers_every_hours: {
      type: 'integer',
      minimum: 1,
      default: 24,
      description: 'How often all customers are read. Default 24.',
    },
  },
} as const;

/** A store for the tests: its settings and rows as the platform sends them. */
import { checkConfig } from '../../../../config.ts';
import type { Source } from '../../../../ingest/collectors/collector.ts';
import type { PospalSettings } from '../../../../ingest/collectors/pospal/index.ts';

export const APP = { app_id: 'DEMOAPPID', app_key: 'demoAppKey' } as const;

/** Through the configuration, so that defaults are what a user gets. */
export function sourceOf(gateway: string, settings: object = {}): Source<PospalSettings> {
  const own = {
    gateway,
    ...APP,
    account: 'acme',
    issuer: 'acme-stores',
    store_code: 'S1',
    history_days: 20,
    recheck_days: 5,
  };
  const source = { id: 'pospal', platform: 'pospal', channel: 'pos', settings: { ...own, ...settings } };
  return checkConfig({ brand: { name: 'Acme' }, sources: [source] }, { file: 'test.json', env: {} })
    .sources[0] as Source<PospalSettings>;
}

/** More digits than a JavaScript number keeps. */
export const uidOf = (n: number): string => `13939200572548${String(48000 + n)}`;

/** `fields` replace; ids are bare numbers. */
export function customerRow(n: number, fields: object = {}): string {
  const row = {
    ...{ categoryName: '金卡', number: `V${1000 + n}`, name: '王小明', point: 12.5, discount: 100, balance: 0 },
    ...{ phone: `${13900010001 + n * 37}`, birthday: '1990-05-04', enable: 1, createdDate: '2024-01-02 03:04:05' },
    ...fields,
  };
  return `{"customerUid":${uidOf(n)},${JSON.stringify(row).slice(1)}`;
}

export function ticketRow(n: number, fields: object = {}, customer = uidOf(n)): string {
  const items = [
    { name: '轻薄防晒衣', sellPrice: 150, quantity: 2, totalAmount: 260.5, productBarcode: '6901234567890' },
    { name: '袜子', sellPrice: 10, quantity: 1, totalAmount: 10, productBarcode: '6901234567891' },
  ];
  const row = {
    ...{ sn: `2026011${n % 10}1200${String(100000 + n)}`, datetime: '2026-01-14 12:00:00', totalAmount: 270.5 },
    ...{ ticketType: 'SELL', invalid: 0, items, payments: [{ code: 'payCode_1', amount: 270.5 }], ...fields },
  };
  return `{"customerUid":${customer},${JSON.stringify(row).slice(1)}`;
}

/**
 * A copied 会员通 call becomes facts only where the loyalty system's answer confirms them. The fields of the platform's calls
 * are not documented for shops; they are read as far as they are there.
 */
import type { Mapped, SourceItem, SourceRecord } from '../../record.ts';
import type { MapContext } from '../collector.ts';
import { bodyFields } from '../kit/call-copy.ts';
import { isObject, plainText } from '../kit/json.ts';
import { readPlatformTime } from '../kit/time.ts';
import { shown } from '../kit/validate.ts';
import { nobody } from './map-member.ts';
import { type MemberIds, nameMember, personalPhone } from './member-ids.ts';
import type { DouyinSettings } from './settings.ts';
import { checkSpiCopy, type SpiInterface, spiFields } from './spi-copy.ts';

const EVENTS: Readonly<Record<SpiInterface, string>> = {
  member_join: 'member_registered',
  member_unbind: 'member_unbound',
  member_query: 'member_query',
  member_update: 'member_updated',
};

export function mapSpi(item: SourceItem, { source }: MapContext<DouyinSettings>): Mapped {
  const checked = checkSpiCopy(item.payload);
  if (!checked.ok) return checked.mapped;
  const copy = checked.value;
  const said = bodyFields(copy.answer);
  if (copy.answer.status !== 200 || !isConfirmed(said)) return { records: [], rejections: [] };
  const asked = spiFields(copy.call);
  const { settings } = source;
  const shopId = digitsOf(asked.shop_id) || settings.shop_id;
  const named = nameMember(idsOf(copy.interface, asked), { at: '/call/body', settings, shopId });
  const { account, identifiers, rejections } = named;
  if (account === null) return nobody(named);
  const at = happenedAt(asked) ?? new Date(copy.received_at);
  const about = {
    ...{ account, identifiers, personal: personalPhone(named), traits: {}, modifiedAt: at, deleted: false, custom: {} },
  };
  const records: SourceRecord[] = [
    {
      ...about,
      kind: 'event',
      key: `spi/${item.key}`,
      fields: { event: EVENTS[copy.interface], happened_at: at, properties: propertiesOf(said) },
    },
  ];
  const joins = copy.interface === 'member_join';
  if (joins || copy.interface === 'member_unbind') {
    const fields = { channel: 'douyin', bound_at: joins ? at : null, unbound_at: joins ? null : at } as const;
    records.push({ ...about, kind: 'binding', key: account.key, fields });
  }
  return { records, rejections };
}

/** `code` of the shop's own form, `data.error_code` of its sister platform's: those that are there must say 0. */
function isConfirmed(said: Readonly<Record<string, unknown>>): boolean {
  const codes = [said.code, said.err_no, isObject(said.data) ? said.data.error_code : undefined];
  const told = codes.filter((code) => code !== undefined);
  return told.length > 0 && told.every((code) => plainText(code) === '0');
}

/** A change names the phone as it was and as it is: the new one is the member's. */
function idsOf(called: SpiInterface, asked: Readonly<Record<string, unknown>>): MemberIds {
  if (called !== 'member_update') return asked;
  const info = isObject(asked.info) ? asked.info : {};
  const mobile = isObject(info.mobile) ? info.mobile.new_mobile : asked.mobile;
  return { ...asked, mobile };
}

/** When the platform says that it happened: its time as text, or seconds. */
function happenedAt({ event_time, update_time, join_time }: SpiTimes): Date | null {
  const given = plainText(event_time ?? join_time ?? update_time);
  return /^\d{10}$/.test(given) ? new Date(Number(given) * 1000) : readPlatformTime(given);
}

interface SpiTimes {
  readonly event_time?: unknown;
  readonly update_time?: unknown;
  readonly join_time?: unknown;
}

/** Level and points as the loyalty system told the platform. */
function propertiesOf({ data }: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const told = isObject(data) ? data : {};
  const said = ['level', 'points', 'point_cent'].map((name) => [name, plainText(told[name])] as const);
  return Object.fromEntries(said.filter(([, text]) => text !== '' && shown(text) === text));
}

function digitsOf(id: unknown): string {
  const text = plainText(id);
  return /^\d{1,20}$/.test(text) && text !== '0' ? text : '';
}

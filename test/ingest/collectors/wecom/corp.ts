/** A company for the tests: its settings and rows as the platform sends them. */
import type { PullContext, Source, SourcePage } from '../../../../ingest/collectors/collector.ts';
import { type WecomSettings, wecomCollector } from '../../../../ingest/collectors/wecom/index.ts';
import type { Mapped, SourceItem } from '../../../../ingest/record.ts';
import { type HandClock, NOW, silent } from '../tmall/shop.ts';

export const CORP = { corp_id: 'ww0123456789abcdef', app_secret: 'secret-1' } as const;
export const SAFE_MODE = {
  token: 'QDG6eK',
  aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  receiver: CORP.corp_id,
} as const;
export const NOW_S = NOW.getTime() / 1000;

export function sourceOf(settings: Partial<WecomSettings> = {}): Source<WecomSettings> {
  return {
    id: 'wecom',
    platform: 'wecom',
    channel: 'wechat',
    zone: 'Asia/Shanghai',
    settings: {
      ...CORP,
      app: 'crm',
      gateway: 'http://127.0.0.1:1',
      contacts_every_hours: 12,
      groups_every_hours: 24,
      open_account: 'demo-open',
      callback_token: SAFE_MODE.token,
      callback_aes_key: SAFE_MODE.aesKey,
      ...settings,
    },
  };
}

export function contextOf(
  of: { url: string; clock: HandClock; stream: string } & Partial<PullContext<WecomSettings>>,
): PullContext<WecomSettings> {
  const { url, clock, ...rest } = of;
  const source = sourceOf({ gateway: url });
  const signal = new AbortController().signal;
  return { source, checkpoint: null, signal, log: silent, ...rest, clock, sleep: clock.sleep };
}

export async function pagesOf(context: PullContext<WecomSettings>): Promise<SourcePage[]> {
  const pages: SourcePage[] = [];
  for await (const page of wecomCollector.pull(context)) pages.push(page);
  return pages;
}

export function itemOf(kind: string, payload: string | object): SourceItem {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return { kind, key: 'key-1', payload: text, position: 0, deliveredAt: NOW };
}

/** `no-account`: a company that is bound to no Open Platform account. */
export function map(kind: string, payload: string | object, corp: 'bound' | 'no-account' = 'bound'): Mapped {
  const source = sourceOf();
  const { open_account: _, ...unbound } = source.settings;
  const settings = corp === 'bound' ? source.settings : unbound;
  return wecomCollector.map(itemOf(kind, payload), { source: { ...source, settings } });
}

export const contactIdOf = (n: number): string => `wmAAAAAA${String(n).padStart(24, '0')}`;
export const unionidOf = (n: number): string => `oUnionBuyer__${String(n).padStart(15, '0')}`;
export const guideIdOf = (n: number): string => `guide-${String(n).padStart(4, '0')}`;

export function contactRow(n: number, who: object = {}, follow: object = {}): object {
  return {
    external_contact: {
      ...{ external_userid: contactIdOf(n), name: '小李', type: 1, gender: 2, unionid: unionidOf(n) },
      ...{ avatar: 'https://wx.qlogo.cn/1', ...who },
    },
    follow_info: {
      ...{ userid: guideIdOf(n % 150), remark: '李部长', description: '', createtime: NOW_S - 86_400 },
      ...{ tag_id: ['etVIP'], remark_mobiles: ['13912341001'], add_way: 1, state: 'store-12', ...follow },
    },
  };
}

/** As the pull makes it an item. */
export function contactItem(n: number, who: object = {}, follow: object = {}): object {
  return { contact: contactRow(n, who, follow), tag_names: { etVIP: '等级/VIP' } };
}

export const TAG_GROUPS = [
  { group_id: 'g1', group_name: '等级', create_time: 1, order: 1, tag: [{ id: 'etVIP', name: 'VIP', create_time: 1 }] },
];

export function groupRow(n: number, change: object = {}): object {
  return {
    ...{ chat_id: `wrAAAA${String(n).padStart(26, '0')}`, name: '会员福利群', owner: guideIdOf(1), create_time: NOW_S },
    member_list: [
      { userid: guideIdOf(1), type: 1, join_time: NOW_S - 500, join_scene: 1 },
      { userid: contactIdOf(n), type: 2, unionid: unionidOf(n), join_time: NOW_S - 400, join_scene: 3 },
      { userid: contactIdOf(n + 1), type: 2, join_time: NOW_S - 300, join_scene: 3 },
    ],
    ...change,
  };
}

/** A message in clear, as the platform writes it. */
export function messageXml(members: Readonly<Record<string, string>>): string {
  const all = {
    ToUserName: CORP.corp_id,
    FromUserName: 'sys',
    CreateTime: String(NOW_S - 60),
    MsgType: 'event',
    ...members,
  };
  const text = Object.entries(all).map(([name, value]) => {
    if (name === 'CreateTime') return `<${name}>${value}</${name}>`;
    if (name === 'MemChangeList') return `<${name}>${value}</${name}>`;
    return `<${name}><![CDATA[${value}]]></${name}>`;
  });
  return `<xml>\n${text.join('\n')}\n</xml>`;
}

export function contactMessage(type: string, change: Readonly<Record<string, string>> = {}): string {
  const ids = { UserID: guideIdOf(1), ExternalUserID: contactIdOf(1) };
  return messageXml({ Event: 'change_external_contact', ChangeType: type, ...ids, ...change });
}

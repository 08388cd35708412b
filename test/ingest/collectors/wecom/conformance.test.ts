import { startWecomSimulator } from '../../../../fixtures/simulators/wecom/index.ts';
import { type WecomSettings, wecomCollector } from '../../../../ingest/collectors/wecom/index.ts';
import { describeCollector } from '../../../contracts/collector.ts';
import type { CollectorDriver, Fault } from '../../../contracts/collector-driver.ts';
import { HandClock, many } from '../tmall/shop.ts';
import { CORP, contactMessage, contactRow, groupRow, itemOf, messageXml, sourceOf, TAG_GROUPS } from './corp.ts';

const FAULTS: Readonly<Record<Fault, string>> = {
  'server-error': 'server-error',
  garbage: 'garbage',
  'half-a-body': 'half-a-body',
  empty: 'empty',
  reset: 'reset',
  busy: 'busy',
  ban: 'ban',
  'long-ban': 'quota',
  refused: 'refused',
  'wrong-signature': 'wrong-secret',
  expired: 'no-permission',
};

/** 150 guides: a batch of 100 with three pages, one of 50 with two. */
const CONTACTS = many(420, (n) => contactRow(n));

const at = (path: string) => `/contact/${path}`;
const MALFORMED = [
  { row: contactRow(900, { external_userid: '' }), path: at('external_contact/external_userid'), expected: /text/ },
  { row: contactRow(901, { gender: 'f' }), path: at('external_contact/gender'), expected: /whole number/ },
  { row: contactRow(902, {}, { createtime: 'x' }), path: at('follow_info/createtime'), expected: /seconds/ },
  { row: contactRow(903, {}, { remark_mobiles: '139' }), path: at('follow_info/remark_mobiles'), expected: /list/ },
];

function keyOf(row: object): string {
  const { external_contact: who, follow_info: follow } = row as {
    external_contact: { external_userid: string };
    follow_info: { userid: string };
  };
  return `${who.external_userid}/${follow.userid}`;
}

async function makeDriver({ malformed }: { malformed: boolean }): Promise<CollectorDriver<WecomSettings>> {
  const clock = new HandClock();
  const contacts = malformed ? [...CONTACTS, ...MALFORMED.map(({ row }) => row)] : CONTACTS;
  const data = { contacts, tagGroups: TAG_GROUPS };
  const { url, platform, close } = await startWecomSimulator({ corp: CORP, data, clock });
  const left = '<Item>wmAAAAAA000000000000000000000001</Item><Item>Jack</Item>';
  return {
    source: sourceOf({ gateway: url }),
    stream: 'contacts',
    clock,
    sleep: clock.sleep,
    expected: () => contacts.map((row) => `contact ${keyOf(row)}`),
    malformed: MALFORMED.map(({ row, ...said }) => ({ key: keyOf(row), ...said })),
    samples: [
      itemOf('group', groupRow(1)),
      itemOf('message', contactMessage('add_external_contact', { State: 'x' })),
      itemOf('message', contactMessage('del_follow_user')),
      itemOf(
        'message',
        messageXml({ Event: 'change_external_chat', ChatId: 'wr1', UpdateDetail: 'del_member', MemChangeList: left }),
      ),
    ],
    misbehave: (fault, times) => platform.misbehave({ kind: FAULTS[fault], ...(times === undefined ? {} : { times }) }),
    calls: () => platform.stats.calls,
    brokenRules: () => platform.stats.refused,
    close,
  };
}

describeCollector({
  name: 'wecom',
  collector: wecomCollector,
  capabilities: { rateLimited: true, windowed: true, authorised: true, networked: true },
  makeDriver,
});

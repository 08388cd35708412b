import assert from 'node:assert/strict';
import {
  startWecomSimulator,
  type WecomData,
  type WecomSimulator,
} from '../../../../fixtures/simulators/wecom/index.ts';
import { type Json, SourceFault } from '../../../../ingest/collectors/collector.ts';
import { errcodes } from '../../../../ingest/collectors/wecom/errcode.ts';
import { HandClock, many, NOW } from '../tmall/shop.ts';
import { CORP, contactRow, contextOf, groupRow, guideIdOf, pagesOf, TAG_GROUPS } from './corp.ts';

const keysOf = (pages: Awaited<ReturnType<typeof pagesOf>>) =>
  pages.flatMap(({ items }) => items.map(({ key }) => key));
const guided = (n: number, userid: string) => contactRow(n, {}, { userid });

describe('pull of WeCom', () => {
  let simulator: WecomSimulator;
  let clock: HandClock;
  const start = async (data: WecomData) => {
    clock = new HandClock();
    simulator = await startWecomSimulator({ corp: CORP, data: { tagGroups: TAG_GROUPS, ...data }, clock });
  };
  const pull = (stream: string, checkpoint: Json = null) =>
    pagesOf(contextOf({ url: simulator.url, clock, stream, checkpoint }));
  afterEach(() => simulator.close());

  it('gives each contact as it was sent, beside the names of its tags', async () => {
    await start({ contacts: [contactRow(1)] });
    const [page] = await pull('contacts');
    assert.deepEqual(JSON.parse(page!.items[0]!.payload), { contact: contactRow(1), tag_names: { etVIP: '等级/VIP' } });
  });

  it('reads contacts whole, and again after twelve hours only', async () => {
    await start({ contacts: many(250, (n) => contactRow(n)) });
    const pages = await pull('contacts');
    assert.equal(new Set(keysOf(pages)).size, 250);
    clock.forward(11 * 3600_000);
    assert.deepEqual(await pull('contacts', pages.at(-1)!.cursor), []);
    clock.forward(3600_000);
    assert.equal(keysOf(await pull('contacts', pages.at(-1)!.cursor)).length, 250);
  });

  it('of a company without guides is empty', async () => {
    await start({});
    assert.deepEqual(await pull('contacts'), []);
  });

  it('passes over guides without a contact, which the platform calls an error', async () => {
    const guides = many(150, (n) => `a-guide-${n}`);
    await start({ contacts: [contactRow(1)], guides });
    assert.equal(keysOf(await pull('contacts')).length, 1);
  });

  it('does not take another page for the one it asked for', async () => {
    await start({ contacts: many(250, (n) => guided(n, 'guide-1')), groups: many(250, (n) => groupRow(n)) });
    for (const stream of ['contacts', 'groups']) {
      const [first] = await pull(stream);
      const path = `/cgi-bin/externalcontact/${stream === 'contacts' ? 'batch/get_by_user' : 'groupchat/list'}`;
      simulator.platform.misbehave({ kind: 'wrong-page', times: 1, path });
      assert.equal(new Set(keysOf(await pull(stream, first!.cursor))).size, 150, stream);
    }
  });

  it('goes on after a stop though guides came and went', async () => {
    const contacts = many(230, (n) => guided(n, guideIdOf(n % 115)));
    await start({ contacts });
    const [first] = await pull('contacts');
    simulator.shelf.contacts.push(guided(500, 'guide-0000a'), guided(501, 'guide-0200'));
    const rest = await pull('contacts', first!.cursor);
    const met = new Set([...keysOf([first!]), ...keysOf(rest)]);
    assert.ok(contacts.every((row) => met.has(keyOf(row))));
    assert.ok(met.has(keyOf(guided(501, 'guide-0200'))));
  });

  it('begins a batch anew whose cursor the platform no longer takes', async () => {
    await start({ contacts: many(230, (n) => guided(n, 'guide-1')) });
    const cursor = { guides: ['guide-1'], cursor: Buffer.from('["other",100]').toString('base64') };
    assert.equal(new Set(keysOf(await pull('contacts', cursor))).size, 230);
  });

  it('fetches a new token when the old one is dead, and asks for authorisation when that is refused too', async () => {
    await start({ contacts: [contactRow(1)] });
    simulator.platform.misbehave({ kind: 'dead-token', times: 1 });
    assert.equal(keysOf(await pull('contacts')).length, 1);
    simulator.platform.misbehave({ kind: 'dead-token' });
    await assert.rejects(pull('contacts'), (fault) => fault instanceof SourceFault && fault.kind === 'reauthorise');
  });

  it('reads groups with their members, and passes over one that was dismissed meanwhile', async () => {
    await start({ groups: many(130, (n) => groupRow(n)) });
    simulator.platform.misbehave({ kind: 'refused', times: 1, path: '/cgi-bin/externalcontact/groupchat/get' });
    const pages = await pull('groups');
    assert.deepEqual(
      pages.map(({ items }) => items.length),
      [99, 30],
    );
    assert.match(pages[0]!.items[0]!.payload, /member_list/);
    assert.deepEqual(await pull('groups', pages.at(-1)!.cursor), []);
  });
});

function keyOf(row: object): string {
  const { external_contact: who, follow_info: follow } = row as {
    external_contact: { external_userid: string };
    follow_info: { userid: string };
  };
  return `${who.external_userid}/${follow.userid}`;
}

describe('errors of the WeCom API', () => {
  const CASES: [code: number, next: string, more: string | number | undefined, why: string][] = [
    [-1, 'again', undefined, 'busy'],
    [45033, 'banned', 10, 'too many calls at once'],
    [45009, 'banned', 3600, 'too many calls'],
    [40001, 'stop', 'misconfigured', 'a wrong secret'],
    [40014, 'stop', 'reauthorise', 'a new token that is refused'],
    [48002, 'stop', 'reauthorise', 'an API that the app may not call'],
    [60020, 'stop', 'misconfigured', 'an address that is not trusted'],
    [40058, 'stop', 'misconfigured', 'anything else'],
  ];
  for (const [code, next, more, why] of CASES) {
    it(`${code} (${why}): ${[next, more].filter(Boolean).join(', ')}`, () => {
      const outcome = errcodes.outcomeOf(code, NOW);
      assert.equal(outcome.next, next);
      if (outcome.next === 'banned') assert.equal(outcome.seconds, more);
      if (outcome.next === 'stop') assert.equal(outcome.kind, more);
    });
  }
});

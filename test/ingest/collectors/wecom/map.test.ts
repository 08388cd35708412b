import assert from 'node:assert/strict';
import { recordsOf } from '../tmall/shop.ts';
import {
  contactIdOf,
  contactItem,
  contactMessage,
  groupRow,
  guideIdOf,
  map,
  messageXml,
  NOW_S,
  unionidOf,
} from './corp.ts';

const at = (seconds: number) => new Date(seconds * 1000);
const ACCOUNT = { kind: 'external_userid', scope: 'ww0123456789abcdef/crm', key: contactIdOf(1) };
const UNION = { type: 'unionid', scope: 'demo-open', value: unionidOf(1), strength: 'verified' };

describe('contacts of WeCom', () => {
  const of = (who: object = {}, follow: object = {}) =>
    recordsOf(map('contact', contactItem(1, who, follow)), 'shop_customer')[0]!;

  it('are one shop_customer for each guide, scoped by company and app, joined by unionid', () => {
    const customer = of();
    assert.deepEqual([customer.account, customer.identifiers[0]], [ACCOUNT, UNION]);
    assert.equal(customer.key, `${contactIdOf(1)}/${guideIdOf(1)}`);
    assert.deepEqual([customer.fields.guide, customer.fields.joined_at], [guideIdOf(1), at(NOW_S - 86_400)]);
    assert.deepEqual([customer.traits, customer.personal.nickname], [{ gender: 'female' }, '小李']);
    assert.deepEqual(customer.custom, { tags: '等级/VIP', add_way: '1', state: 'store-12' });
  });

  it('with one phone that the guide typed have it as stated', () => {
    const { identifiers, personal } = of();
    assert.deepEqual(identifiers[1], { type: 'phone', scope: '', value: '+8613912341001', strength: 'stated' });
    assert.equal(personal.phone, '+8613912341001');
  });

  it('with several phones join by none of them', () => {
    const { identifiers, personal } = of({}, { remark_mobiles: ['13912341001', '13912341002'] });
    assert.deepEqual(
      identifiers.slice(1).map(({ strength }) => strength),
      ['weak', 'weak'],
    );
    assert.equal(personal.phone, undefined);
  });

  it('with a phone that is none keep the rest, and say so', () => {
    const mapped = map('contact', contactItem(1, {}, { remark_mobiles: ['12345'] }));
    assert.deepEqual(
      mapped.rejections.map(({ path, wholeItem }) => [path, wholeItem]),
      [['/contact/follow_info/remark_mobiles/0', false]],
    );
    assert.equal(mapped.records.length, 1);
  });

  it('have tags by their ids where no name is known', () => {
    assert.equal(of({}, { tag_id: ['etVIP', 'etNew', 'constructor'] }).custom.tags, '等级/VIP;etNew;constructor');
  });

  it('lose a mark of the channel that may be a phone, and what the guide wrote of them', () => {
    const customer = of({}, { state: 'from-13912349999', remark: '李部长' });
    assert.equal(customer.custom.state, undefined);
    assert.ok(!JSON.stringify(customer).includes('李部长'));
  });

  it('of a company that is bound to no Open Platform account have no unionid, and no complaint of it', () => {
    const mapped = map('contact', contactItem(1, {}, { remark_mobiles: [] }), 'no-account');
    assert.deepEqual([mapped.records[0]?.identifiers, mapped.rejections], [[], []]);
  });

  it('of another company (type 2) have no unionid at all', () => {
    const customer = of({ type: 2, unionid: undefined, gender: 0 }, { remark_mobiles: null });
    assert.deepEqual([customer.identifiers, customer.traits], [[], {}]);
  });
});

describe('groups of WeCom', () => {
  it('say of each contact in them when they joined, and nothing of the company’s own', () => {
    const events = recordsOf(map('group', groupRow(1)), 'event');
    assert.deepEqual(
      events.map(({ account }) => account?.key),
      [contactIdOf(1), contactIdOf(2)],
    );
    const [first] = events;
    assert.deepEqual([first?.account, first?.identifiers], [ACCOUNT, [UNION]]);
    assert.deepEqual(first?.fields, {
      event: 'group_joined',
      happened_at: at(NOW_S - 400),
      properties: {
        ...{ group: 'wrAAAA00000000000000000000000001', group_name: '会员福利群', guide: guideIdOf(1), scene: '3' },
      },
    });
  });

  it('with one contact that is none keep the others', () => {
    const bad = { userid: 'null', type: 2, join_time: NOW_S };
    const good = { userid: contactIdOf(1), type: 2, join_time: NOW_S };
    const mapped = map('group', groupRow(1, { member_list: [bad, good] }));
    assert.equal(mapped.records.length, 1);
    assert.ok(mapped.rejections.every(({ wholeItem }) => !wholeItem));
  });

  it('of the company alone say nothing', () => {
    const mapped = map('group', groupRow(1, { member_list: [{ userid: 'Jack', type: 1, join_time: NOW_S }] }));
    assert.deepEqual(mapped, { records: [], rejections: [] });
  });
});

describe('messages of WeCom', () => {
  const CHANGES: [type: string, event: string, deleted: boolean][] = [
    ['add_external_contact', 'contact_added', false],
    ['add_half_external_contact', 'contact_added', false],
    ['del_external_contact', 'contact_removed_by_guide', true],
    ['del_follow_user', 'contact_removed_guide', true],
  ];
  for (const [type, event, deleted] of CHANGES) {
    it(`${type} is ${event}, and the contact of that guide is ${deleted ? 'no more' : 'there at once'}`, () => {
      const mapped = map('message', contactMessage(type));
      const [said] = recordsOf(mapped, 'event');
      assert.deepEqual([said?.fields.event, said?.fields.happened_at], [event, at(NOW_S - 60)]);
      assert.deepEqual([said?.account, said?.fields.properties], [ACCOUNT, { guide: guideIdOf(1) }]);
      const [customer] = recordsOf(mapped, 'shop_customer');
      assert.deepEqual([customer?.key, customer?.deleted], [`${contactIdOf(1)}/${guideIdOf(1)}`, deleted]);
      assert.deepEqual(customer?.modifiedAt, at(NOW_S - 60));
    });
  }

  it('a contact handed to another guide says so', () => {
    const mapped = map('message', contactMessage('del_external_contact', { Source: 'DELETE_BY_TRANSFER' }));
    assert.equal(recordsOf(mapped, 'event')[0]?.fields.properties.source, 'DELETE_BY_TRANSFER');
  });

  for (const type of ['edit_external_contact', 'transfer_fail', 'constructor']) {
    it(`${type} says nothing by itself`, () => {
      assert.deepEqual(map('message', contactMessage(type)), { records: [], rejections: [] });
    });
  }

  it('who left a group is told of contacts only', () => {
    const list = `<Item>Jack</Item><Item>${contactIdOf(1)}</Item>`;
    const left = {
      Event: 'change_external_chat',
      ChangeType: 'update',
      UpdateDetail: 'del_member',
      ChatId: 'wr1',
      QuitScene: '0',
    };
    const events = recordsOf(map('message', messageXml({ ...left, MemChangeList: list })), 'event');
    assert.deepEqual(
      events.map(({ account, fields }) => [account?.key, fields.event, fields.properties]),
      [[contactIdOf(1), 'group_left', { group: 'wr1', scene: '0' }]],
    );
  });

  const BAD: [why: string, text: string, path: string][] = [
    ['no XML', '{"Event":"x"}', ''],
    ['no time', messageXml({ Event: 'change_external_contact', CreateTime: '' }), '/CreateTime'],
    ['nobody', contactMessage('add_external_contact', { ExternalUserID: '' }), '/ExternalUserID'],
    ['junk for a contact', contactMessage('add_external_contact', { ExternalUserID: 'undefined' }), '/external_userid'],
  ];
  for (const [why, text, path] of BAD) {
    it(`are a rejection with ${why}`, () => {
      const mapped = map('message', text);
      assert.deepEqual(
        mapped.rejections.map((one) => [one.path, one.wholeItem]),
        [[path, true]],
      );
    });
  }
});

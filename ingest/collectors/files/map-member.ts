/** Member rows: a membership of the loyalty programme, or a till's own row about a buyer (docs/decisions/006-till-members.md). */
import type { FieldsByKind, SourceRecord } from '../../record.ts';
import { type Mapping, recordOf, refuseRow } from './mapping.ts';
import { readPerson, readTraits } from './person.ts';

const CLOSED = /^(?:已?注销|已?停用|已?失效|已?作废|无效|已?退会|退卡|closed|inactive|disabled|cancelled|canceled|0)$/i;
const BLOCKED = /^(?:已?冻结|已?挂失|黑名单|frozen|blocked|locked|lost)$/i;
const ACTIVE = /^(?:正常|有效|已?启用|已?激活|在用|可用|active|normal|enabled|valid|1)$/i;
const DELETED = /^(?:已?删除|deleted)$/i;

type MemberStatus = 'active' | 'blocked' | 'closed' | 'deleted';

function statusOf({ row }: Mapping): MemberStatus {
  const text = row.text('status');
  if (text === '' || ACTIVE.test(text)) return 'active';
  if (CLOSED.test(text)) return 'closed';
  if (BLOCKED.test(text)) return 'blocked';
  if (DELETED.test(text)) return 'deleted';
  const expected = '正常, 注销, 冻结, active, closed …; taken as active';
  row.refuse('status', { code: 'status.unknown', expected, given: text.slice(0, 16) });
  return 'active';
}

export function mapMember(mapping: Mapping): SourceRecord | null {
  const { row, settings, rule } = mapping;
  const person = readPerson(row, settings);
  const { account } = person;
  if (account === null)
    return refuseRow(row, 'card_no', {
      code: 'member.nobody',
      expected: 'a usable card number, member number or phone',
    });
  const status = statusOf(mapping);
  const head = {
    key: account.key,
    account,
    identifiers: person.identifiers,
    personal: person.personal,
    traits: readTraits(row, { codes: rule.gender_codes ?? {}, now: mapping.deliveredAt }),
    modifiedAt: row.instant('modified_at'),
    deleted: status === 'deleted',
  };
  return mapping.kind === 'membership'
    ? recordOf(mapping, { kind: 'membership', head, fields: membership(mapping, status) })
    : recordOf(mapping, { kind: 'shop_customer', head, fields: shopCustomer(mapping, status) });
}

function membership({ row }: Mapping, status: MemberStatus): FieldsByKind['membership'] {
  return {
    // A frozen card is still a member's; 会员数 counts it.
    status: status === 'closed' || status === 'deleted' ? 'closed' : 'active',
    level: row.text('level'),
    points: row.number('points'),
    joined_at: row.instant('registered_at'),
    store_code: row.text('registered_store') || row.text('store_code'),
    guide: row.text('guide'),
  };
}

function shopCustomer({ row }: Mapping, status: MemberStatus): FieldsByKind['shop_customer'] {
  return {
    grade: row.text('level'),
    status: status === 'active' ? 'normal' : 'blocked',
    trade_count: row.whole('trade_count', 0),
    trade_amount_fen: row.fen('trade_amount'),
    last_trade_at: row.instant('last_trade_at'),
    points: row.number('points'),
    joined_at: row.instant('registered_at'),
    store_code: row.text('registered_store') || row.text('store_code'),
    guide: row.text('guide'),
  };
}

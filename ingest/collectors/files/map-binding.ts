/** Bindings: which channel's ids the loyalty system has tied to a membership. */
import { createHash } from 'node:crypto';
import { IDENTIFIER_TYPES, type IdentifierType, readIdentifier } from '../../identifiers/index.ts';
import type { Channel, Rejection, SourceRecord } from '../../record.ts';
import { channelOf } from './channels.ts';
import { type Mapping, recordOf, refuseRow } from './mapping.ts';
import { readPerson } from './person.ts';

const WORDS: Readonly<Record<string, IdentifierType>> = {
  会员卡号: 'card_no',
  卡号: 'card_no',
  手机: 'phone',
  手机号: 'phone',
  mobile: 'phone',
  邮箱: 'email',
  external_user_id: 'external_userid',
};
/** Two platforms call their ids alike. */
const OF_DOUYIN: Readonly<Record<string, IdentifierType>> = {
  openid: 'douyin_open_id',
  open_id: 'douyin_open_id',
  unionid: 'douyin_union_id',
  union_id: 'douyin_union_id',
};
const KNOWN: ReadonlySet<string> = new Set(IDENTIFIER_TYPES);

function typeOf(word: string, channel: Channel): IdentifierType | null {
  const plain = word.toLowerCase();
  if (channel === 'douyin' && OF_DOUYIN[plain]) return OF_DOUYIN[plain];
  const type = WORDS[plain] ?? plain.replace(/^(open|union)_id$/, '$1id');
  return KNOWN.has(type) ? (type as IdentifierType) : null;
}

export function mapBinding(mapping: Mapping): SourceRecord | null {
  const { row, settings } = mapping;
  const { account } = readPerson(row, settings);
  if (account === null)
    return refuseRow(row, 'member_no', { code: 'member.nobody', expected: 'a usable member or card number' });
  const channel = channelOf(row.text('channel'));
  const type = typeOf(row.text('id_type'), channel);
  if (type === null)
    return refuseRow(row, 'id_type', { code: 'binding.unknown-type', expected: IDENTIFIER_TYPES.join(', ') });
  const scope = row.text('id_scope') || (type === 'card_no' ? (settings.issuer ?? '') : '');
  const unboundAt = row.instant('unbound_at');
  const read = readIdentifier({
    path: row.path('id_value'),
    type,
    scope,
    given: row.text('id_value'),
    // What was unbound may be bound to somebody else now: it no longer speaks for this membership.
    strength: unboundAt === null ? 'verified' : 'weak',
  });
  const refused: Rejection[] = read.rejections.map((one) => ({ ...one, wholeItem: read.identifiers.length === 0 }));
  row.tell(refused);
  const id = read.identifiers[0];
  if (id === undefined) {
    if (refused.length > 0) return null;
    return refuseRow(row, 'id_value', { code: 'binding.no-id', expected: 'the id that is bound' });
  }
  return recordOf(mapping, {
    kind: 'binding',
    head: {
      key: `${account.key}/${id.type}/${digestOf(`${id.scope}\u001f${id.value}`)}`,
      account,
      identifiers: read.identifiers,
      modifiedAt: row.instant('modified_at'),
    },
    fields: { channel, bound_at: row.instant('bound_at'), unbound_at: unboundAt },
  });
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

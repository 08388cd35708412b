/** Consents and refusals of a member. */
import type { SourceRecord } from '../../record.ts';
import { type Mapping, recordOf, refuseRow } from './mapping.ts';
import { readPerson } from './person.ts';

const PURPOSES: Readonly<Record<string, string>> = {
  营销: 'marketing',
  营销推广: 'marketing',
  促销: 'marketing',
  分析: 'analysis',
  数据分析: 'analysis',
  共享: 'sharing',
  数据共享: 'sharing',
};
const WAYS: Readonly<Record<string, string>> = {
  短信: 'sms',
  邮件: 'email',
  电子邮件: 'email',
  微信: 'wechat',
  电话: 'phone',
  全部: 'any',
  所有: 'any',
  不限: 'any',
  '': 'any',
};
const YES = /^(?:1|y|yes|t|true|是|同意|已?授权|已同意|允许|订阅|opt.?in|granted)$/i;
const NO =
  /^(?:0|n|no|f|false|否|不同意|拒绝|未?授权|已?撤回|已?取消|退订|取消授权|opt.?out|denied|revoked|withdrawn)$/i;

export function mapConsent(mapping: Mapping): SourceRecord | null {
  const { row, settings } = mapping;
  const { account } = readPerson(row, settings);
  if (account === null)
    return refuseRow(row, 'member_no', {
      code: 'member.nobody',
      expected: 'a usable member number, card number or phone',
    });
  const purpose = row.text('purpose').toLowerCase();
  if (purpose === '')
    return refuseRow(row, 'purpose', { code: 'consent.no-purpose', expected: 'what the consent is for' });
  const answer = row.text('granted');
  // Never guessed: a consent that was not given is worse than one that is missed.
  const granted = YES.test(answer) ? true : NO.test(answer) ? false : null;
  if (granted === null)
    return refuseRow(row, 'granted', { code: 'consent.unclear', expected: '是, 否, 1, 0, true, false, 同意, 退订 …' });
  const way = row.text('via').toLowerCase();
  const via = WAYS[way] ?? way;
  const what = PURPOSES[purpose] ?? purpose;
  return recordOf(mapping, {
    kind: 'consent',
    head: { key: `${account.key}/${what}/${via}`, account },
    fields: { purpose: what, via, granted, happened_at: row.instant('happened_at') ?? mapping.deliveredAt },
  });
}

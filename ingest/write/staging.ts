/** Pure: the rows a group is staged with. */
import { clickhouseInstant } from '../../clock.ts';
import { accountKey, type Group } from './group.ts';
import { type StagedRecord, saysOfPerson, stagedRecord } from './person.ts';
import { needsAccount } from './rows.ts';

/** Accounts (n = their place in group.accounts) and records that hang on one (n = the record's place). */
export function stagedKeys(group: Group): object[] {
  const source = group.source.id;
  return [
    ...[...group.accounts.values()].map(({ account, itemN }, n) => ({
      n,
      what: 'account',
      item_n: itemN,
      scope: account.scope,
      source,
      kind: account.kind,
      key: account.key,
    })),
    ...group.records.flatMap(({ itemN, record }, n) =>
      needsAccount(record.kind)
        ? [{ n, what: 'record', item_n: itemN, scope: '', source, kind: record.kind, key: record.key }]
        : [],
    ),
  ];
}

export function stagedItems(group: Group, given: { ordinals: ReadonlyMap<string, number> }): object[] {
  const about = group.items.map(() => new Set<number>());
  for (const { itemN, record } of group.records) {
    const ordinal = record.account === null ? undefined : given.ordinals.get(accountKey(record.account));
    if (ordinal !== undefined) about[itemN]!.add(ordinal);
  }
  return group.items.map(({ n, item, pageId }) => ({
    n,
    source: group.source.id,
    item_kind: item.kind,
    item_key: item.key,
    payload: item.payload,
    page_id: pageId,
    position: item.position,
    delivered_at: clickhouseInstant(item.deliveredAt),
    account_ordinals: [...about[n]!],
  }));
}

/** People of the group: a row for every record that says more than which account it is about. n = record's index. */
export function stageRecords(group: Group, given: { ordinals: ReadonlyMap<string, number> }): StagedRecord[] {
  const where = { source: group.source.id, channel: group.source.channel, mapperVersion: group.mapperVersion };
  const rows: StagedRecord[] = [];
  group.records.forEach(({ itemN, record, version }, n) => {
    const ordinal = record.account === null ? 0 : (given.ordinals.get(accountKey(record.account)) ?? 0);
    const seenAt = record.modifiedAt ?? group.items[itemN]!.item.deliveredAt;
    if (saysOfPerson(record)) rows.push(stagedRecord(record, { ...where, n, itemN, ordinal, version, seenAt }));
  });
  return rows;
}

/** Whether any staged record gives a clear phone, or a new account is one. */
export const hasPhones = (staged: readonly StagedRecord[], accounts: readonly { readonly kind: string }[]) =>
  staged.some((row) => row.id_type.includes('phone')) || accounts.some(({ kind }) => kind === 'phone');

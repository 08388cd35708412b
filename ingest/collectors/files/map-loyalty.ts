/** What happens to a membership: points entries and level changes. */
import type { SourceAccount, SourceRecord } from '../../record.ts';
import { type Mapping, recordOf, refuseRow } from './mapping.ts';
import { readPerson } from './person.ts';

interface Happening {
  readonly account: SourceAccount;
  readonly at: Date;
}

/** Who and when; null when the row is refused for the lack of either. */
function happening({ row, settings }: Mapping): Happening | null {
  const { account } = readPerson(row, settings);
  if (account === null)
    return refuseRow(row, 'member_no', { code: 'member.nobody', expected: 'a usable member or card number' });
  const at = row.instant('happened_at');
  return at === null
    ? refuseRow(row, 'happened_at', { code: 'date.missing', expected: 'when it happened' })
    : { account, at };
}

export function mapPointsEntry(mapping: Mapping): SourceRecord | null {
  const { row } = mapping;
  const who = happening(mapping);
  if (who === null) return null;
  const delta = row.number('delta');
  if (delta === null)
    return refuseRow(row, 'delta', { code: 'points.missing', expected: 'how many points came or went' });
  const reason = row.text('reason');
  return recordOf(mapping, {
    kind: 'points_entry',
    head: {
      key: row.text('entry_no') || `${who.account.key}/${who.at.toISOString()}/${delta}/${reason}`,
      account: who.account,
    },
    fields: { delta, balance: row.number('balance'), reason, happened_at: who.at },
  });
}

export function mapLevelChange(mapping: Mapping): SourceRecord | null {
  const { row } = mapping;
  const who = happening(mapping);
  if (who === null) return null;
  const level = row.text('to_level');
  if (level === '')
    return refuseRow(row, 'to_level', { code: 'level.missing', expected: 'the level after the change' });
  return recordOf(mapping, {
    kind: 'level_change',
    head: { key: `${who.account.key}/${who.at.toISOString()}`, account: who.account },
    fields: { from_level: row.text('from_level'), to_level: level, happened_at: who.at },
  });
}

/** What every mapper of a row is given, and how a record is put together. */
import type { Identifier, PersonalValues, Rejection, SourceRecord, Traits } from '../../record.ts';
import type { Column, FileKind } from './headers.ts';
import type { Row } from './row.ts';
import type { FileRule, FilesSettings } from './settings.ts';

export interface Mapping {
  readonly row: Row;
  readonly kind: FileKind;
  readonly settings: FilesSettings;
  readonly rule: FileRule;
  readonly zone: string;
  readonly deliveredAt: Date;
  /** Names the delivery: the file's digest. */
  readonly delivery: string;
  readonly custom: Readonly<Record<string, string>>;
}

const NO_VALUES: PersonalValues & Traits = {};
const NO_IDENTIFIERS: readonly Identifier[] = [];

type Parts = SourceRecord extends infer One
  ? One extends SourceRecord
    ? Pick<One, 'kind' | 'key' | 'fields'> &
        Partial<Pick<One, 'account' | 'identifiers' | 'personal' | 'traits' | 'modifiedAt' | 'deleted'>>
    : never
  : never;

/** A record of what is known; what is not given is unknown. */
export function recordOf(mapping: Mapping, parts: Parts): SourceRecord {
  return {
    kind: parts.kind,
    key: parts.key,
    account: parts.account ?? null,
    identifiers: parts.identifiers ?? NO_IDENTIFIERS,
    personal: parts.personal ?? NO_VALUES,
    traits: parts.traits ?? NO_VALUES,
    modifiedAt: parts.modifiedAt ?? null,
    deleted: parts.deleted ?? false,
    custom: mapping.custom,
    fields: parts.fields,
  } as SourceRecord; // kind and fields come as one pair
}

/** Refuses the whole row for the sake of one column. */
export function refuseRow(row: Row, column: Column, of: Pick<Rejection, 'code' | 'expected'>): null {
  row.refuse(column, { ...of, wholeItem: true });
  return null;
}

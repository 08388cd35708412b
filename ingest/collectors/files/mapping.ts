/** What every mapper of a row is given, and how a record is put together. */
import type {
  FieldsByKind,
  Identifier,
  PersonalValues,
  RecordKind,
  Rejection,
  SourceRecord,
  Traits,
} from '../../record.ts';
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

type Head = Pick<SourceRecord, 'key'> &
  Partial<Pick<SourceRecord, 'account' | 'identifiers' | 'personal' | 'traits' | 'modifiedAt' | 'deleted'>>;

/** A record of what is known; what is not given is unknown. Put together by name: a spread costs five times the rest. */
export function recordOf<K extends RecordKind>(
  mapping: Mapping,
  { kind, head, fields }: { kind: K; head: Head; fields: FieldsByKind[K] },
): SourceRecord {
  return {
    kind,
    key: head.key,
    account: head.account ?? null,
    identifiers: head.identifiers ?? NO_IDENTIFIERS,
    personal: head.personal ?? NO_VALUES,
    traits: head.traits ?? NO_VALUES,
    modifiedAt: head.modifiedAt ?? null,
    deleted: head.deleted ?? false,
    custom: mapping.custom,
    fields,
  } as SourceRecord; // kind and fields come as one pair
}

/** Refuses the whole row for the sake of one column. */
export function refuseRow(row: Row, column: Column, of: Pick<Rejection, 'code' | 'expected'>): null {
  row.refuse(column, { ...of, wholeItem: true });
  return null;
}

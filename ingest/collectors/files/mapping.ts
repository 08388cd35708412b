/** What every mapper of a row is given, and how a record is put together. */
import type { PersonalValues, Rejection, SourceRecord, Traits } from '../../record.ts';
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

type Parts = SourceRecord extends infer One
  ? One extends SourceRecord
    ? Pick<One, 'kind' | 'key' | 'fields'> &
        Partial<Pick<One, 'account' | 'identifiers' | 'personal' | 'traits' | 'modifiedAt' | 'deleted'>>
    : never
  : never;

/** A record of what is known; what is not given is unknown. */
export function recordOf(mapping: Mapping, parts: Parts): SourceRecord {
  return {
    account: null,
    identifiers: [],
    personal: NO_VALUES,
    traits: NO_VALUES,
    modifiedAt: null,
    deleted: false,
    custom: mapping.custom,
    ...parts,
  };
}

/** Refuses the whole row for the sake of one column. */
export function refuseRow(row: Row, column: Column, of: Pick<Rejection, 'code' | 'expected'>): null {
  row.refuse(column, { ...of, wholeItem: true });
  return null;
}

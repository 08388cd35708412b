/** What every answer of a `map` must be, whatever the item was. */
import assert from 'node:assert/strict';
import type { Collector } from '../../ingest/collectors/collector.ts';
import type { Mapped, Rejection, SourceRecord } from '../../ingest/record.ts';

const LONGEST_GIVEN = 200;

export function assertMapped({ records, rejections }: Mapped, { kinds }: Pick<Collector, 'kinds'>): void {
  for (const record of records) assertRecord(record, kinds);
  for (const rejection of rejections) assertRejection(rejection);
  if (records.length > 0)
    assert.ok(
      rejections.every(({ wholeItem }) => !wholeItem),
      'records beside a rejection of the whole item',
    );
  const keys = records.map(({ kind, key }) => `${kind} ${key}`);
  assert.equal(new Set(keys).size, keys.length, `two records of one key: ${keys.join(', ')}`);
}

function assertRecord(record: SourceRecord, kinds: Collector['kinds']): void {
  assert.ok(kinds.includes(record.kind), `${record.kind} is not declared`);
  assert.notEqual(record.key, '');
  if (record.account !== null) assert.ok(record.account.kind !== undefined && record.account.key !== '');
  for (const { value, type } of record.identifiers) assert.ok(value !== '' && type !== undefined);
  if (record.modifiedAt !== null) assertInstant(record.modifiedAt, 'modifiedAt');
  assertPlain(record.fields, record.kind);
}

/** Numbers that are finite (whole, where they count fen), instants that exist, no undefined. */
function assertPlain(fields: object, kind: string): void {
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Date) assertInstant(value, `${kind}.${name}`);
    if (typeof value === 'number') assert.ok(Number.isFinite(value), `${kind}.${name} is ${value}`);
    if (name.endsWith('_fen') && value !== null) assert.ok(Number.isSafeInteger(value), `${kind}.${name} is ${value}`);
  }
}

function assertInstant(instant: Date, name: string): void {
  assert.ok(!Number.isNaN(instant.getTime()), `${name} is no instant`);
}

function assertRejection({ path, given, expected, code }: Rejection): void {
  assert.equal(typeof path, 'string');
  assert.ok(given.length <= LONGEST_GIVEN, `given is ${given.length} characters long`);
  assert.notEqual(expected, '');
  assert.match(code, /^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+$/);
}

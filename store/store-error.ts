/** A failure of the engine as an error of the registry. The engine quotes values in its texts, so those are taken out. */
import { ClickHouseError } from '@clickhouse/client';
import { messageOf, QuanyuError } from '../errors.ts';

/** What was asked: the statement is ours and may be repeated in an error; the values may not, wherever they turn up. */
export interface Asked {
  readonly query: string;
  readonly values: unknown;
}

/** The most of the engine's text that is looked at, and that is kept. */
const TEXT = { read: 4_000, kept: 600 };

export function storeError(thrown: unknown, asked: Asked): QuanyuError {
  if (thrown instanceof QuanyuError) return thrown;
  const text = messageOf(thrown);
  const told = thrown instanceof ClickHouseError ? thrown : /^Code: (?<code>\d+)\. /.exec(text)?.groups;
  if (told !== undefined) {
    if (/NOT_ENOUGH_SPACE|No space left on device/.test(`${text} ${(thrown as ClickHouseError).type}`))
      return new QuanyuError(
        'store.disk-full',
        'The disk that holds the data is full: ClickHouse could not write. Make room on it (df shows how much is left); what was cut off is done again by itself.',
      );
    const type = (thrown instanceof ClickHouseError && thrown.type) || 'an error';
    return new QuanyuError('store.query-failed', `ClickHouse answered ${type}: ${withoutValues(text, asked)}`, {
      engine_code: Number(told.code),
      engine_type: type,
    });
  }
  return new QuanyuError('store.unavailable', `ClickHouse did not answer: ${withoutValues(text, asked)}.`);
}

/** Words that stand in a value but not in the statement, quoted text, e-mails, long numbers, and whatever is not ASCII. */
function withoutValues(text: string, asked: Asked): string {
  const values = JSON.stringify(asked.values, (_, value) => (typeof value === 'bigint' ? String(value) : value)) ?? '';
  return text
    .slice(0, TEXT.read)
    .replace(/\w{3,}/g, (word) => (values.includes(word) && !asked.query.includes(word) ? '…' : word))
    .replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\S+@\S+|\d{7,}|[^\x20-\x7e]+/gs, '…')
    .slice(0, TEXT.kept);
}

/** The Content-Type of every output format, as the engine states it. */
import type { Session } from 'chdb';

export interface FormatTypes {
  /** The format's Content-Type; plain text for one the engine does not know. */
  contentType(format: string): string;
}

export async function loadFormatTypes(session: Session): Promise<FormatTypes> {
  const result = await session.queryAsync('SELECT lower(name), content_type FROM system.formats', {
    format: 'JSONCompactEachRow',
  });
  const rows = result.text().trim().split('\n');
  const types = new Map(rows.map((row) => JSON.parse(row) as [string, string]));
  return { contentType: (format) => types.get(format.toLowerCase()) ?? 'text/plain; charset=UTF-8' };
}

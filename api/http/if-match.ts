/** If-Match as the revision a change was made against. */
import { QuanyuError } from '../../errors.ts';

/** The revision If-Match names; undefined for `*`. Throws api.revision-required without the header. */
export function expectedRevision(headers: Readonly<Record<string, string>>): number | undefined {
  const given = headers['if-match'];
  if (given?.trim() === '*') return undefined;
  const revision = /^(?:W\/)?"?(\d{1,9})"?$/.exec(given?.trim() ?? '')?.[1];
  if (revision !== undefined) return Number(revision);
  throw new QuanyuError(
    'api.revision-required',
    'The change names no revision. Expected the header If-Match with the ETag of what was read (for example "3"), ' +
      'or * to replace whatever is there.',
  );
}

export const etagOf = (revision: number) => ({ ETag: `"${revision}"` });

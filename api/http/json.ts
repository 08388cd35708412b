/** JSON as it leaves: instants, which the store writes as `2026-01-31 08:00:00.000` in UTC, leave as RFC 3339. */
const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

export function jsonOf(body: unknown): string {
  return JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'string' && INSTANT.test(value) ? `${value.replace(' ', 'T')}Z` : value,
  );
}

/** The write key of a call: HTTP Basic (the key is the user, the password empty), else in the body, as SDKs send it. */

/** The user of a Basic header; undefined for any other header. Keys sent without the colon are taken too. */
export function basicUser(header: string | undefined): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]{1,1024})$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  return Buffer.from(encoded, 'base64').toString('utf8').split(':', 1)[0];
}

/** The key a body gives: of the whole call, or of the first message of a batch. */
export function bodyKey(body: Readonly<Record<string, unknown>>): string | undefined {
  const [first] = Array.isArray(body.batch) ? (body.batch as unknown[]) : [];
  const own = (body.writeKey ?? (first as { writeKey?: unknown } | null | undefined)?.writeKey) as unknown;
  return typeof own === 'string' ? own : undefined;
}

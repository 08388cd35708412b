/**
 * API keys `qk_<id>_<secret>`: 256 random bits of secret, kept only as a salted SHA-256 in the documents 'api_keys'.
 * A slow hash would protect nothing here: such a secret cannot be guessed, and every request pays for the hash.
 */
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { QuanyuError } from '../errors.ts';
import type { Document, Documents } from '../store/index.ts';
import type { Caller, Role } from './roles.ts';

const COLLECTION = 'api_keys';
/** The key that QUANYU_ADMIN_KEY sets; it may have any form, so it is tried for every bearer that names no other key. */
const ENVIRONMENT = 'environment';
const SHORTEST = 8;

interface KeyBody {
  readonly role: Role;
  readonly name: string;
  readonly salt: string;
  readonly hash: string;
}

export interface KeyView {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly created_at: string;
  readonly created_by: string;
}

/** Makes a key. The secret is in the answer and nowhere else, so it cannot be shown again. */
export async function createKey(
  documents: Documents,
  wanted: { readonly name: string; readonly role: Role; readonly by: string },
): Promise<KeyView & { readonly key: string }> {
  const id = Array.from({ length: 10 }, () => 'abcdefghijklmnopqrstuvwxyz234567'[randomInt(32)]).join('');
  const key = `qk_${id}_${randomBytes(32).toString('base64url')}`;
  const body: KeyBody = { role: wanted.role, name: wanted.name, ...hashed(key) };
  const document = await documents.put(COLLECTION, id, body, { expected: 0, by: wanted.by });
  return { ...viewOf(document), key };
}

export function listKeys(documents: Documents): KeyView[] {
  return documents
    .list<KeyBody>(COLLECTION)
    .map(viewOf)
    .sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
}

/** Takes a key out of use at once; the last key with the role admin stays. */
export async function revokeKey(documents: Documents, id: string, by: string): Promise<KeyView> {
  const document = documents.get<KeyBody>(COLLECTION, id);
  if (document === undefined)
    throw new QuanyuError('api.not-found', 'No key has this id. GET /api/v1/keys lists the keys there are.');
  const admins = listKeys(documents).filter((key) => key.role === 'admin');
  if (document.body.role === 'admin' && admins.length === 1)
    throw new QuanyuError(
      'api.last-admin-key',
      `Key ${id} is the only one with the role admin. Make another with POST /api/v1/keys, then revoke this one with it.`,
    );
  await documents.remove(COLLECTION, id, { expected: document.revision, by });
  return viewOf(document);
}

/** Whose key a bearer text is; undefined when it is nobody's. */
export function callerOf(documents: Documents, bearer: string): Caller | undefined {
  const named = /^qk_([a-z2-7]{10})_[\w-]{43}$/.exec(bearer)?.[1];
  for (const id of named === undefined ? [ENVIRONMENT] : [named, ENVIRONMENT]) {
    const document = documents.get<KeyBody>(COLLECTION, id);
    if (document !== undefined && matches(document.body, bearer))
      return { key: id, role: document.body.role, name: document.body.name };
  }
  return undefined;
}

/**
 * Sees to it that an administrator can get in: `given` (QUANYU_ADMIN_KEY) is that key while it is set; without it, and with no
 * admin key kept, a new one is made and returned, to be printed once.
 */
export async function ensureAdminKey(
  documents: Documents,
  { given }: { readonly given: string | undefined },
): Promise<{ readonly key?: string }> {
  const kept = documents.get<KeyBody>(COLLECTION, ENVIRONMENT);
  if (given !== undefined && given !== '') {
    if (given.length < SHORTEST || !/^[\w.~+/=-]+$/.test(given)) throw weak(given.length);
    if (kept !== undefined && matches(kept.body, given)) return {};
    const body: KeyBody = { role: 'admin', name: 'QUANYU_ADMIN_KEY', ...hashed(given) };
    await documents.put(COLLECTION, ENVIRONMENT, body, { by: ENVIRONMENT });
    return {};
  }
  if (kept !== undefined) await documents.remove(COLLECTION, ENVIRONMENT, { by: ENVIRONMENT });
  if (listKeys(documents).some((key) => key.role === 'admin')) return {};
  const { key } = await createKey(documents, { name: 'first admin key', role: 'admin', by: 'first start' });
  return { key };
}

function hashed(key: string): { salt: string; hash: string } {
  const salt = randomBytes(16).toString('hex');
  return { salt, hash: digest(salt, key).toString('hex') };
}

function matches(body: KeyBody, bearer: string): boolean {
  return timingSafeEqual(Buffer.from(body.hash, 'hex'), digest(body.salt, bearer));
}

function digest(salt: string, key: string): Buffer {
  return createHash('sha256').update(salt, 'hex').update(key).digest();
}

function viewOf({ id, body, changed_at, changed_by }: Document<KeyBody>): KeyView {
  return { id, name: body.name, role: body.role, created_at: changed_at, created_by: changed_by };
}

function weak(length: number): QuanyuError {
  return new QuanyuError(
    'api.key-weak',
    `QUANYU_ADMIN_KEY has ${length} characters; expected at least ${SHORTEST} of A-Z a-z 0-9 - . _ ~ + / =, ` +
      'best 32 random ones (openssl rand -base64 32).',
  );
}

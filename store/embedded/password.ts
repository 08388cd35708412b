/** The engine's one user. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const USERNAME = 'quanyu';

/** The password in `<dataDir>/engine-password` (mode 600), made at the first start. */
export function enginePassword(dataDir: string): string {
  const path = join(dataDir, 'engine-password');
  try {
    writeFileSync(path, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
  return readFileSync(path, 'utf8').trim();
}

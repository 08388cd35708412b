/** Opens a connection to an SFTP server whose host key is the pinned one. */
import { createHash } from 'node:crypto';
import ssh2, { type Client, type SFTPWrapper } from 'ssh2';
import { messageOf } from '../../../errors.ts';
import { CallFailure } from '../kit/call-failure.ts';
import type { SftpSettings } from './settings.ts';

export interface Session {
  readonly sftp: SFTPWrapper;
  /** Rejects when the connection is lost: calls that were under way are not always told. */
  readonly gone: Promise<never>;
  end(): void;
}

/** How long a server may take to greet, agree on keys and log in. */
const READY_MS = 20_000;
/** A connection that says nothing three times is dead. */
const ALIVE_MS = 10_000;

/** Throws CallFailure by what is to be done: pin the key, mend the login, or try again. */
export async function connect(settings: SftpSettings): Promise<Session> {
  assertKeyReadable(settings);
  const client = new ssh2.Client();
  const gone = new Promise<never>((_, reject) => {
    client.on('error', reject);
    client.on('close', () => reject(new Error('the connection was closed')));
  });
  gone.catch(() => undefined); // Nobody may be waiting when it is lost.
  const given: { key: Buffer | null } = { key: null };
  try {
    const sftp = await Promise.race([opened(client, settings, given), gone]);
    return { sftp, gone, end: () => void client.destroy() };
  } catch (cause) {
    client.destroy();
    throw failureOf(cause, settings, given.key);
  }
}

function opened(client: Client, settings: SftpSettings, given: { key: Buffer | null }): Promise<SFTPWrapper> {
  const { host, port = 22, username, password, private_key: privateKey, passphrase, host_key: pinned } = settings;
  return new Promise((resolve, reject) => {
    client.on('connect', () => client.setNoDelay(true)); // Many small questions, each waited for.
    client.on('ready', () => client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))));
    if (password !== undefined)
      client.on('keyboard-interactive', (_name, _words, _language, prompts, answer) =>
        answer(prompts.map(() => password)),
      );
    client.connect({
      ...{ host, port, username, readyTimeout: READY_MS, keepaliveInterval: ALIVE_MS, keepaliveCountMax: 3 },
      ...(password !== undefined && { password, tryKeyboard: true }),
      ...(privateKey !== undefined && { privateKey }),
      ...(passphrase !== undefined && { passphrase }),
      hostVerifier: (key: Buffer) => {
        given.key = key;
        return fingerprintOf(key) === pinned;
      },
    });
  });
}

/** As `ssh-keygen -lf` prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function assertKeyReadable({ private_key: key, passphrase }: SftpSettings): void {
  if (key === undefined || !(ssh2.utils.parseKey(key, passphrase) instanceof Error)) return;
  throw new CallFailure('The private key of this source cannot be read', {
    outcome: {
      next: 'stop',
      kind: 'misconfigured',
      advice:
        'Give the whole text of an OpenSSH or PEM private key, line breaks included, in `private_key`, and its `passphrase` if it has one.',
    },
  });
}

function failureOf(cause: unknown, settings: SftpSettings, key: Buffer | null): CallFailure {
  const { host, port = 22, username, host_key: pinned } = settings;
  if (key !== null && fingerprintOf(key) !== pinned) return strange(`${host}:${port}`, { key, pinned, cause });
  if ((cause as { level?: string }).level === 'client-authentication') {
    return new CallFailure(`${host}:${port} refused the login of ${username}`, {
      outcome: {
        next: 'stop',
        kind: 'reauthorise',
        advice:
          'Ask the operator of the server whether the account is open and which password or key it takes; set it in the environment and start this source again.',
      },
      cause,
    });
  }
  return new CallFailure(`${host}:${port} cannot be reached (${messageOf(cause)})`, {
    outcome: { next: 'again' },
    cause,
  });
}

function strange(server: string, of: { key: Buffer; pinned: string | undefined; cause: unknown }): CallFailure {
  const { key, pinned, cause } = of;
  const type = key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
  const expected = pinned === undefined ? 'and none is pinned' : `and ${pinned} is pinned`;
  return new CallFailure(`${server} gave the host key ${fingerprintOf(key)} (${type}), ${expected}`, {
    outcome: {
      next: 'stop',
      kind: 'misconfigured',
      advice:
        'Ask the operator of the server for its fingerprint, by another way than this connection. If it is the one given here, set it as `host_key` of this source; if not, somebody stands between: do not.',
    },
    cause,
  });
}

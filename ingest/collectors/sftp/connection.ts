/** A connection that is opened when it is needed, and again after it dropped. */
import type { SFTPWrapper } from 'ssh2';
import { messageOf } from '../../../errors.ts';
import { CallFailure } from '../kit/call-failure.ts';
import { type CallContext, tryAgain } from '../kit/try-again.ts';
import { connect, type Session } from './connect.ts';
import type { SftpSettings } from './settings.ts';

/** Status codes of SFTP version 3 that say something of a file: the connection is as good as before. */
const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;

const ADVICE =
  'The next scheduled pull goes on from here. If it stays so, check `host` and `port` of this source, the network, and whether the server lets this address in.';

/** What the server says of a file or folder. */
export class Refusal extends Error {
  readonly why: 'missing' | 'forbidden';

  constructor(why: Refusal['why'], cause: unknown) {
    super(why === 'missing' ? 'it is not there any more' : 'this account may not read it', { cause });
    this.why = why;
  }
}

export class Connection {
  readonly #context: CallContext;
  readonly #settings: SftpSettings;
  #session: Session | null = null;
  readonly #drop = () => {
    this.#session?.end();
    this.#session = null;
  };

  constructor(context: CallContext, settings: SftpSettings) {
    this.#context = context;
    this.#settings = settings;
    context.signal.addEventListener('abort', this.#drop);
  }

  /** Does `work`, which must do no harm twice: it is done again over a new connection. Throws SourceFault or Refusal. */
  run<T>(method: string, work: (sftp: SFTPWrapper) => Promise<T>): Promise<T> {
    return tryAgain(this.#context, { method, advice: ADVICE, attempt: () => this.#attempt(method, work) });
  }

  close(): void {
    this.#context.signal.removeEventListener('abort', this.#drop);
    this.#drop();
  }

  async #attempt<T>(method: string, work: (sftp: SFTPWrapper) => Promise<T>): Promise<T> {
    this.#session ??= await connect(this.#settings);
    const { sftp, gone } = this.#session;
    try {
      return await Promise.race([work(sftp), gone]);
    } catch (cause) {
      const { code } = cause as { code?: unknown };
      if (code === NO_SUCH_FILE) throw new Refusal('missing', cause);
      if (code === PERMISSION_DENIED) throw new Refusal('forbidden', cause);
      this.#drop();
      if (!(cause instanceof Error)) throw cause;
      throw new CallFailure(`${method}: ${messageOf(cause)}`, { outcome: { next: 'again' }, cause });
    }
  }
}

/** Makes a call again where that can help, and says as a SourceFault why it failed for good. */
import pRetry from 'p-retry';
import { messageOf } from '../../../errors.ts';
import { type PullContext, SourceFault } from '../collector.ts';
import { CallFailure } from './call-failure.ts';

export type CallContext = Pick<PullContext<unknown>, 'source' | 'clock' | 'signal' | 'log' | 'sleep'>;

/** How often a call is made again, and how long it waits before: 0.5, 1, 2, 4, 8 s. */
const RETRIES = 5;
const BACK_OFF_MS = 500;
/** A ban up to this long is waited for; a longer one ends the pull and names the time. */
const LONGEST_WAIT_SECONDS = 60;

const ADVICE =
  'The gateway does not answer as it should. The next scheduled pull goes on from here; if it stays so, check `gateway` of this source and the network.';

/** Throws SourceFault when the call fails for good, its last CallFailure as the cause. `advice`: when no attempt went well. */
export async function tryAgain<T>(
  context: CallContext,
  { method, attempt, advice = ADVICE }: { method: string; attempt: () => Promise<T>; advice?: string },
): Promise<T> {
  try {
    return await pRetry(attempt, {
      retries: RETRIES,
      minTimeout: 0,
      signal: context.signal,
      shouldRetry: ({ error, attemptNumber }) => mayTryAgain(error, attemptNumber),
      onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
        if (retriesLeft === 0 || !mayTryAgain(error, attemptNumber)) return;
        const ms = waitOf(error, attemptNumber);
        context.log.debug({ source: context.source.id, method, attempt: attemptNumber, ms }, messageOf(error));
        await context.sleep(ms);
      },
    });
  } catch (error) {
    context.signal.throwIfAborted();
    throw faultOf(error, { method, advice, now: context.clock.now() });
  }
}

function mayTryAgain(error: Error, attemptNumber: number): boolean {
  if (!(error instanceof CallFailure)) return false;
  const { outcome } = error;
  if (outcome.next === 'banned') return outcome.seconds <= LONGEST_WAIT_SECONDS;
  return outcome.next === 'again' || (outcome.next === 'once' && attemptNumber === 1);
}

/** The platform counts bans in whole seconds: one more is waited for, so that no call falls into the last of them. */
function waitOf(error: Error, attemptNumber: number): number {
  if (error instanceof CallFailure && error.outcome.next === 'banned') return (error.outcome.seconds + 1) * 1000;
  return BACK_OFF_MS * 2 ** (attemptNumber - 1);
}

function faultOf(error: unknown, { method, advice, now }: { method: string; advice: string; now: Date }): unknown {
  if (!(error instanceof CallFailure)) return error;
  const { outcome } = error;
  if (outcome.next === 'stop' || outcome.next === 'once')
    return new SourceFault({ ...outcome, message: error.message, cause: error });
  if (outcome.next === 'banned') {
    return new SourceFault({
      kind: 'later',
      message: `${method}: the platform's limit of calls is used up`,
      advice:
        'Nothing is to be done: the source goes on when the limit is lifted. If it happens daily, apply for more calls on the open platform.',
      retryAt: new Date(now.getTime() + (outcome.seconds + 1) * 1000),
      cause: error,
    });
  }
  if (outcome.next === 'later') {
    const retryAt = new Date(now.getTime() + outcome.seconds * 1000);
    return new SourceFault({ kind: 'later', message: error.message, advice: outcome.advice, retryAt, cause: error });
  }
  return new SourceFault({
    kind: 'later',
    message: `${error.message} (${RETRIES + 1} attempts)`,
    advice,
    cause: error,
  });
}

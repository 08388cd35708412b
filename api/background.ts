/** Jobs that go on after the request that began them is answered: each has a row among the runs that says how it ended. */
import type { Clock } from '../clock.ts';
import { messageOf, QuanyuError } from '../errors.ts';
import { logFor } from '../log.ts';
import { type RunView, type Store, startRun } from '../store/index.ts';

const log = logFor('api');

/** Notes the run, begins the work and returns at once. `work` gives the counts of the run. */
export async function inBackground(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  job: { readonly kind: string; readonly id: string; readonly work: () => Promise<Readonly<Record<string, number>>> },
): Promise<RunView> {
  const run = await startRun(store, clock, job);
  const begun = run.view();
  const ended = async () => {
    try {
      run.count(await job.work());
      await run.finish({ status: 'done' });
    } catch (thrown) {
      const known = thrown instanceof QuanyuError;
      log.warn({ run: job.id, kind: job.kind, ...(known ? { code: thrown.code } : {}) }, 'a job failed');
      await run.finish({
        status: 'failed',
        fault: known ? messageOf(thrown) : 'A fault of Quanyu itself.',
        advice: known && thrown.retry !== 'later' ? 'Mend what the fault names and begin it again.' : 'Begin it again.',
      });
    }
  };
  ended().catch(() => log.error({ run: job.id, kind: job.kind }, 'how a job ended could not be written'));
  return begun;
}

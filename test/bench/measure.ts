/** Peak memory of processes, sampled while a bench runs. */
import { readFile } from 'node:fs/promises';

export interface Sampler {
  /** Peak resident MB by the names given. */
  stop(): Promise<Record<string, number>>;
}

/** Watches processes of this machine (by pid) until stopped. */
export function samplePeaks(pids: Readonly<Record<string, number | undefined>>): Sampler {
  const peaks: Record<string, number> = {};
  const look = async () => {
    for (const [name, pid] of Object.entries(pids)) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const kb = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
      peaks[name] = Math.max(peaks[name] ?? 0, kb / 1024);
    }
  };
  const timer = setInterval(() => void look(), 100);
  return {
    async stop() {
      clearInterval(timer);
      await look();
      return peaks;
    },
  };
}

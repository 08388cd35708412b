/**
 * Does `work` for each input, so many at a time, and gives the results in the order of the inputs. The first failure is
 * thrown once what was begun has ended; nothing is begun after it, nor after the signal; null when the signal cut it short.
 */
export async function severalAtOnce<In, Out>(
  inputs: readonly In[],
  work: (input: In) => Promise<Out>,
  { width, signal }: { width: number; signal: AbortSignal },
): Promise<Out[] | null> {
  const results: Out[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < inputs.length && failures.length === 0 && !signal.aborted) {
      const n = next++;
      try {
        results[n] = await work(inputs[n]!);
      } catch (thrown) {
        failures.push(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  if (failures.length > 0) throw failures[0];
  return signal.aborted ? null : results;
}

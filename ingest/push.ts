/** Calls of a platform (SPI copies, webhooks): written before they are answered, those that wait together in one commit. */
import type { Clock } from '../clock.ts';
import type { Collector, PushAnswer, PushRequest, Source, SourcePage } from './collectors/collector.ts';
import { mapGroup } from './write/group.ts';
import type { Writer } from './write/writer.ts';

interface Waiting {
  readonly page: SourcePage;
  readonly written: () => void;
  readonly failed: (thrown: unknown) => void;
}

export interface PushReceiver {
  /** Verifies, writes and answers one call. Rejects when it could not be written: the platform sends it again. */
  receive(request: PushRequest): Promise<Omit<PushAnswer, 'items'>>;
}

/** Receives the calls of one source. */
export function pushReceiver(options: {
  writer: Writer;
  clock: Clock;
  collector: Collector;
  source: Source;
}): PushReceiver {
  const { writer, clock, collector, source } = options;
  let waiting: Waiting[] = [];
  let writing = false;

  async function writeWaiting(): Promise<void> {
    if (writing) return;
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const pages = batch.map(({ page }) => page);
      await mapGroup(collector, source, pages)
        .then((group) => writer.commit(group, { urgent: true }))
        .then(
          () =>
            batch.forEach(({ written }) => {
              written();
            }),
          (thrown: unknown) =>
            batch.forEach(({ failed }) => {
              failed(thrown);
            }),
        );
    }
    writing = false;
  }

  return {
    async receive(request) {
      if (collector.receive === undefined) {
        return { status: 404, contentType: 'text/plain', body: `Source ${source.id} takes no calls.` };
      }
      const { items, ...answer } = collector.receive(request, { source, clock });
      const [first] = items;
      if (first === undefined) return answer;
      const page: SourcePage = { stream: 'push', id: `push:${first.kind}:${first.key}`, items, cursor: null };
      await new Promise<void>((written, failed) => {
        waiting.push({ page, written, failed });
        void writeWaiting();
      });
      return answer;
    },
  };
}

/** A brand of three cards and their bills, collected by the real writer: two cards of one phone, one of another. */
import { systemClock } from '../../clock.ts';
import { openWriter, runSource } from '../../ingest/index.ts';
import type { TestStore } from '../helpers/store.ts';
import { toy, toySource } from '../helpers/toy-collector.ts';

export const ZHANG = { phone: '13987650321', email: 'zhang.san.1987@yeah.net', cards: ['C-1001-778', 'C-1002-778'] };
export const LI = { phone: '13860972145', cards: ['C-2001-778'] };
/** No page, log line or error of the API may hold one of these. */
export const PERSONAL = [ZHANG.phone, LI.phone, ZHANG.email, '张三丰'];

export async function collectBrand({ store, vault }: TestStore): Promise<void> {
  const clock = systemClock;
  const writer = await openWriter({ store, vault, clock, mixMobileKeys: [] });
  const collector = toy([
    [
      { card: ZHANG.cards[0]!, phone: `+86${ZHANG.phone}`, email: ZHANG.email },
      { card: ZHANG.cards[1]!, phone: `+86${ZHANG.phone}` },
      { card: LI.cards[0]!, phone: `+86${LI.phone}` },
      { bill: 'B-1', card: ZHANG.cards[0]!, paid_fen: 10_000 },
      { bill: 'B-2', card: ZHANG.cards[1]!, paid_fen: 20_000 },
      { bill: 'B-3', card: LI.cards[0]!, paid_fen: 5_000 },
      { card: 'C-9', bad: true },
    ],
  ]);
  await runSource({ store, writer, clock, collector, source: toySource, signal: new AbortController().signal });
}

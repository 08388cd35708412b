/** The list of refunds does not say which line of the order was given back: each refund is read by itself as well. */
import type { SourceItem } from '../../record.ts';
import { SourceFault } from '../collector.ts';
import { CallFailure } from '../kit/call-failure.ts';
import { isOfObject } from './errors.ts';
import type { YouzanGateway } from './gateway.ts';

/** Items as `{"refund": …, "detail": …}`, both as sent; null when the signal aborts on the way. */
export async function withDetails(
  items: readonly SourceItem[],
  { gateway, signal }: { gateway: YouzanGateway; signal: AbortSignal },
): Promise<SourceItem[] | null> {
  const read: SourceItem[] = [];
  for (const item of items) {
    if (signal.aborted) return null;
    const detail = await detailOf(gateway, item.key);
    read.push({ ...item, payload: `{"refund":${item.payload},"detail":${detail}}` });
  }
  return read;
}

/** `null` where the platform does not give this one. */
async function detailOf(gateway: YouzanGateway, refund_id: string): Promise<string> {
  try {
    const { items } = await gateway.call({
      ...{ api: 'youzan.trade.refund.get', version: '3.0.1', body: { refund_id }, items: '' },
      isWhole: () => true,
    });
    return items[0] ?? 'null';
  } catch (error) {
    if (!(error instanceof SourceFault) || error.kind === 'later' || !(error.cause instanceof CallFailure)) throw error;
    const { subCode } = error.cause;
    if (subCode === '' || !isOfObject(Number(subCode))) throw error;
    return 'null';
  }
}

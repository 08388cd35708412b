/** What of a group must not be taken in: people who asked to be forgotten do not come back with the next pull. */
import { clickhouseInstant } from '../../clock.ts';
import { accountKey, type Group } from './group.ts';
import { type Context, suppressedItems } from './statements.ts';

/**
 * What must not come back: items of forgotten accounts, items that give a forgotten identifier, and items that went with
 * somebody and still are not understood; an account that such an item names is theirs too (a new card with the old phone)
 * and is left out from now on.
 */
export async function leaveOut(
  context: Context,
  of: { group: Group; given: { suppressed: ReadonlySet<string>; ids: ReadonlyMap<string, string> } },
): Promise<{ items: Set<number>; accounts: Set<string> }> {
  const mapped = new Set(of.group.records.map(({ itemN }) => itemN));
  const unmapped = of.group.items.filter(({ n }) => !mapped.has(n)).map(({ n }) => n);
  const items = await suppressedItems(context, unmapped);
  const accounts = new Set(of.given.suppressed);
  for (const { itemN, record } of of.group.records) {
    if (record.account !== null && items.has(itemN)) accounts.add(accountKey(record.account));
  }
  const since = clickhouseInstant(context.clock.now());
  const found = [...accounts].filter((key) => !of.given.suppressed.has(key));
  await context.store.insert(
    'suppressed',
    found.map((key) => ({ token: of.given.ids.get(key), kind: 'account', request_id: 'same-identifier', since })),
  );
  for (const { itemN, record } of of.group.records) {
    if (record.account !== null && accounts.has(accountKey(record.account))) items.add(itemN);
  }
  return { items, accounts };
}

/** Groups by identifiers alone, under the default rules: shared values join nobody, limits hold, the strongest type first. */
import type { IdentifierType } from '../../ingest/identifiers/index.ts';
import { raw, type Store } from '../../store/index.ts';
import { canonicalOrder } from '../graph/canonical-order.ts';
import { NONE } from '../graph/slot-counts.ts';
import { solve } from '../graph/solve.ts';
import { DEFAULT_RULES, type TypeRule } from '../rules/index.ts';
import { knownType } from './comparisons/identifier.ts';
import type { IdentifierColumn } from './comparisons/index.ts';
import type { Apart, Groups } from './groups.ts';
import { rowsOf } from './rows-of.ts';

/** An identifier that only its file knows: exact, any number of them, shared by no more than a platform's own id. */
const OWN_RULE: TypeRule = { joins: true, priority: 16, limit: null, exclusive: false, shared_above: 100 };

const TYPE_OF_KIND: Readonly<Record<string, IdentifierType>> = {
  phone: 'phone',
  'phone-md5': 'phone',
  'phone-masked': 'phone',
  email: 'email',
  'national-id': 'national_id',
};
const FEATURE_OF_KIND: Readonly<Record<string, string>> = {
  phone: 'hash',
  'phone-md5': 'hash',
  'phone-masked': 'hash',
  email: 'whole',
};

interface Collected {
  readonly account: number[];
  readonly identifier: number[];
  readonly priority: number[];
  /** Slot of each identifier. */
  readonly slots: number[];
  readonly limits: number[];
  readonly exclusive: number[];
  readonly slotNumbers: Map<string, number>;
}

export async function clusterExactly(
  store: Store,
  { records, identifiers, apart }: { records: number; identifiers: readonly IdentifierColumn[]; apart: Apart },
): Promise<Groups> {
  const found: Collected = {
    ...{ account: [], identifier: [], priority: [], slots: [] },
    ...{
      limits: new Array(apart.ownValues).fill(1),
      exclusive: new Array(apart.ownValues).fill(1),
      slotNumbers: new Map(),
    },
  };
  for (const column of identifiers) await collect(store, { column, found });
  const order = canonicalOrder({
    high: Uint16Array.from(found.priority, (priority) => priority << 8),
    low: new Uint32Array(found.priority.length),
  });
  const { profiles } = solve(
    {
      ...{ accounts: records, ownSlots: apart.own, slots: Uint32Array.from(found.slots), apart: [], together: [] },
      ownEdges: { account: new Uint32Array(), identifier: new Uint32Array() },
      edges: { account: Uint32Array.from(found.account), identifier: Uint32Array.from(found.identifier) },
      ...{ order, foremost: found.priority.filter((priority) => priority === 0).length },
    },
    {
      limits: Uint32Array.from(found.limits),
      exclusive: Uint8Array.from(found.exclusive),
      maxAccounts: DEFAULT_RULES.max_accounts,
    },
  );
  return { founders: profiles, confidence: new Float64Array(records).fill(1) };
}

async function collect(store: Store, { column, found }: { column: IdentifierColumn; found: Collected }): Promise<void> {
  const { kind, name, scope } = column.spec;
  const type = kind === 'id' ? knownType(name!) : TYPE_OF_KIND[kind]!;
  const rule = type === null ? OWN_RULE : DEFAULT_RULES.types[type];
  if (!rule.joins) return;
  const value = `${column.id}_${FEATURE_OF_KIND[kind] ?? 'value'}`;
  const within = scope === undefined ? `''` : `splitByChar(' ', ${value})[1]`;
  const rows = raw(`SELECT ${within} AS place, groupArray(rid) AS rids FROM records WHERE ${value} != ''
    GROUP BY ${value}, place HAVING length(rids) <= ${rule.shared_above} ORDER BY ${value}`);
  for await (const [place, rids] of rowsOf(await store.stream(rows, 'TabSeparated'))) {
    const identifier = found.slots.length;
    found.slots.push(slotOf(found, { key: `${type ?? name} ${place}`, rule }));
    for (const rid of JSON.parse(rids!) as number[]) {
      found.account.push(rid);
      found.identifier.push(identifier);
      found.priority.push(rule.exclusive ? 0 : rule.priority);
    }
  }
}

/** A slot is a type within one scope; NONE where a person may have any number. */
function slotOf(found: Collected, { key, rule }: { key: string; rule: TypeRule }): number {
  if (rule.limit === null) return NONE;
  const known = found.slotNumbers.get(key) ?? found.limits.length;
  if (!found.slotNumbers.has(key)) {
    found.slotNumbers.set(key, known);
    found.limits.push(rule.limit);
    found.exclusive.push(rule.exclusive ? 1 : 0);
  }
  return known;
}

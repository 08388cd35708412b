import assert from 'node:assert/strict';
import { canonicalOrder } from '../../identity/graph/canonical-order.ts';
import { NONE } from '../../identity/graph/slot-counts.ts';
import { type Edges, solve } from '../../identity/graph/solve.ts';

const STAR = 1_000_000;
const CHAIN = 100_000;

/** One identifier that the first million accounts give, and a chain through the next hundred thousand. */
function starAndChain(): { accounts: number; identifiers: number; edges: Edges } {
  const edges = STAR + 2 * (CHAIN - 1);
  const account = new Uint32Array(edges);
  const identifier = new Uint32Array(edges);
  for (let i = 0; i < STAR; i++) account[i] = i;
  for (let link = 0, edge = STAR; link < CHAIN - 1; link++, edge += 2) {
    account.set([STAR + link, STAR + link + 1], edge);
    identifier.fill(link + 1, edge, edge + 2);
  }
  return { accounts: STAR + CHAIN, identifiers: CHAIN, edges: { account, identifier } };
}

function timed(maxAccounts: number) {
  const { accounts, identifiers, edges } = starAndChain();
  const keys = { high: new Uint16Array(edges.account.length), low: new Uint32Array(edges.account.length) };
  const before = process.cpuUsage();
  const nothing = new Uint32Array(0);
  const solution = solve(
    {
      ...{ accounts, edges, order: canonicalOrder(keys), foremost: 0, together: [], apart: [] },
      ownSlots: new Uint32Array(accounts).fill(NONE),
      ownEdges: { account: nothing, identifier: nothing },
      slots: new Uint32Array(identifiers),
    },
    { limits: new Uint32Array(1), exclusive: new Uint8Array(1), maxAccounts },
  );
  const { user, system } = process.cpuUsage(before);
  const sizes = new Map<number, number>();
  for (const profile of solution.profiles) sizes.set(profile, (sizes.get(profile) ?? 0) + 1);
  return { seconds: (user + system) / 1e6, largest: [...sizes.values()].reduce((a, b) => Math.max(a, b)), solution };
}

describe('solving a star of a million accounts and a chain of a hundred thousand', () => {
  it('takes well under two seconds of processor time', () => {
    const { seconds, largest } = timed(NONE);
    assert.equal(largest, STAR);
    assert.ok(seconds < 2, `${seconds} s`);
  });

  it('makes nobody larger than the cap, and holds every link over it', () => {
    const { largest, solution } = timed(100);
    assert.equal(largest, 100);
    assert.ok(solution.held.length >= STAR - 100);
    assert.ok(solution.held.every((one) => one.reason === 'size'));
  });
});

/**
 * Pure: the graph of one profile (graphology: a cluster is small) and the strongest tree through it. Edges enter in the
 * order in which the resolver takes them, so the tree is what joined the accounts (Kruskal, Proc. AMS 7, 1956): of all
 * paths between two accounts, the one in the tree has the strongest weakest link.
 */
import { UndirectedGraph } from 'graphology';
import type { IdentityRules } from '../rules/index.ts';
import type { Claim } from './claims.ts';

/** Two accounts that give one identifier: `holder` was the first of them. */
export interface ClaimedLink {
  readonly holder: Claim;
  readonly other: Claim;
}

export interface ClaimedLinks {
  /** The strongest links that connect the accounts: one less than there are unless a steward joined some. */
  readonly tree: readonly ClaimedLink[];
  /** Every account with the holder of each identifier it gives. */
  readonly all: readonly ClaimedLink[];
}

export function linksOf(claims: readonly Claim[], rules: IdentityRules): ClaimedLinks {
  const graph = new UndirectedGraph<{ above: string }>();
  const holders = new Map<string, Claim>();
  const all: ClaimedLink[] = [];
  const tree: ClaimedLink[] = [];
  for (const other of [...claims].sort((a, b) => inOrder(a, b, rules))) {
    const joins = connect(graph, `account ${other.account_id}`, `identifier ${other.token}`);
    const holder = holders.get(other.token);
    if (holder === undefined) holders.set(other.token, other);
    else {
      all.push({ holder, other });
      if (joins) tree.push({ holder, other });
    }
  }
  return { tree, all };
}

/** The canonical order of edges (graph/solve.ts): own keys, exclusive identifiers, strength, type, evidence, first seen. */
function inOrder(a: Claim, b: Claim, rules: IdentityRules): number {
  const rank = (one: Claim) => {
    const { exclusive, priority } = rules.types[one.type];
    const strength = rules.strengths.indexOf(one.strength);
    return one.own === 1 ? [0] : exclusive ? [1] : [2, strength, priority, -one.evidence];
  };
  const [left, right] = [rank(a), rank(b)];
  const i = left.findIndex((value, at) => value !== right[at]);
  if (i !== -1) return left[i]! - right[i]!;
  return compare(a.since, b.since) || compare(a.token, b.token) || compare(a.account_id, b.account_id);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Connects two nodes unless they are connected already; tells whether it did. */
function connect(graph: UndirectedGraph<{ above: string }>, a: string, b: string): boolean {
  for (const node of [a, b]) if (!graph.hasNode(node)) graph.addNode(node, { above: node });
  const root = (node: string): string => {
    const above = graph.getNodeAttribute(node, 'above');
    return above === node ? node : root(above);
  };
  const [rootA, rootB] = [root(a), root(b)];
  if (rootA === rootB) return false;
  graph.setNodeAttribute(rootB, 'above', rootA);
  graph.addEdge(a, b);
  return true;
}

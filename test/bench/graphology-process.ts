/** The plain way of the resolve bench, in a process of its own: reads the edges, builds a graphology graph, solves it. */
import { UndirectedGraph } from 'graphology';
import { connectedComponents } from 'graphology-components';
import { openStore, type StoreOptions, sql } from '../../store/index.ts';

process.once('message', (options: StoreOptions) => void measure(options));

async function measure(options: StoreOptions): Promise<void> {
  const store = openStore(options);
  const began = performance.now();
  const graph = new UndirectedGraph();
  const edges = await store.rows<{ account: number; token: string }>(
    sql`SELECT account_ordinal AS account, toString(arrayJoin(id_token)) AS token FROM account_records FINAL`,
  );
  for (const { account, token } of edges) {
    graph.mergeNode(account);
    graph.mergeNode(token);
    graph.mergeEdge(account, token);
  }
  connectedComponents(graph);
  const seconds = (performance.now() - began) / 1000;
  await store.close();
  process.send!({ seconds });
}

/** The engine alone, for a person with a ClickHouse client: `quanyu clickhouse`. */
import { once } from 'node:events';
import { startEngine } from './supervisor.ts';

/** Runs the engine until SIGINT or SIGTERM; tells on stdout how to reach it. */
export async function runStandalone({ port, dataDir }: { port: number; dataDir: string }): Promise<void> {
  const engine = await startEngine({ dataDir, port });
  const { url, username, password } = engine.connection;
  process.stdout.write(
    [
      `ClickHouse HTTP interface: ${url}`,
      `user:     ${username}`,
      `password: ${password}`,
      '',
      'Try:',
      `  curl '${url}/' --user '${username}:${password}' --data-binary 'SELECT version()'`,
      '',
      'Stop with Ctrl-C.',
      '',
    ].join('\n'),
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await engine.stop();
}

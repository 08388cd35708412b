/** A source over the SFTP simulator, with a clock that goes on when the pull sleeps. */
import ssh2 from 'ssh2';
import {
  type SftpOptions,
  type SftpSimulator,
  startSftpSimulator,
} from '../../../../fixtures/simulators/sftp/index.ts';
import type { Json, PullContext, Source } from '../../../../ingest/collectors/collector.ts';
import { fingerprintOf } from '../../../../ingest/collectors/sftp/connect.ts';
import { type SftpSettings, sftpCollector } from '../../../../ingest/collectors/sftp/index.ts';
import type { SourceItem } from '../../../../ingest/record.ts';
import { DELIVERED, NOW } from '../files/folder.ts';

export const LOGIN = { username: 'quanyu', password: 'correct horse' };

export class Server {
  readonly simulator: SftpSimulator;
  readonly source: Source<SftpSettings>;
  at = NOW.getTime();
  /** What happens at the server while the pull sleeps. */
  whileAsleep: (ms: number) => void = () => undefined;

  constructor(simulator: SftpSimulator, settings: Partial<SftpSettings>) {
    this.simulator = simulator;
    const key = ssh2.utils.parseKey(simulator.hostKey);
    if (key instanceof Error) throw key;
    this.source = {
      ...{ id: 'till', platform: 'sftp', channel: 'pos', zone: 'Asia/Shanghai' },
      settings: {
        ...{ host: '127.0.0.1', port: simulator.port, folder: '/out', issuer: 'brand', ...LOGIN },
        host_key: fingerprintOf(key.getPublicSSH()),
        ...settings,
      },
    };
  }

  put(name: string, content: string | Buffer, mtime = DELIVERED): void {
    this.simulator.files.set(`/out/${name}`, { bytes: Buffer.from(content), mtime });
  }

  readonly clock = { now: () => new Date(this.at) };

  readonly sleep = (ms: number): Promise<void> => {
    this.at += ms;
    this.whileAsleep(ms);
    return Promise.resolve();
  };

  context(checkpoint: Json = null, of: Partial<PullContext<SftpSettings>> = {}): PullContext<SftpSettings> {
    return {
      ...{ source: this.source, stream: 'inbox', checkpoint, clock: this.clock, sleep: this.sleep },
      signal: new AbortController().signal,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      ...of,
    };
  }

  async pull(checkpoint: Json = null): Promise<{ items: SourceItem[]; cursor: Json }> {
    const items: SourceItem[] = [];
    let cursor = checkpoint;
    for await (const page of sftpCollector.pull(this.context(checkpoint))) {
      items.push(...page.items);
      cursor = JSON.parse(JSON.stringify(page.cursor)) as Json;
    }
    return { items, cursor };
  }
}

/** Runs a test against a server of its own. `settings` without values (undefined) are left out. */
export async function withServer(
  {
    server = {},
    settings = {},
  }: { server?: Partial<SftpOptions>; settings?: { [K in keyof SftpSettings]?: SftpSettings[K] | undefined } },
  test: (server: Server) => Promise<void>,
): Promise<void> {
  const simulator = await startSftpSimulator({ ...LOGIN, ...server });
  try {
    const made = new Server(simulator, settings as Partial<SftpSettings>);
    await test(made);
  } finally {
    await simulator.close();
  }
}

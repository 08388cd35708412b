/** A running engine and plain HTTP to it, as curl would speak. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, startEngine } from '../../../store/embedded/index.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** Whether the body ended as HTTP demands; false when it was cut off. */
  readonly whole: boolean;
}

export interface Call {
  readonly method?: string;
  /** URL parameters. */
  readonly url?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly auth?: boolean;
}

export interface EngineHttp {
  readonly engine: Engine;
  readonly dataDir: string;
  send(call: Call): Promise<Answer>;
  /** The text of a query's answer. Throws when the status is not 200. */
  query(sql: string, url?: Readonly<Record<string, string>>): Promise<string>;
  close(): Promise<void>;
}

export async function openEngineHttp(): Promise<EngineHttp> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quanyu-engine-'));
  const engine = await startEngine({ dataDir });
  const agent = new Agent({ keepAlive: true });
  const send = (call: Call) => sendTo(engine, agent, call);
  return {
    engine,
    dataDir,
    send,
    async query(sql, url) {
      const answer = await send({ body: sql, ...(url === undefined ? {} : { url }) });
      if (answer.status !== 200) throw new Error(answer.text);
      return answer.text;
    },
    async close() {
      agent.destroy();
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function authorization({ connection }: Engine): string {
  return `Basic ${Buffer.from(`${connection.username}:${connection.password}`).toString('base64')}`;
}

function sendTo(engine: Engine, agent: Agent, call: Call): Promise<Answer> {
  const url = new URL(call.path ?? '/', engine.connection.url);
  for (const [name, value] of Object.entries(call.url ?? {})) url.searchParams.set(name, value);
  const headers = { ...(call.auth === false ? {} : { authorization: authorization(engine) }), ...call.headers };
  return new Promise((done, fail) => {
    const outgoing = request(url, { method: call.method ?? 'POST', agent, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', () => {});
      incoming.on('close', () => {
        const bytes = Buffer.concat(chunks);
        const { statusCode: status = 0, headers: received, complete: whole } = incoming;
        done({ status, headers: received, bytes, text: bytes.toString('utf8'), whole });
      });
    });
    outgoing.on('error', fail);
    outgoing.end(call.body);
  });
}

/** The memory a process holds, in MB. */
export function residentMb(pid: number | undefined): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}

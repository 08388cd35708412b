import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ROLES } from '../../api/roles.ts';
import { ERRORS } from '../../errors.ts';
import { documentedAnswers, type OpenapiDocument } from '../api/documented-answers.ts';
import { openTestApp, type TestApp } from '../api/test-app.ts';
import { collectBrand, LI, PERSONAL, ZHANG } from '../api/test-brand.ts';
import { mutatedPayload } from '../contracts/mutate.ts';
import { fuzz } from './fuzz.ts';
import { KNOWN_ID, type Schema, shaped } from './shaped.ts';

/** Values that must never come back in an error or stand in a log. */
const PRIVATE = [...PERSONAL, '13912345678', 'zhang@example.com'];
/** What ends a person or a key, or takes long: with ids that nobody has, and seldom. */
const FATAL = new Set(['createPrivacyRequest', 'revokeKey', 'repeatPrivacyRequest']);
const SLOW = new Set(['refresh', 'createPrivacyRequest', 'repeatPrivacyRequest', 'runSegment', 'createExport']);
const KEPT_IDS = 300;

interface Part {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Part[];
  readonly body: Schema | undefined;
}

interface Case {
  readonly operation: Operation;
  readonly role: string;
  readonly path: readonly string[];
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

const JUNK_TEXT = fc.oneof(
  fc.constantFrom(...PRIVATE, '', '..', '%', '%zz', '%00', '%ff', '%2e%2e%2f', '\\', "' OR 1=1 --", 'KNOWN1ID', '-1'),
  fc.constantFrom('1e309', 'null', '__proto__', 'x'.repeat(9000), '{x:String}', 'qk_admin_secret', '"3"', '*'),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const JUNK_HEADERS: fc.Arbitrary<Readonly<Record<string, string>>> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  fc.constantFrom<Readonly<Record<string, string>>[]>(
    ...[{ 'content-type': 'text/plain' }, { 'content-type': 'application/json; charset=latin1' }],
    ...[{ 'content-encoding': 'gzip' }, { 'content-encoding': 'zstd' }, { 'content-type': 'application/json;;' }],
    ...[{ 'x-request-id': '13912345678' }, { accept: 'image/png' }, { expect: '100-continue' }],
    ...[{ 'if-match': '"1"' }, { 'if-match': '*' }, { 'if-match': 'W/x' }, { range: 'bytes=5-2' }],
    ...[{ authorization: 'Bearer' }, { authorization: 'Basic eA==' }, { origin: 'http://evil.example' }],
  ),
);
const JUNK_BODY = fc.oneof(
  fc.uint8Array({ maxLength: 50 }),
  fc.json(),
  fc.constantFrom<(string | Uint8Array)[]>(
    ...['{"a":'.repeat(5000), '['.repeat(100_000), '{"__proto__":{"role":"admin"}}', `{"name":"${PRIVATE[0]}"}`],
    ...['x'.repeat(2 << 20), `{"name":"${'x'.repeat(2 << 20)}"}`, '\ufeff{}', gzipSync('{"name":"x"}')],
    ...[
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
      gzipSync(Buffer.alloc(4 << 20)).subarray(0, 900),
    ],
  ),
);

function operationsOf(document: OpenapiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { requestBody } = operation as { requestBody?: { content: Record<string, { schema?: Schema }> } };
      const body = requestBody === undefined ? undefined : (Object.values(requestBody.content)[0]?.schema ?? {});
      const parameters = (operation.parameters ?? []) as readonly Part[];
      return { id: operation.operationId, method: method.toUpperCase(), path, parameters, body };
    }),
  );
}

/** Some request of an operation: fitting its schemas, with a part that does not, or nothing but junk. */
function requestOf(operation: Operation, components: Readonly<Record<string, Schema>>): fc.Arbitrary<Case> {
  const inPart = (where: string) => operation.parameters.filter((one) => one.in === where);
  const value = ({ schema }: Part) =>
    fc.oneof({ weight: 4, arbitrary: shaped(schema, components).map(String) }, { weight: 1, arbitrary: JUNK_TEXT });
  const junkQuery = fc.tuple(fc.oneof(fc.constantFrom('limit', 'cursor', 'x', 'token'), JUNK_TEXT), JUNK_TEXT);
  const query = fc
    .tuple(
      ...inPart('query').map((part) => fc.option(value(part), { nil: undefined, freq: part.required ? 9 : 2 })),
      fc.option(junkQuery, { nil: undefined, freq: 1 }),
    )
    .map((values) =>
      values.flatMap((one, n): [string, string][] => {
        if (one === undefined) return [];
        return typeof one === 'string' ? [[inPart('query')[n]!.name, one]] : [one as [string, string]];
      }),
    );
  const sound = shaped(operation.body ?? {}, components).map((one) => JSON.stringify(one) ?? '');
  const body: fc.Arbitrary<Case['body']> =
    operation.body === undefined
      ? fc.option(JUNK_BODY, { nil: undefined, freq: 1 })
      : fc.oneof({ weight: 4, arbitrary: sound }, { weight: 3, arbitrary: sound.chain(mutatedPayload) }, JUNK_BODY);
  return fc.record({
    operation: fc.constant(operation),
    role: fc.oneof({ weight: 3, arbitrary: fc.constant('admin') }, fc.constantFrom(...ROLES, 'nobody', 'stranger')),
    path: fc.tuple(...inPart('path').map(value)),
    query,
    headers: JUNK_HEADERS,
    body,
  });
}

describe('fuzz: requests to the API', function () {
  this.timeout(0);
  let app: TestApp;
  let document: OpenapiDocument;
  let check: ReturnType<typeof documentedAnswers>;
  const agent = new Agent({ keepAlive: true });
  const ids: string[] = [];

  before(async () => {
    app = await openTestApp();
    await collectBrand(app.store);
    await app.call('POST', '/api/v1/refresh', { body: {} });
    document = (await app.call('GET', '/openapi.json')).json;
    check = documentedAnswers(document);
    for (const phone of [ZHANG.phone, LI.phone])
      keepIds((await app.call('POST', '/api/v1/profiles/lookup', { body: { type: 'phone', value: phone } })).json);
    const condition = { kind: 'channel', operator: 'any', channels: ['pos'] };
    keepIds((await app.call('POST', '/api/v1/segments', { body: { name: 's', condition } })).json);
  });
  after(async () => {
    agent.destroy();
    await app.close();
  });

  /** Ids and cursors that an answer holds, so that later requests ask for what is there. */
  function keepIds(answer: unknown): void {
    if (typeof answer !== 'object' || answer === null) return;
    for (const [name, value] of Object.entries(answer)) {
      if (typeof value !== 'string') keepIds(value);
      else if (/(^|_)(id|cursor|key)$/.test(name) && value !== '' && !ids.includes(value)) {
        if (ids.length < KEPT_IDS) ids.push(value);
        else ids[value.length % KEPT_IDS] = value;
      }
    }
  }

  function urlOf({ operation, path, query }: Case): string {
    let n = 0;
    const filled = operation.path.replace(/\{\w+\}/g, () => escaped(path[n++]!));
    const asked = query.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');
    const url = asked === '' ? filled : `${filled}?${asked}`;
    return FATAL.has(operation.id) ? url : known(url);
  }

  const known = (text: string) => text.replace(KNOWN_ID, (_all, n: string) => ids[Number(n) % ids.length]!);

  /** Sends it; null when the server closed the connection instead of answering. */
  function send(one: Case): Promise<{ status: number; type: string; text: string } | null> {
    const { operation, role, body } = one;
    const key = role === 'stranger' ? 'qk_0000_0000' : app.keys[role as keyof typeof app.keys];
    const headers = {
      ...(role === 'nobody' ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...one.headers,
    };
    return new Promise((done) => {
      const options = { method: operation.method, port: app.port, host: '127.0.0.1', path: urlOf(one), headers, agent };
      const outgoing = request(options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', () => done(null));
        incoming.on('end', () => {
          const type = incoming.headers['content-type'] ?? '';
          done({ status: incoming.statusCode ?? 0, type, text: Buffer.concat(chunks).toString('utf8') });
        });
      });
      outgoing.on('error', () => done(null));
      outgoing.end(typeof body === 'string' && !FATAL.has(operation.id) ? known(body) : body);
    });
  }

  /** Jobs of the one job worker come one after another. */
  async function jobEnded(answer: { run_id?: string; run?: { run_id: string } }): Promise<void> {
    const id = answer.run?.run_id ?? answer.run_id;
    if (id === undefined || app.sources.running.some((run) => run.run_id === id)) return;
    for (let tries = 0; tries < 2000; tries++) {
      const { json } = await app.call('GET', `/api/v1/runs/${id}`);
      if (json.status !== 'running') return;
      await sleep(10);
    }
    throw new Error(`run ${id} did not end`);
  }

  it('are answered as documented, never with a fault of ours, never with a personal value', async () => {
    const components = document.components.schemas as Readonly<Record<string, Schema>>;
    const operations = operationsOf(document).map((operation) => ({
      weight: SLOW.has(operation.id) ? 1 : 8,
      arbitrary: requestOf(operation, components),
    }));
    await fuzz(fc.oneof(...operations), async (one) => {
      const reply = await send(one);
      const lines = app.lines.splice(0).join('\n');
      for (const value of PRIVATE) assert.ok(!lines.includes(value), `the log holds ${value}`);
      if (reply === null) {
        const bytes = one.body?.length ?? 0;
        assert.ok(bytes > 1 << 20 || one.headers.expect !== undefined, 'closed without an answer');
        return;
      }
      const { status, type, text } = reply;
      assert.ok(status < 500 || status === 503, `${status}: ${text} ${lines}`);
      const json = type.includes('json') ? JSON.parse(text) : undefined;
      check({ method: one.operation.method, path: urlOf(one), status, json });
      if (status >= 400) {
        assert.ok(type.startsWith('application/problem+json'), `${status} of type ${type}: ${text}`);
        assert.ok(json.code in ERRORS, json.code);
        for (const value of PRIVATE) assert.ok(!text.includes(value), `the problem holds ${value}`);
        return;
      }
      keepIds(json);
      if (status === 202) await jobEnded(json);
    });
  });
});

/** As it is where it is escaped or broken on purpose; else so that HTTP can carry it. */
function escaped(text: string): string {
  return /^[!-~]*$/.test(text) && !/[?#&]/.test(text) ? text : encodeURIComponent(text);
}

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { startServer } from '../../api/index.ts';
import { assertProblem, openTestApp, type TestApp } from './test-app.ts';

describe('the server', () => {
  const slow = express().get('/', async (_request, response) => {
    await sleep(300);
    response.send('whole');
  });

  it('lets requests under way end when it stops, and takes no new ones', async () => {
    const server = await startServer(slow, { port: 0, host: '127.0.0.1' });
    const url = `http://127.0.0.1:${server.port}/`;
    const answer = fetch(url).then((response) => response.text());
    await sleep(100);
    const stopped = server.stop(5_000);
    await assert.rejects(fetch(url));
    assert.equal(await answer, 'whole');
    const answered = performance.now();
    await stopped;
    assert.ok(performance.now() - answered < 1_000);
  });

  it('cuts off what does not end in time', async () => {
    const never = express().get('/', () => undefined);
    const server = await startServer(never, { port: 0, host: '127.0.0.1' });
    const answer = fetch(`http://127.0.0.1:${server.port}/`);
    const cut = assert.rejects(answer);
    await sleep(100);
    const began = performance.now();
    await server.stop(200);
    assert.ok(performance.now() - began < 2_000);
    await cut;
  });

  it('says when its port is taken', async () => {
    const server = await startServer(slow, { port: 0, host: '127.0.0.1' });
    await assert.rejects(startServer(slow, { port: server.port, host: '127.0.0.1' }), { code: 'EADDRINUSE' });
    await server.stop(100);
  });
});

describe('an installation in trouble', () => {
  let app: TestApp;
  before(async () => {
    app = await openTestApp();
  });
  after(() => app.close());

  it('takes nothing new while it stops, and still says how it is', async () => {
    const { ready } = app.services.status;
    Object.assign(app.services.status, { ready: () => false });
    const reply = await app.call('GET', '/api/v1/sources');
    assertProblem(reply, 503, 'api.stopping');
    assert.ok(Number(reply.headers.get('retry-after')) > 0);
    assert.equal((await app.call('GET', '/ready')).status, 503);
    assert.equal((await app.call('GET', '/health')).status, 200);
    Object.assign(app.services.status, { ready });
  });

  it('tells on /health that the engine is gone, answers with 503 meanwhile, and works again once it is back', async () => {
    process.kill(app.store.engine.pid!, 'SIGKILL');
    while (app.store.engine.state().status === 'running') await sleep(5);
    const health = await app.call('GET', '/health');
    assert.deepEqual([health.status, health.json.status], [503, 'down']);
    assert.equal((await app.call('GET', '/ready')).status, 503);
    // What is in memory is still answered.
    assert.equal((await app.call('GET', '/api/v1/segments')).status, 200);
    const runs = await app.call('GET', '/api/v1/runs');
    if (runs.status !== 200) assertProblem(runs, 503, 'store.unavailable');
    while ((await app.call('GET', '/health')).status !== 200) await sleep(20);
    const { json } = await app.call('GET', '/health');
    assert.equal(json.engine.restarts, 1);
    assert.equal((await app.call('GET', '/api/v1/runs')).status, 200);
    assert.match((await app.call('GET', '/metrics')).text, /quanyu_engine_restarts_total 1/);
  });
});

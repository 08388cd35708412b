import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { createApp } from '../../api/index.ts';
import type { OpenapiDocument } from './documented-answers.ts';
import { openTestApp, type TestApp } from './test-app.ts';

interface Layer {
  readonly route?: { readonly path: string; readonly stack: readonly { readonly method?: string }[] };
}

describe('the OpenAPI document', () => {
  let app: TestApp;
  let document: OpenapiDocument;
  before(async () => {
    app = await openTestApp();
    document = (await app.call('GET', '/openapi.json', { as: null })).json;
  });
  after(() => app.close());

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document) as object as Record<string, never>);
    assert.deepEqual(result.errors, undefined);
    assert.ok(result.valid);
    assert.equal(validator.version, '3.1');
  });

  it('holds each route of the app, and no other', () => {
    const router = createApp(app.services).router as unknown as { stack: readonly Layer[] };
    const mounted = router.stack.flatMap(({ route }) =>
      (route?.stack ?? []).flatMap(({ method }) =>
        method ? [`${method} ${route?.path.replace(/:(\w+)/g, '{$1}')}`] : [],
      ),
    );
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    assert.deepEqual([...new Set(mounted)].sort(), documented.sort());
  });

  it('gives each operation a name of its own and says who may call it', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const names = operations.map(({ operationId }) => operationId);
    assert.deepEqual(names, [...new Set(names)]);
    for (const { operationId, security, description } of operations)
      assert.match(description, security ? /Roles: / : /Open: /, operationId);
  });

  it('names no personal identifier as a path part or query parameter', () => {
    const names = Object.values(document.paths)
      .flatMap((path) => Object.values(path))
      .flatMap(({ parameters }) => (parameters ?? []).map(({ name }) => name));
    assert.deepEqual(
      names.filter((name) => /phone|mobile|email|openid|name|value|token|key/i.test(name)),
      [],
    );
  });

  it('refers only to schemas that it holds', () => {
    const text = JSON.stringify(document);
    const referred = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map((match) => match[1]!));
    assert.deepEqual([...referred].sort(), Object.keys(document.components.schemas).sort());
  });

  it('is readable at /docs with files of this server only', async () => {
    const page = await app.call('GET', '/docs/', { as: null });
    assert.equal(page.status, 200);
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    assert.ok(files.length >= 4);
    for (const file of files) {
      const reply = await fetch(new URL(file, app.base), { method: 'HEAD' });
      assert.equal(reply.status, 200, file);
      assert.equal(new URL(file, app.base).origin, app.base);
    }
    // Scripts come from files: the policy lets no script of the page itself run.
    assert.doesNotMatch(page.text, /<script>|<script [^>]*>[^<]/);
    const bundle = readFileSync(join(import.meta.dirname, '../../node_modules/swagger-ui-dist/swagger-ui-bundle.js'));
    assert.equal(
      (await (await fetch(`${app.base}/docs/swagger-ui-bundle.js`)).arrayBuffer()).byteLength,
      bundle.length,
    );
  });
});

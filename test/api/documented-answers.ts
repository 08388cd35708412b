/** Holds answers to the OpenAPI document: the status must be documented, and the body must fit its schema. */
import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

interface Content {
  readonly [contentType: string]: { readonly schema: object };
}

export interface OpenapiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface Operation {
  readonly operationId: string;
  readonly description: string;
  readonly security?: unknown;
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: object }[];
  readonly responses: Readonly<Record<string, { content?: Content }>>;
}

/** The check of one answer. Paths that no operation has are let by. */
export function documentedAnswers(document: OpenapiDocument) {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ ...document, $id: 'openapi' });
  const patterns = Object.keys(document.paths)
    // A fixed path (rejections/summary) is more to the point than a parameter.
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .map((path) => ({ path, matches: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`) }));
  return (answer: { method: string; path: string; status: number; json: unknown }) => {
    const path = answer.path.split('?')[0]!;
    const found = patterns.find(({ matches }) => matches.test(path));
    const operation = found && document.paths[found.path]?.[answer.method.toLowerCase()];
    if (operation === undefined) return;
    const response = operation.responses[answer.status];
    const what = `${answer.method} ${found!.path} ${answer.status}`;
    assert.ok(response, `${what} is not documented: ${JSON.stringify(answer.json)}`);
    const [content] = Object.entries(response.content ?? {}).filter(([type]) => type.includes('json'));
    if (content === undefined || answer.json === undefined) return;
    const place = [
      'paths',
      found!.path,
      answer.method.toLowerCase(),
      'responses',
      String(answer.status),
      'content',
      content[0],
    ];
    const pointer = place.map((one) => encodeURIComponent(one.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const validate = ajv.getSchema(`openapi#/${pointer}/schema`)!;
    assert.ok(
      validate(answer.json),
      `${what}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(answer.json).slice(0, 500)}`,
    );
  };
}

// npm run docs:errors: writes docs/errors.md from the registry in errors.ts.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../errors.ts';

const rows = Object.entries(ERRORS).map(
  ([code, one]) => `| \`${code}\` | ${one.status} | ${one.retry} | ${one.meaning} |`,
);
writeFileSync(
  join(import.meta.dirname, '../docs/errors.md'),
  `# Errors

Every error Quanyu answers with has one of these codes, in the field \`code\` of the problem document (RFC 9457) and at the head of the command line's message. *Retry* says whether the same call can succeed: \`later\` by itself, \`after-mending\` once somebody has done what the message says, \`never\` as it stands. This page is made by \`npm run docs:errors\` and held to the code by a test.

| code | status | retry | meaning |
|---|---|---|---|
${rows.join('\n')}
`,
);

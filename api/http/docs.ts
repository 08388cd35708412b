/** `/docs`: the OpenAPI document, readable, with swagger-ui's own files served from here and nothing from elsewhere. */
import { join } from 'node:path';
import { Router } from 'express';
import { getAbsoluteFSPath } from 'swagger-ui-dist';

const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Quanyu API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="docs"></div>
<noscript>This page needs JavaScript; the document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

// Keys typed in for trying out stay in the page's memory; no document is sent to a validator elsewhere.
const START = `SwaggerUIBundle({
  url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null, persistAuthorization: false,
  displayRequestDuration: true,
});
`;

export function docs(): Router {
  const router = Router();
  const folder = getAbsoluteFSPath();
  router.use((_request, response, next) => {
    response.locals.route = '/docs';
    next();
  });
  router.get('/', (_request, response) => {
    response.type('html').send(PAGE);
  });
  router.get('/start.js', (_request, response) => {
    response.type('text/javascript').send(START);
  });
  for (const file of FILES) {
    router.get(`/${file}`, (_request, response) => {
      response.sendFile(join(folder, file), { cacheControl: false });
    });
  }
  return router;
}

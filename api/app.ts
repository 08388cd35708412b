/** The express app: what every request passes, the declared routes, and an answer to everything else. */
import express, { type Express, type RequestHandler } from 'express';
import { QuanyuError } from '../errors.ts';
import { type Log, logFor } from '../log.ts';
import { docs } from './http/docs.ts';
import { limitedPerKey, limitedWrongKeys } from './http/limits.ts';
import { mount } from './http/mount.ts';
import { problems } from './http/problem.ts';
import { identified, logged, secured } from './http/request.ts';
import { openMetrics } from './metrics.ts';
import { allRoutes } from './routes/index.ts';
import type { ApiServices, StatusService } from './services.ts';
import { tracking } from './tracking/index.ts';

export interface AppOptions {
  /** Requests a minute per API key. @default 6000 */
  readonly requestsPerMinute?: number;
  /** Refused keys a minute per address. @default 60 */
  readonly wrongKeysPerMinute?: number;
  /** Where request lines go. @default the log of the part `api` */
  readonly log?: Log;
}

/** The app over the services that main puts together; `startServer` listens with it. */
export function createApp(services: ApiServices, options: AppOptions = {}): Express {
  const log = options.log ?? logFor('api');
  const metrics = openMetrics(services);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  // A reverse proxy on the same machine may say which address it answers for.
  app.set('trust proxy', 'loopback');
  app.use(identified, logged(log, metrics.observe), secured);
  app.use('/docs', docs());
  app.use(['/api', '/push', '/v1'], accepting(services.status));
  app.use('/v1', tracking(services.tracking, log));
  mount(app, allRoutes(services, metrics), {
    documents: services.documents,
    wrongKeys: limitedWrongKeys(options.wrongKeysPerMinute ?? 60),
    perKey: limitedPerKey(options.requestsPerMinute ?? 6000),
  });
  app.use(unknown, problems(log));
  return app;
}

/** While stopping, what is under way ends and nothing new begins. */
function accepting(status: StatusService): RequestHandler {
  return (_request, response, next) => {
    if (status.ready()) return next();
    response.set('Connection', 'close');
    throw new QuanyuError('api.stopping', 'Quanyu is stopping or starting. Try again in some seconds.');
  };
}

const unknown: RequestHandler = () => {
  throw new QuanyuError('api.not-found', 'There is no such route. /docs shows the routes there are.');
};

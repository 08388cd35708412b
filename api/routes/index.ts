/** Every route of the API, one line for each resource. */
import type { Metrics } from '../metrics.ts';
import type { Route } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { audienceRoutes } from './audiences.ts';
import { auditRoutes } from './audit.ts';
import { coverageRoutes } from './coverage.ts';
import { exportRoutes } from './exports.ts';
import { healthRoutes } from './health.ts';
import { keyRoutes } from './keys.ts';
import { documented } from './openapi.ts';
import { operationRoutes } from './operations.ts';
import { orderRoutes } from './orders.ts';
import { privacyRoutes } from './privacy.ts';
import { profileRecordRoutes } from './profile-records.ts';
import { profileWhyRoutes } from './profile-why.ts';
import { profileRoutes } from './profiles.ts';
import { publishedRoutes } from './published.ts';
import { pushRoutes } from './push.ts';
import { reconciliationRoutes } from './reconciliation.ts';
import { rejectionRoutes } from './rejections.ts';
import { runRoutes } from './runs.ts';
import { segmentRoutes } from './segments.ts';
import { sourceRoutes } from './sources.ts';
import { tagRoutes } from './tags.ts';

export function allRoutes(services: ApiServices, metrics: Metrics): Route[] {
  return documented([
    ...sourceRoutes(services),
    ...runRoutes(services),
    ...rejectionRoutes(services),
    ...coverageRoutes(services),
    ...reconciliationRoutes(services),
    ...orderRoutes(services),
    ...profileRoutes(services),
    ...profileRecordRoutes(services),
    ...profileWhyRoutes(services),
    ...tagRoutes(),
    ...audienceRoutes(services),
    ...segmentRoutes(services),
    ...exportRoutes(services),
    ...publishedRoutes(services),
    ...privacyRoutes(services),
    ...operationRoutes(services),
    ...keyRoutes(services),
    ...auditRoutes(services),
    ...pushRoutes(services),
    ...healthRoutes(services, metrics),
  ]);
}

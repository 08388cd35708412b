/** Front door of api/: the app, its server, keys, and the services it needs. */
export { type AppOptions, createApp } from './app.ts';
export { createKey, ensureAdminKey, listKeys } from './keys.ts';
export { resumePrivacyRequests } from './privacy-requests.ts';
export { type RunningServer, startServer } from './server.ts';
export type * from './services.ts';

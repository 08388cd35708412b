/** The embedded ClickHouse: a child process over chdb that speaks ClickHouse's HTTP interface on loopback. */

export { runStandalone } from './standalone.ts';
export type { Engine, EngineConnection, EngineState } from './supervisor.ts';
export { startEngine } from './supervisor.ts';

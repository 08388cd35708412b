/** Front door of store/: everything that knows ClickHouse. */
export { openStore, type QueryOptions, type Store, type StoreOptions } from './client.ts';
export { type Document, type Documents, openDocuments } from './documents.ts';
export { migrate, readMigrations } from './migrate.ts';
export { type Published, publish, readPublished } from './published.ts';
export { reseal } from './reseal.ts';
export { type Run, type RunStatus, type RunView, startRun } from './runs.ts';
export { join, name, p, raw, type SqlFragment, sql } from './sql.ts';
export { accountIdOf, accountToken, identifierToken, publicId, recordToken } from './tokens.ts';
export {
  checkVaultKeys,
  loadVaultKeys,
  openVault,
  saveVaultKeys,
  type Vault,
  type VaultKeys,
  vaultKnown,
  withNewSealingKey,
} from './vault.ts';

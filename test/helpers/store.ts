/** A real embedded engine in a folder of its own, migrated, with a vault: what most tests of tables begin with. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, startEngine } from '../../store/embedded/index.ts';
import { migrate, openStore, openVault, type Store, type Vault, type VaultKeys } from '../../store/index.ts';

export interface TestStore {
  readonly engine: Engine;
  readonly store: Store;
  readonly vault: Vault;
  readonly keys: VaultKeys;
  readonly dataDir: string;
  close(): Promise<void>;
}

/** Fixed keys, so that tokens are the same in every run. */
export const TEST_KEYS: VaultKeys = {
  token: '00112233445566778899aabbccddeeff',
  sealing: { 1: '11'.repeat(32) },
  current: 1,
};

let databases = 0;

/**
 * Starts an engine on a fresh folder (or on `dataDir`), applies the migrations and opens store and vault.
 * With `engine`, a fresh database of that running engine instead, which `close` leaves running.
 */
export async function openTestStore(options: { dataDir?: string; engine?: Engine } = {}): Promise<TestStore> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'quanyu-test-')));
  const engine = options.engine ?? (await startEngine({ dataDir }));
  const database = options.engine === undefined ? 'quanyu' : `quanyu_${++databases}`;
  const store = openStore({ ...engine.connection, database });
  await migrate(store);
  return {
    engine,
    store,
    vault: openVault(TEST_KEYS),
    keys: TEST_KEYS,
    dataDir,
    async close() {
      await store.close();
      if (options.engine === undefined) await engine.stop();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

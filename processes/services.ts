/** What the API needs, put together from the main process's parts. */
import type { ApiServices } from '../api/index.ts';
import { systemClock } from '../clock.ts';
import { findProfiles } from '../identity/index.ts';
import { openAudit } from '../privacy/index.ts';
import type { Engine } from '../store/embedded/index.ts';
import type { Documents, Store, Vault } from '../store/index.ts';
import type { Control } from './control.ts';

export interface Parts {
  readonly control: Control;
  readonly store: Store;
  readonly documents: Documents;
  readonly engine: Engine | null;
  readonly dataDir: string;
  readonly zone: string;
  /** False while stopping. */
  readonly ready: () => boolean;
}

export function servicesOf({ control, store, documents, engine, dataDir, zone, ready }: Parts): ApiServices {
  return {
    profiles: { find: (identifier) => findProfiles({ store, vault: control.vault() }, identifier) },
    store,
    documents,
    vault: vaultInForce(control),
    dataDir,
    zone,
    jobs: {
      audience: (job) => control.heavy('audience', job),
      export: (request) => control.heavy('export', request),
      forget: (person) => control.forget(person),
    },
    clock: systemClock,
    audit: openAudit(store, systemClock),
    status: {
      engine: () => (engine === null ? { status: 'external', restarts: 0 } : engine.state()),
      ready,
      published: () => control.published(),
    },
    sources: control.sources,
    operations: { refresh: (full) => control.refresh(full), rotateKey: () => control.rotateKey() },
    tracking: control.tracking,
    runs: { running: () => control.running(), totals: () => control.totals() },
  };
}

/** A vault that is always under the keys in force, for whoever holds on to it. */
function vaultInForce(control: Control): Vault {
  return {
    get currentKeyId() {
      return control.vault().currentKeyId;
    },
    token: (expression) => control.vault().token(expression),
    seal: (expression, iv) => control.vault().seal(expression, iv),
    open: (columns) => control.vault().open(columns),
  };
}

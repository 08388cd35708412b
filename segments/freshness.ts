/** How fresh a figure is: printed on every one of them. */
import type { Published } from '../store/index.ts';

export interface Freshness {
  readonly published_version: number;
  readonly identity_version: number;
  readonly tags_version: number;
  /** Facts delivered up to this instant (UTC) are in. */
  readonly data_up_to: string;
  readonly published_at: string;
}

export function freshnessOf(published: Published): Freshness {
  const { version, identity_version, tags_version, data_up_to, published_at } = published;
  return { published_version: version, identity_version, tags_version, data_up_to, published_at };
}

/** How fresh a figure is: stands beside every one of them. */
import { Type } from 'typebox';
import { closed } from '../route.ts';
import { Instant } from './shared.ts';

export const Freshness = closed(
  {
    published_version: Type.Integer(),
    identity_version: Type.Integer(),
    tags_version: Type.Integer(),
    data_up_to: Instant,
    published_at: Instant,
  },
  { $id: 'Freshness' },
);

/** The tag library. Order matters: a tag may use the tags before it. */
import type { ParameterSet, Tag } from '../tag.ts';
import { lifecycleDays, lifecycleStage } from './lifecycle.ts';
import { favouriteCategory, preferredChannel } from './preferences.ts';
import {
  firstPurchase,
  lastPurchase,
  netAmount,
  netAmount365d,
  purchaseCount,
  purchaseCount365d,
} from './purchases.ts';
import { rfmGroup, rfmThresholds } from './rfm.ts';
import { channels, isMember, reachable } from './standing.ts';

export const TAGS: readonly Tag[] = [
  channels,
  isMember,
  reachable,
  firstPurchase,
  lastPurchase,
  purchaseCount,
  purchaseCount365d,
  netAmount,
  netAmount365d,
  preferredChannel,
  favouriteCategory,
  rfmGroup,
  lifecycleStage,
];

export const PARAMETER_SETS: readonly ParameterSet[] = [rfmThresholds, lifecycleDays];

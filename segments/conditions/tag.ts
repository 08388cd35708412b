/** tag: what was computed of the profile. */
import { raw } from '../../store/index.ts';
import { TAGS } from '../tags/library/index.ts';
import { attributeKind } from './attribute.ts';
import type { TagIs } from './condition.ts';

export const tag = attributeKind<TagIs>({
  kind: 'tag',
  attributes: TAGS,
  id: (node) => node.tag,
  value: ({ id }) => raw(id),
});

/** trait: what the sources say of the person. */
import { TRAITS, traitValue } from '../tags/traits.ts';
import { attributeKind } from './attribute.ts';
import type { TraitIs } from './condition.ts';

const byId = new Map(TRAITS.map((trait) => [trait.id, trait]));

export const trait = attributeKind<TraitIs>({
  kind: 'trait',
  attributes: TRAITS,
  id: (node) => node.trait,
  value: ({ id }) => traitValue(byId.get(id)!),
});

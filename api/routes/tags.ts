/** The tag library and the traits: what a condition can ask for and an export can carry. */
import { Type } from 'typebox';
import { type Attribute, TAGS, TRAITS } from '../../segments/index.ts';
import { ROLES } from '../roles.ts';
import { closed, type Route, route } from '../route.ts';

const Words = closed({ zh: Type.String(), en: Type.String() });
const attribute = {
  id: Type.String(),
  type: Type.Enum(['text', 'enumeration', 'number', 'money', 'date', 'boolean', 'list'], {
    description: 'money is in fen; date is a day in the brand’s zone.',
  }),
  title: Words,
  sentence: Words,
  values: Type.Optional(Type.Record(Type.String(), Words, { description: 'The values of an enumeration or a list.' })),
};

export function tagRoutes(): Route[] {
  return [listTags(), listTraits()];
}

function listTags(): Route {
  const window = Type.Union([Type.Integer(), Type.Null()], {
    description: 'Days its data reaches back, today included; null = all there is.',
  });
  return route({
    id: 'listTags',
    method: 'get',
    path: '/api/v1/tags',
    tag: 'tags',
    roles: ROLES,
    summary: 'The tag library',
    answer: {
      status: 200,
      description: 'All tags.',
      schema: closed({ items: Type.Array(closed({ ...attribute, window })) }),
    },
    handler: () => ({ body: { items: TAGS.map((tag) => ({ ...shown(tag), window: tag.window })) } }),
  });
}

function listTraits(): Route {
  return route({
    id: 'listTraits',
    method: 'get',
    path: '/api/v1/traits',
    tag: 'tags',
    roles: ROLES,
    summary: 'The traits of a profile, and which value survives',
    answer: {
      status: 200,
      description: 'All traits.',
      schema: closed({ items: Type.Array(closed({ ...attribute, rule: Words })) }),
    },
    handler: () => ({ body: { items: TRAITS.map((trait) => ({ ...shown(trait), rule: trait.rule })) } }),
  });
}

function shown({ id, type, title, sentence, values }: Attribute) {
  const words = Object.entries(values ?? {}).map(([value, { zh, en }]) => [value, { zh, en }] as const);
  return { id, type, title, sentence, ...(values === undefined ? {} : { values: Object.fromEntries(words) }) };
}

/** An identifier as it is sent in a body. */
import { type Static, Type } from 'typebox';
import { IDENTIFIER_TYPES } from '../../ingest/identifiers/index.ts';
import { closed } from '../route.ts';

export const GivenIdentifier = closed(
  {
    type: Type.Enum([...IDENTIFIER_TYPES]),
    scope: Type.String({
      maxLength: 200,
      default: '',
      description: 'Where the value means something: the shop, the appid …; empty for phones and e-mail addresses.',
    }),
    value: Type.String({
      minLength: 1,
      maxLength: 400,
      description: 'In any usual form: it is read as collectors read it.',
    }),
  },
  { $id: 'Identifier' },
);
export type GivenIdentifier = Static<typeof GivenIdentifier>;

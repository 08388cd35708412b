/** What a route is: a declaration from which validation, authorisation and the OpenAPI document are all made. */
import type { Readable } from 'node:stream';
import { type Static, type TObject, type TSchema, Type } from 'typebox';
import type { ErrorCode } from '../errors.ts';
import type { Caller, Role } from './roles.ts';

export type Method = 'get' | 'post' | 'put' | 'delete';

/** What a handler is given: all of it has passed the declaration's schemas. */
export interface Input<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Who asks; on a route open to all, nobody. */
  readonly caller: Caller;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** JSON by `body`, or bytes by `stream`; `status` where it is not the declared one. */
export type Answer<Body> =
  | { readonly body: Body; readonly status?: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly stream: Readable; readonly headers: Readonly<Record<string, string>> }
  | { readonly bytes: string | Buffer; readonly status: number; readonly headers: Readonly<Record<string, string>> };

/** As the front doors give it: nothing in it is to be changed. */
type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

interface Declaration<P extends TObject, Q extends TObject, B extends TSchema, A extends TSchema> {
  /** Name of the operation in the OpenAPI document, for generated clients. */
  readonly id: string;
  readonly method: Method;
  /** With parameters in braces: `/api/v1/profiles/{id}`. */
  readonly path: string;
  readonly tag: string;
  /** Roles that may call it; `open` = no key is asked for. */
  readonly roles: readonly Role[] | 'open';
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  /** Schema of the JSON body; `raw` hands over the bytes of any body. */
  readonly body?: B | 'raw';
  readonly answer: {
    readonly status: number;
    readonly description: string;
    readonly schema: A;
    /** @default application/json */
    readonly contentType?: string;
    /** Other statuses that carry the same schema, for example 503 of `/health`. */
    readonly also?: readonly number[];
  };
  /** Errors of its own, beside those that every route of its kind can answer with. */
  readonly problems?: readonly ErrorCode[];
  /** It reads If-Match, and answers with ETag. */
  readonly ifMatch?: boolean;
  handler(
    input: Input<Static<P>, Static<Q>, Static<B>>,
  ): Promise<Answer<Frozen<Static<A>>>> | Answer<Frozen<Static<A>>>;
}

/** A declaration whose input types are erased: what the app and the OpenAPI document work on. */
export type Route = Declaration<TObject, TObject, TSchema, TSchema>;

/** Declares a route; the handler's types follow from the schemas. */
export function route<P extends TObject, Q extends TObject, B extends TSchema, A extends TSchema>(
  declaration: Declaration<P, Q, B, A>,
): Route {
  return declaration as unknown as Route;
}

/** An object that takes no property beyond its own. */
export function closed<Properties extends Record<string, TSchema>>(properties: Properties, more: object = {}) {
  return Type.Object(properties, { additionalProperties: false, ...more });
}

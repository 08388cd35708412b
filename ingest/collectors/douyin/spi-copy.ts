/**
 * A copy of a 会员通 call, as kit/call-copy.ts has it, with one member more: `interface` says which of the loyalty system's
 * addresses the platform called, since the call itself does not.
 */
import {
  bodyFields,
  bodyKind,
  bodyText,
  type CallCopy,
  COPY_MEMBERS,
  REQUIRED_COPY_MEMBERS,
} from '../kit/call-copy.ts';
import { isObject, plainText, tryJson } from '../kit/json.ts';
import { checker, object, shape } from '../kit/validate.ts';

export const SPI_INTERFACES = ['member_join', 'member_unbind', 'member_query', 'member_update'] as const;
export type SpiInterface = (typeof SPI_INTERFACES)[number];

export type SpiCopy = CallCopy & { readonly interface: SpiInterface };

export const checkSpiCopy = checker<SpiCopy>(
  object({ ...COPY_MEMBERS, interface: shape.oneOf(SPI_INTERFACES) }, [...REQUIRED_COPY_MEMBERS, 'interface']),
);

/** The signed JSON of a call: a parameter of a GET or of a form, else the body. Where it stands in a POST is not documented. */
export function spiParamJson(call: SpiCopy['call']): string {
  const { param_json } = call.query;
  if (param_json !== undefined) return param_json;
  if (bodyKind(call) !== 'form') return bodyText(call);
  return plainText(bodyFields(call).param_json);
}

/** The fields of a call; empty where it holds none. */
export function spiFields(call: SpiCopy['call']): Readonly<Record<string, unknown>> {
  const fields = tryJson(spiParamJson(call));
  return isObject(fields) ? fields : {};
}

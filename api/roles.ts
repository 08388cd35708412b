/** Who may do what: each key has one role, each route names the roles it takes. */
export const ROLES = ['marketer', 'analyst', 'crm', 'steward', 'privacy', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** Roles that may see personal values in clear, for a stated purpose and with an audit row. */
export const MAY_REVEAL: readonly Role[] = ['crm', 'privacy', 'admin'];

/** Who a request comes from: the key's id, its role and the name it was given. */
export interface Caller {
  readonly key: string;
  readonly role: Role;
  readonly name: string;
}

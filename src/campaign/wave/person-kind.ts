/** The kinds of affected people and the flags that change how a person may be told; segments choose by them. */

/** Who the person is to the client. Each kind may need a text of its own: a delivery addressee never was a customer. */
export const personKinds = [
  'customer',
  'former_customer',
  'delivery_addressee',
  'employee',
  'family',
  'corporate_contact',
] as const;
export type PersonKind = (typeof personKinds)[number];

/** What must be handled with care before anything is sent to this person. */
export const handlingFlags = ['protected_address', 'deceased', 'minor', 'represented', 'litigation', 'abroad'] as const;
export type HandlingFlag = (typeof handlingFlags)[number];

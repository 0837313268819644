/** Who may do what: the rights that operations ask for, and the roles, each with no more of them than its work needs. */

export const rights = [
  /** Counts, dates, amounts: nothing that names an affected person. */
  'look',
  /** Names, addresses and the whole story of a person. */
  'read-people',
  /** The draft, the list and everything before an approval. */
  'prepare',
  'approve',
  /** Starts, stops and settles what leaves. */
  'send',
  /** Lots, returns and the stock of cards. */
  'letters',
  /** What the window writes down. */
  'answer',
  /** Invoices, consents, publications, the claim. */
  'money',
  /** The home itself: backups, keys, processes. */
  'keep',
] as const;

export type Right = (typeof rights)[number];

export const roles = {
  /** Whoever may use the account under which Owabi runs on this machine, and so the command line. */
  owner: rights,
  /** Whoever has the token of the status page. */
  viewer: ['look'],
  coordinator: ['look', 'read-people', 'prepare', 'send', 'letters', 'money'],
  approver: ['look', 'read-people', 'approve'],
  print_house: ['look', 'letters'],
  window: ['look', 'answer'],
  accountant: ['look', 'money'],
  auditor: ['look', 'read-people'],
} as const satisfies Record<string, readonly Right[]>;

export type Role = keyof typeof roles;

export function hasRight(role: Role, right: Right): boolean {
  const given: readonly Right[] = roles[role];
  return given.includes(right);
}

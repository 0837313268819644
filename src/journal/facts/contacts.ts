/** The facts that the contacts room writes: who asked (by pseudonym), what is to be checked, what the call centre reported. Closed union. */
export const contactsFacts = [
  'contact.recorded',
  'case.opened',
  'case.rechecked',
  'case.closed',
  'interval.reported',
] as const;

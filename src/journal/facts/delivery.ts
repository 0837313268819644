/** The facts that the delivery room writes besides those of mails and letters: planning and decisions about people. */
export const deliveryFacts = [
  'waves.planned',
  'letters.due',
  'gifts.due',
  'wave.filled',
  'people.resent',
  'people.decided',
] as const;

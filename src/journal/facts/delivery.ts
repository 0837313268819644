/** The facts that the delivery room writes. Closed union: a kind that is not listed here cannot be recorded. */
export const deliveryFacts = [
  'wave.planned',
  'people.advanced',
  'substitute.recorded',
  'person.excluded',
  'wave.released',
] as const;

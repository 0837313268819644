/** The facts that letters and gift cards of the delivery room write. Closed union: a kind that is not listed here cannot be recorded. */
export const letterFacts = [
  /** A lot took people of a wave; its files come later and are named by hash. */
  'lot.formed',
  'lot.prepared',
  /** One 差出票 was stamped by a post office. */
  'posting.made',
  /** Events of pieces, as the print house and the post reported them. */
  'letters.posted',
  'letters.spoiled',
  'letters.withdrawn',
  'letters.returned',
  /** Lines of vendors' files that could not be used as they were, and how each ended. */
  'lines.questioned',
  'lines.settled',
  /** Letters and gifts that another home may have posted, and what two named people said of them. */
  'letters.doubted',
  'letters.settled',
  /** What happened to cards, singly and in the stock. */
  'gifts.received',
  'gifts.counted',
  'gifts.reserved',
  'gifts.posted',
  'gifts.spoiled',
  'gifts.back',
  'gifts.lost',
] as const;

/** The facts that letters and gift cards of the delivery room write. Closed table: a kind that is not listed here cannot be recorded. */
import { z } from 'zod';
import { type BodyFormat, code, count, firstForm, ref, sha256, slug } from './fact-body.ts';

const pieces = { pieces: count };
/** Cards moved with their letters. */
const cards = { quantity: count };
/** An act of custody over the stock: how many moved, how many were there or came. */
const custody = { gift: slug, change: z.int(), found: count, witnessId: ref };

export const letterFacts = {
  /** A lot took people of a wave; its files come later and are named by hash. */
  'lot.formed': firstForm({
    lotId: ref,
    number: count,
    waveId: slug,
    pieces: count,
    isReprint: z.boolean(),
    gift: slug.nullable(),
  }),
  'lot.prepared': firstForm({
    lotId: ref,
    number: count,
    pieces: count,
    held: count,
    pages: count,
    lettersSha256: sha256,
    manifestSha256: sha256,
    picklistSha256: sha256,
  }),
  /** One 差出票 was stamped by a post office. */
  'posting.made': firstForm({ postingId: ref, slipNumber: slug, postOffice: z.string() }),
  /** Events of pieces, as the print house and the post reported them. */
  'letters.posted': firstForm({ postingId: ref, slipNumber: slug, ...pieces }),
  'letters.spoiled': firstForm({ lotId: ref, ...pieces }),
  'letters.withdrawn': firstForm({}),
  'letters.returned': firstForm(pieces),
  /** Lines of vendors' files that could not be used as they were, and how each ended. */
  'lines.questioned': firstForm({ vendorFileId: ref, lines: count }),
  'lines.settled': firstForm({ lines: count }),
  /** Letters and gifts that another home may have posted, and what two named people said of them. */
  'letters.doubted': firstForm({ people: count }),
  'letters.settled': firstForm({ assume: code, people: count, secondId: ref }),
  /** What happened to cards, singly and in the stock. */
  'gifts.received': firstForm(custody),
  'gifts.counted': firstForm(custody),
  'gifts.reserved': firstForm({ lotId: ref, gift: slug, quantity: count, consentId: ref.nullable() }),
  'gifts.posted': firstForm(cards),
  'gifts.spoiled': firstForm(cards),
  'gifts.back': firstForm(cards),
  /** Out of the stock, or with a letter that was lost. */
  'gifts.lost': { schema: z.union([z.strictObject(custody), z.strictObject(cards)]), upgrades: [] },
} as const satisfies Record<string, BodyFormat>;

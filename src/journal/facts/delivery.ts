/** The facts that the delivery room writes besides those of mails and letters: planning and decisions about people. */
import { z } from 'zod';
import { type BodyFormat, code, count, firstForm, ref, slug } from './fact-body.ts';

export const deliveryFacts = {
  /** Places by wave. */
  'waves.planned': firstForm({ planId: ref, listVersion: count, totals: z.record(slug, count) }),
  'letters.due': firstForm({ people: count }),
  /** Written until waves that follow were filled by one way for all; kept, because it is in chains. */
  'gifts.due': firstForm({ gift: slug, people: count }),
  'wave.filled': firstForm({ waveId: slug, people: count }),
  'people.resent': firstForm({ waveId: slug, people: count }),
  'people.decided': firstForm({ decision: code, code }),
} as const satisfies Record<string, BodyFormat>;

/** The facts that the contacts room writes: who asked (by pseudonym), what is to be checked, what the call centre reported. Closed table. */
import { z } from 'zod';
import { type BodyFormat, code, count, firstForm, ref } from './fact-body.ts';

const cases = { cases: z.array(z.tuple([ref, code, count.nullable()])) };

export const contactsFacts = {
  'contact.recorded': firstForm({
    channel: code,
    topic: code,
    result: code,
    answer: code,
    listVersion: count.nullable(),
    minutes: count,
    escalation: count,
  }),
  'case.rechecked': firstForm(cases),
  'case.closed': firstForm(cases),
  /** What the report changed against what was known; `figures` are the intervals as it states them. */
  'interval.reported': firstForm({
    offered: z.int(),
    answered: z.int(),
    abandoned: z.int(),
    talkSeconds: z.int(),
    figures: z.array(z.tuple([ref], z.number().nullable())),
  }),
} as const satisfies Record<string, BodyFormat>;

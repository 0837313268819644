/** Ends the questions about lines of vendors' files, by a named person: correct, accept, duplicate, or not ours. */
import { z } from 'zod';
import { giftStates } from '../../delivery/gifts/gift-store.ts';
import { lineVerdicts } from '../../delivery/letters/line-store.ts';
import { type LineAnswer, type LineDecision, settleLine } from '../../delivery/letters/settle-line.ts';
import { type LineColumn, lineColumns } from '../../delivery/letters/vendor-file.ts';
import { outcomes, personTerms, termOfOutcome } from '../../delivery/outcome.ts';
import { driverSchema } from '../../journal/driver.ts';
import { quoteLines } from '../../ledger/charge.ts';
import { listRateVersionRows } from '../../ledger/store.ts';
import type { App } from '../../platform/app.ts';
import { lineCode } from '../fields/line-field.ts';
import { actingName, count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

const cell = z.string().optional();
const cells = {
  piece: cell,
  status: cell,
  day: cell,
  slip: cell,
  office: cell,
  card: cell,
  reason: cell,
} satisfies Record<LineColumn, unknown>;

const input = z
  .strictObject({
    verb: z.enum(['correct', 'accept', 'duplicate', 'not-ours']),
    /** Ids of the lines; a correction is of one. */
    problem: z.array(z.string()).min(1),
    by: actingName,
    /** Why the record stays as it is; with `accept`. May speak of a person. */
    note: z.string().min(1).optional(),
    ...cells,
  })
  .superRefine(({ verb, problem, note, ...given }, context) => {
    const refuse = (path: string, message: string, params = {}) =>
      context.addIssue({ code: 'custom', path: [path], message, params });
    const said = lineColumns.filter((column) => given[column] !== undefined);
    if (verb === 'correct' && problem.length > 1) refuse('problem', 'desk.fault.oneLine');
    if (verb === 'correct' && said.length === 0)
      refuse('verb', 'desk.fault.nothingCorrected', { columns: lineColumns.join(', ') });
    if (verb !== 'correct') for (const column of said) refuse(column, 'desk.fault.onlyWith', { verb: 'correct' });
    if (verb === 'accept' && note === undefined) refuse('note', 'desk.fault.noteMissing');
    if (verb !== 'accept' && note !== undefined) refuse('note', 'desk.fault.onlyWith', { verb: 'accept' });
  });

const charged = z.strictObject({
  driver: driverSchema,
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  count,
});

export const operation = operationOf({
  kind: 'write',
  input,
  output: z.strictObject({
    settled: z.array(
      z.discriminatedUnion('kind', [
        z.strictObject({
          id: z.string(),
          kind: z.literal('settled'),
          verdict: z.enum(lineVerdicts),
          effect: z.strictObject({
            /** Where the person and the card stand now; null when the line moved neither. */
            person: z.enum(outcomes).nullable(),
            term: z.enum(personTerms).nullable(),
            card: z.enum(giftStates).nullable(),
            reprintLots: count,
            charged: z.array(charged),
          }),
          /** What the ledger will charge under the rates that count now. */
          yen: count,
        }),
        z.strictObject({ id: z.string(), kind: z.literal('refused'), code: lineCode, yen: z.null() }),
        z.strictObject({
          id: z.string(),
          kind: z.literal('settled_before'),
          verdict: z.enum(lineVerdicts),
          yen: z.null(),
        }),
      ]),
    ),
  }),
  run: async ({ app, campaign, actor }, given) => {
    const actorId = await actor(given.by);
    const settled = [];
    for (const questionId of given.problem) {
      const answer = await settleLine(app, { campaign, questionId, decision: decisionOf(given), actorId });
      settled.push({ id: questionId, ...(await withPrice(app, campaign.id, answer)) });
    }
    return { settled };
  },
});

function decisionOf({ verb, note = '', ...given }: z.output<typeof input>): LineDecision {
  switch (verb) {
    case 'correct':
      return {
        verb,
        correction: Object.fromEntries(
          lineColumns.flatMap((column) => (given[column] === undefined ? [] : [[column, given[column]]])),
        ),
      };
    case 'accept':
      return { verb, note };
    case 'duplicate':
      return { verb };
    case 'not-ours':
      return { verb: 'not_ours' };
  }
}

async function withPrice(app: App, campaignId: string, answer: LineAnswer) {
  if (answer.kind !== 'settled') return { ...answer, yen: null };
  const { effect } = answer;
  const rates = (await listRateVersionRows(app.pool, campaignId)).at(-1);
  const yen = rates === undefined ? 0 : quoteLines(rates.card, effect.charged, app.clock()).grossYen;
  const term = effect.person === null ? null : termOfOutcome[effect.person];
  return { ...answer, effect: { ...effect, term }, yen };
}

/** Settles mails whose end is unknown, by the relay's log or by two named people, and letters that another home may have posted. */
import { z } from 'zod';
import { settleLetters } from '../../delivery/home/settle-letters.ts';
import { type Decided, settleByLog, settleByPeople } from '../../delivery/mail/settle-mails.ts';
import { countUncertain } from '../../delivery/mail/trace-store.ts';
import { findStanding } from '../../delivery/standing-store.ts';
import { AppError } from '../../kernel/errors.ts';
import { isNoticeNumber } from '../../kernel/ids.ts';
import { findNotice } from '../../notice/store.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { actingName, count, namesByRef } from '../fields/operation-field.ts';
import { MAX_NAMED, openNames } from '../open-names.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z
    .strictObject({
      /** The relay's log, in Postfix form. */
      log: z.string().optional(),
      /** What the two people say of all of them, or of the given notices. */
      assume: z.enum(['accepted', 'resend']).optional(),
      notice: z.array(z.string()).min(1).optional(),
      /** Of letters and gifts, not of mails. */
      letters: z.boolean().default(false),
      by: actingName.optional(),
      and: actingName.optional(),
    })
    .superRefine(({ log, assume, notice, letters, ...names }, context) => {
      const need = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
      if (assume === undefined && (log === undefined || notice !== undefined || letters))
        need('assume', 'desk.fault.assumption');
      for (const name of ['by', 'and'] as const)
        if (assume !== undefined && names[name] === undefined) need(name, 'desk.fault.twoNames');
    }),
  output: z.strictObject({
    /** Those that are no longer uncertain, and those that still are. */
    settled: count,
    left: count,
    /** Mails whose person a decision by name has stopped: nothing may be sent to them. */
    stopped: count,
    /** Numbers of letters in a lot or posted, whose people a resend to all leaves out. */
    withLetter: z.array(z.string()),
    /** Whose letters these are and when they go on to the next way of being told, of the first fifty, with their names. */
    leftOut: z.array(z.strictObject({ number: z.string(), ref: z.uuid(), dueOn: z.iso.date().nullable() })),
    names: namesByRef,
  }),
  run: async (context, { log, assume, notice, letters, by = '', and = '' }) => {
    const { app, campaign } = context;
    const campaignId = campaign.id;
    const byLog = log === undefined ? 0 : (await settleByLog(app, { campaignId, file: log })).settled;
    let decided: Decided = { settled: 0, left: 0, stopped: 0, withLetter: [] };
    if (assume !== undefined) {
      const noticeIds = notice === undefined ? null : await findNoticeIds(app.pool, campaignId, notice);
      const decision = { campaignId, assume, by, and, noticeIds };
      if (letters) return { ...(await settleLetters(app, decision)), stopped: 0, withLetter: [], leftOut: [] };
      decided = await settleByPeople(app, decision);
    }
    const leftOut = await findPeople(app.pool, campaignId, decided.withLetter.slice(0, MAX_NAMED));
    const refs = leftOut.map(({ ref }) => ref);
    return {
      ...decided,
      settled: byLog + decided.settled,
      left: await countUncertain(app.pool, campaignId),
      leftOut,
      ...(refs.length > 0 ? { names: await openNames(context, refs) } : {}),
    };
  },
});

async function findPeople(db: Db, campaignId: string, numbers: readonly string[]) {
  const found = [];
  for (const number of numbers) {
    const notice = await findNotice(db, campaignId, number);
    if (notice === null) continue;
    const { personRef: ref } = notice;
    found.push({ number, ref, dueOn: (await findStanding(db, campaignId, ref))?.dueOn ?? null });
  }
  return found;
}

async function findNoticeIds(db: Db, campaignId: string, numbers: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const number of numbers) {
    const notice = isNoticeNumber(number) ? await findNotice(db, campaignId, number) : null;
    if (!notice) throw new AppError('PERSON_MISSING.notIssued', { number });
    ids.push(notice.id);
  }
  return ids;
}

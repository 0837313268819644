/**
 * What another home may have sent since this copy was made counts as uncertain here: every mail that was still to go, and every
 * letter and gift that was in no lot. Nothing of it leaves before a receipt or two named people settle it (promise 2).
 */
import { clearDoubt } from '../../campaign/home/home-store.ts';
import { recordEvents } from '../../journal/record-fact.ts';
import type { App } from '../../platform/app.ts';
import { type Tx, transaction } from '../../platform/postgres/db.ts';
import { advancePeople } from '../advance-people.ts';
import { recordMailEvents } from '../mail/record-events.ts';
import { newReturnTokens } from '../mail/return-address.ts';
import { findPlannedList } from '../plan-store.ts';
import { insertPersonEvents } from '../standing-store.ts';
import {
  applyPaperDoubts,
  claimOpenMails,
  claimStrandedMails,
  type DoubtedMail,
  findDoubtedAmong,
  insertDoubtedAttempts,
  listUndoubtedPeople,
} from './doubt-store.ts';

const MAILS_PER_COMMIT = 1_000;
const PEOPLE_PER_COMMIT = 2_000;

type DoubtApp = Pick<App, 'pool' | 'clock'>;

/**
 * Goes on where a kill left it. People whom the plan has not placed yet are in doubt too: false as long as it is not planned
 * to the end, and nothing may leave before this returns true.
 */
export async function doubtPlaces(
  app: DoubtApp,
  { id: campaignId, planId }: { id: string; planId: string | null },
): Promise<boolean> {
  const some = { refs: null, limit: MAILS_PER_COMMIT };
  const doubtSome = () => transaction(app.pool, (tx) => doubtMails(tx, campaignId, { ...some, at: app.clock() }));
  while ((await doubtSome()) === MAILS_PER_COMMIT);
  while ((await transaction(app.pool, (tx) => doubtStranded(tx, campaignId, app.clock()))) === MAILS_PER_COMMIT);
  for (let afterRank: number | null = -1; afterRank !== null; )
    afterRank = await doubtPapers(app, campaignId, afterRank);
  const planned = planId === null ? null : await findPlannedList(app.pool, campaignId, planId);
  if (planned === null || planned.plannedAt === null) return false;
  await transaction(app.pool, (tx) => clearDoubt(tx, campaignId));
  return true;
}

/** Places made later for people who are in doubt: what follows a first notice, or a letter after a bounce. */
export async function doubtNewPlaces(tx: Tx, campaignId: string, refs: readonly string[]): Promise<void> {
  await applyPaperDoubts(tx, campaignId, refs);
  const doubted = await findDoubtedAmong(tx, campaignId, refs);
  if (doubted.length > 0) await doubtMails(tx, campaignId, { refs: doubted, limit: refs.length, at: new Date() });
}

async function doubtMails(
  tx: Tx,
  campaignId: string,
  { refs, limit, at }: { refs: readonly string[] | null; limit: number; at: Date },
): Promise<number> {
  const mails = await claimOpenMails(tx, campaignId, { refs, limit });
  if (mails.length === 0) return 0;
  const tokens = newReturnTokens(mails.length);
  await insertDoubtedAttempts(
    tx,
    campaignId,
    mails.map((mail, index) => ({ ...mail, returnToken: tokens[index] ?? '' })),
  );
  await recordDoubts(tx, campaignId, mails, at);
  return mails.length;
}

async function doubtStranded(tx: Tx, campaignId: string, at: Date): Promise<number> {
  const mails = await claimStrandedMails(tx, campaignId, MAILS_PER_COMMIT);
  await recordDoubts(tx, campaignId, mails, at);
  return mails.length;
}

async function recordDoubts(tx: Tx, campaignId: string, mails: readonly DoubtedMail[], at: Date): Promise<void> {
  const event = { kind: 'uncertain', code: 'other_home', at, textSealed: null } as const;
  const events = mails.map((mail) => ({ ...mail, ...event }));
  await recordMailEvents(tx, { campaignId, kind: 'mails.uncertain', at, events });
}

/** Returns the rank to go on after; null at the end. */
async function doubtPapers(app: DoubtApp, campaignId: string, afterRank: number): Promise<number | null> {
  const people = await listUndoubtedPeople(app.pool, campaignId, { afterRank, limit: PEOPLE_PER_COMMIT });
  const last = people.at(-1);
  if (last === undefined) return null;
  await transaction(app.pool, async (tx) => {
    const at = app.clock();
    const refs = people.map(({ ref }) => ref);
    const event = { kind: 'paper_doubted', code: 'other_home', at };
    await recordEvents(tx, {
      campaignId,
      kind: 'letters.doubted',
      occurredAt: at,
      insert: (factId) => insertPersonEvents(tx, campaignId, refs, { ...event, factId }),
      describe: (rows) => ({
        events: rows.map(({ ref, cycle }) => [ref, event.kind, cycle, at.toISOString(), event.code] as const),
        lines: [],
        body: { people: rows.length },
      }),
    });
    await advancePeople(tx, campaignId, await applyPaperDoubts(tx, campaignId, refs), at);
  });
  return last.rank;
}

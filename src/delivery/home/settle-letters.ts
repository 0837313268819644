/**
 * Two named people say of letters and gifts in doubt that the other home posted them, or that it did not and they may be made
 * here. Nothing else ever does (promise 2).
 */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import { recordEvents } from '../../journal/record-fact.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/postgres/db.ts';
import { advancePeople } from '../advance-people.ts';
import { insertPersonEvents } from '../standing-store.ts';
import { applyPaperDoubts, countDoubtedLetters, listDoubtedPeople } from './doubt-store.ts';

/**
 * `accepted`: the letters were posted, so their people are told; whoever has no letter yet stays in doubt. `resend`: nothing was
 * posted. Of all, or of the given notices. Throws USAGE_WRONG when both names are one person's.
 */
export async function settleLetters(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  input: {
    campaignId: string;
    assume: 'accepted' | 'resend';
    by: string;
    and: string;
    noticeIds: readonly string[] | null;
  },
): Promise<{ settled: number; left: number }> {
  const { campaignId, assume } = input;
  return await transaction(app.pool, async (tx) => {
    const actorId = await ensureActor(app, tx, { campaignId, name: input.by });
    const secondId = await ensureActor(app, tx, { campaignId, name: input.and });
    if (actorId === secondId) {
      throw new AppError('USAGE_WRONG.twoPeople');
    }
    const at = app.clock();
    const before = await countDoubtedLetters(tx, campaignId);
    const refs = await listDoubtedPeople(
      tx,
      campaignId,
      input.noticeIds ?? (assume === 'accepted' ? 'with_place' : 'all'),
    );
    const event = {
      kind: assume === 'accepted' ? 'paper_assumed_posted' : 'paper_released',
      code: `by ${actorId} and ${secondId}`,
      at,
    };
    await recordEvents(tx, {
      campaignId,
      kind: 'letters.settled',
      occurredAt: at,
      actorId,
      insert: (factId) => insertPersonEvents(tx, campaignId, refs, { ...event, factId }),
      describe: (rows) => ({
        events: rows.map(({ ref, cycle }) => [ref, event.kind, cycle, at.toISOString(), event.code] as const),
        lines: [],
        personsFirst: assume === 'accepted' ? rows.length : 0,
        body: { assume, people: rows.length, secondId },
      }),
    });
    await advancePeople(tx, campaignId, await applyPaperDoubts(tx, campaignId, refs), at);
    const left = await countDoubtedLetters(tx, campaignId);
    return { settled: before - left, left };
  });
}

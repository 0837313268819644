/**
 * The nightly recount: once a day every open campaign's counters are held against its rows and events, as `owabi reconcile` does
 * at any time. What differs stands in the status until a recount finds nothing.
 */
import { listCampaigns } from '../../campaign/find-campaign.ts';
import { compareRooms } from '../../evidence/figures/compare-rooms.ts';
import type { Reconciliation } from '../../evidence/figures/reconcile.ts';
import { keepRecount, listUncounted } from '../../evidence/figures/recount-store.ts';
import { startOfDay, toDay } from '../../kernel/calendar.ts';
import { errorCodeOf } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { readSnapshot } from '../../platform/postgres/db.ts';
import { tryUnderLock } from '../../platform/postgres/locks.ts';

/** Three in the morning in Japan: no mails wait then, and the day's reports are in. */
const HOUR = 3;
const HOUR_MS = 60 * 60 * 1000;

/** One read snapshot, so that a difference is one; the result is kept for the status. */
export async function recountCampaign(app: Pick<App, 'pool' | 'clock'>, campaignId: string): Promise<Reconciliation> {
  const at = app.clock();
  const found = await readSnapshot(app.pool, (db) => compareRooms(db, campaignId));
  await keepRecount(app.pool, campaignId, at, found);
  return found;
}

/** Recounts what was not recounted since the last night; returns how many campaigns, or null while another process does. */
export async function recountCampaigns(app: Pick<App, 'pool' | 'clock' | 'log'>): Promise<number | null> {
  const done = await tryUnderLock(app.pool, { lock: 'recount' }, async () => {
    const open = (await listCampaigns(app.pool)).filter(({ state, planId }) => state !== 'closed' && planId !== null);
    const due = await listUncounted(
      app.pool,
      open.map(({ id }) => id),
      lastNight(app.clock()),
    );
    for (const campaignId of due) await recountSafely(app, campaignId);
    return due.length;
  });
  return done.kind === 'done' ? done.result : null;
}

const lastNight = (now: Date): Date =>
  new Date(startOfDay(toDay(new Date(now.getTime() - HOUR * HOUR_MS))).getTime() + HOUR * HOUR_MS);

async function recountSafely(app: Pick<App, 'pool' | 'clock' | 'log'>, campaignId: string): Promise<void> {
  try {
    const { differences } = await recountCampaign(app, campaignId);
    if (differences.length > 0) app.log.error({ campaignId, differences }, 'the recount differs');
  } catch (error) {
    app.log.error({ campaignId, code: errorCodeOf(error), err: error }, 'recount failed');
  }
}

/**
 * Finds mails whose worker died with the answer: in flight, deadline passed, the worker's lock free. They become `uncertain`
 * and stay so until a receipt or a named person settles them; nothing is ever resent from here (promise 2).
 */
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/postgres/db.ts';
import { claimOrphans } from './attempt-store.ts';
import { recordMailEvents } from './record-events.ts';

const ORPHANS_PER_COMMIT = 500;

/** Returns how many mails became uncertain. Safe to run beside living workers and other sweeps. */
export async function sweepUncertain(
  app: Pick<App, 'pool' | 'clock'>,
  { campaignId }: { campaignId: string },
): Promise<number> {
  let swept = 0;
  for (;;) {
    const count = await transaction(app.pool, async (tx) => {
      const orphans = await claimOrphans(tx, campaignId, ORPHANS_PER_COMMIT);
      const at = app.clock();
      await recordMailEvents(tx, {
        campaignId,
        kind: 'mails.uncertain',
        at,
        events: orphans.map((orphan) => ({
          assignmentId: orphan.assignmentId,
          attempt: orphan.attempt,
          kind: 'uncertain',
          code: 'worker_lost',
          at,
          textSealed: null,
        })),
      });
      return orphans.length;
    });
    swept += count;
    if (count < ORPHANS_PER_COMMIT) return swept;
  }
}

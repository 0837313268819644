/** Whether sending may go on at this moment: the campaign runs this plan, the worker's session lives, nobody asked us to stop. */
import type { Pool } from '../../platform/postgres/db.ts';
import { isPlanRunning } from './attempt-store.ts';
import type { WorkerSession } from './open-worker-session.ts';

const GATE_POLL_MS = 250;

export type Gate = { readonly isOpen: () => boolean; readonly close: () => void };

/** Pause is a row: it is read again every quarter of a second, and its answer is asked before each mail and each dot. */
export async function watchGate(
  deps: { readonly pool: Pool; readonly signal?: AbortSignal },
  campaignId: string,
  planId: string,
  session: WorkerSession,
): Promise<Gate> {
  let isRunning = await isPlanRunning(deps.pool, campaignId, planId);
  const timer = setInterval(() => {
    isPlanRunning(deps.pool, campaignId, planId).then(
      (running) => {
        isRunning = running;
      },
      // While the database is away nobody can pause either; the session and the deadline still guard every dot.
      () => {},
    );
  }, GATE_POLL_MS);
  return {
    isOpen: () => isRunning && session.isAlive() && !deps.signal?.aborted,
    close: () => clearInterval(timer),
  };
}

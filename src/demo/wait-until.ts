/** Waits for work that runs in workers, showing how far it is; gives up loudly instead of hanging. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../kernel/errors.ts';

const POLL_MS = 150;

/** Polls `measure` until it says done. Throws DEMO_STUCK when nothing moved for `patienceMs`. */
export async function waitUntil(
  measure: () => Promise<{ done: number; total: number; isReady: boolean }>,
  { onProgress, patienceMs = 60_000 }: { onProgress?: (done: number, total: number) => void; patienceMs?: number } = {},
): Promise<void> {
  let lastDone = -1;
  let lastMove = Date.now();
  for (;;) {
    const { done, total, isReady } = await measure();
    onProgress?.(done, total);
    if (isReady) return;
    if (done !== lastDone) {
      lastDone = done;
      lastMove = Date.now();
    } else if (Date.now() - lastMove > patienceMs) {
      throw new AppError('DEMO_STUCK.noProgress', { seconds: Math.round(patienceMs / 1000), done, total });
    }
    await sleep(POLL_MS);
  }
}

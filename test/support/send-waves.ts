/** One process's whole work on a campaign, step by step without queues: places people, sends mails to a real socket, fills what follows. */

import { listDueChunks, planChunks } from '../../src/delivery/mail/plan-chunks.ts';
import { closeWorker, sendMails } from '../../src/delivery/mail/send-mails.ts';
import { placeFollowUps } from '../../src/delivery/place-follow-ups.ts';
import { placeLetters } from '../../src/delivery/place-letters.ts';
import { planWaves } from '../../src/delivery/plan-waves.ts';
import { listWaves } from '../../src/delivery/wave-store.ts';
import type { App } from '../../src/platform/app.ts';

/** Runs until nothing more moves. */
export async function sendWaves(app: App, campaignId: string): Promise<void> {
  for (;;) {
    await planWaves(app, { campaignId });
    const moved = (await placeLetters(app, { campaignId })) + (await placeFollowUps(app, { campaignId }));
    for (const wave of await listWaves(app.pool, campaignId)) {
      if (wave.channel === 'email') await planChunks(app, { campaignId, waveId: wave.waveId });
    }
    const chunks = await listDueChunks(app.pool, campaignId, app.clock());
    for (const chunk of chunks) await sendMails(app, { campaignId, chunkId: chunk.id, epoch: chunk.epoch });
    if (moved === 0 && chunks.length === 0) break;
  }
  await closeWorker(app);
}

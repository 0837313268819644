/** Chapter three: real SMTP to the catcher, the retries, the bounces that come back, and the relay's log for what stayed unknown. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { recordBounce } from '../delivery/mail/record-bounce.ts';
import { settleByLog, settleByPeople } from '../delivery/mail/settle-mails.ts';
import { countWaves, listWaves } from '../delivery/wave-store.ts';
import { resumeWork } from '../desk/resume-work.ts';
import { type DemoStage, demoPeople } from './demo-stage.ts';
import type { MailCatcher } from './mail-catcher.ts';
import { waitUntil } from './wait-until.ts';

/** Mails by what came of them; `taken` is the catcher's own record, for comparing. */
export type MailAccount = {
  readonly total: number;
  readonly accepted: number;
  readonly refused: number;
  readonly bounced: number;
  readonly uncertain: number;
  readonly taken: number;
};

/** A wave of mails needs this many skipped hours at most: deferred mails are tried again for 72. */
const RETRY_HOURS = 6;

export async function sendDemoMails(stage: DemoStage, catcher: MailCatcher): Promise<MailAccount> {
  const { app, voice } = stage;
  const { id: campaignId } = await stage.campaign();
  await waitForMails(stage, campaignId);
  const sent = await countMails(stage, campaignId);
  voice.tell(voice.say('demo.mailed', { accepted: sent.handedOver, refused: sent.failed, uncertain: sent.uncertain }));
  await catcher.flush();
  const bounces = (await readdir(catcher.bouncesDir)).sort().map((name) => join(catcher.bouncesDir, name));
  const report = await recordBounce(app, { campaignId, files: bounces });
  // The same files once more, as a mailbox that is fetched twice brings them.
  await recordBounce(app, { campaignId, files: bounces });
  const afterBounces = await countMails(stage, campaignId);
  voice.tell(voice.say('demo.bounced', { files: report.files.length, bounced: afterBounces.failed - sent.failed }));
  const settled = await settleByLog(app, { campaignId, file: catcher.logFile });
  voice.tell(voice.say('demo.settled', settled));
  if (settled.left > 0) {
    const [first, second] = demoPeople.approvers;
    await settleByPeople(app, { campaignId, assume: 'accepted', by: first.name, and: second.name, noticeIds: null });
  }
  const end = await countMails(stage, campaignId);
  return {
    total: end.total,
    accepted: end.handedOver,
    refused: sent.failed,
    bounced: afterBounces.failed - sent.failed,
    uncertain: sent.uncertain,
    taken: catcher.taken().length,
  };
}

/** Until no mail is open; deferred ones are due hours later, so the clock moves on whenever only they are left. */
async function waitForMails(stage: DemoStage, campaignId: string): Promise<void> {
  const { app, voice, clock } = stage;
  let lastDone = -1;
  await waitUntil(
    async () => {
      const waves = await listWaves(app.pool, campaignId);
      if (waves.length === 0 || waves.some((wave) => wave.plannedAt === null))
        return { done: 0, total: 1, isReady: false };
      const counts = await countMails(stage, campaignId);
      const done = counts.total - counts.pending;
      if (done === lastDone && counts.pending > 0 && counts.pending < counts.total) {
        clock.skipHours(RETRY_HOURS);
        await resumeWork(app);
      }
      lastDone = done;
      return { done, total: counts.total, isReady: counts.pending === 0 };
    },
    { onProgress: (done, total) => voice.progress(voice.say('demo.sending'), done, total) },
  );
}

async function countMails({ app }: DemoStage, campaignId: string) {
  const emailWaves = new Set(
    (await listWaves(app.pool, campaignId)).filter((wave) => wave.channel === 'email').map((wave) => wave.waveId),
  );
  const sum = { total: 0, handedOver: 0, failed: 0, excluded: 0, uncertain: 0, pending: 0 };
  for (const [waveId, counts] of await countWaves(app.pool, campaignId)) {
    if (!emailWaves.has(waveId)) continue;
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += counts[key];
  }
  return sum;
}

/** Chapter three: real SMTP to the catcher, the retries, the bounces that come back, and the relay's log for what stayed unknown. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { resumeWork } from '../desk/upkeep/resume-work.ts';
import { DEMO_CAMPAIGN as campaign, type DemoStage, demoPeople } from './demo-stage.ts';
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
  const { desk, voice } = stage;
  await waitForMails(stage);
  const sent = await countMails(stage);
  voice.tell(voice.say('demo.mailed', { accepted: sent.handedOver, refused: sent.failed, uncertain: sent.uncertain }));
  await catcher.flush();
  const files = (await readdir(catcher.bouncesDir)).sort().map((name) => join(catcher.bouncesDir, name));
  if (files.length > 0) {
    await desk('record-mails', { campaign, files });
    // The same files once more, as a mailbox that is fetched twice brings them.
    await desk('record-mails', { campaign, files });
  }
  const afterBounces = await countMails(stage);
  voice.tell(voice.say('demo.bounced', { files: files.length, bounced: afterBounces.failed - sent.failed }));
  const { settled, left } = await desk('settle-uncertain', { campaign, log: catcher.logFile });
  voice.tell(voice.say('demo.settled', { settled, left }));
  if (left > 0) {
    const [{ name: by }, { name: and }] = demoPeople.approvers;
    await desk('settle-uncertain', { campaign, assume: 'accepted', by, and });
  }
  const end = await countMails(stage);
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
async function waitForMails(stage: DemoStage): Promise<void> {
  const { app, voice, clock } = stage;
  let lastDone = -1;
  await waitUntil(
    async () => {
      const { isPlanned, total, pending } = await countMails(stage);
      if (!isPlanned) return { done: 0, total: 1, isReady: false };
      const done = total - pending;
      if (done === lastDone && pending > 0 && pending < total) {
        clock.skipHours(RETRY_HOURS);
        await resumeWork(app);
      }
      lastDone = done;
      return { done, total, isReady: pending === 0 };
    },
    { onProgress: (done, total) => voice.progress(voice.say('demo.sending'), done, total) },
  );
}

/** The mails of all waves, as the status shows them. */
async function countMails({ desk }: DemoStage) {
  const waves = (await desk('show-status', { campaign })).waves.filter(({ channel }) => channel === 'email');
  const sum = { total: 0, handedOver: 0, failed: 0, excluded: 0, uncertain: 0, pending: 0 };
  for (const wave of waves) for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += wave[key];
  const isPlanned = waves.length > 0 && waves.every(({ waits }) => waits.every(({ code }) => code !== 'not_planned'));
  return { ...sum, isPlanned };
}

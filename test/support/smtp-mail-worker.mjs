// A real worker process for the kill tests: built code, a session of its own, two jobs side by side, and the sweep.
// biome-ignore-all lint/suspicious/noConsole: it talks to its parent
import { openMailer } from '../../dist/src/delivery/mail/open-mailer.js';
import { listDueChunks } from '../../dist/src/delivery/mail/plan-chunks.js';
import { sendChunk } from '../../dist/src/delivery/mail/send-chunk.js';
import { sweepUncertain } from '../../dist/src/delivery/mail/sweep-uncertain.js';
import { openKeyStore } from '../../dist/src/platform/crypto/keys.js';
import { createPool } from '../../dist/src/platform/postgres/db.js';

const job = JSON.parse(process.argv[2] ?? '{}');
const pool = createPool(job.databaseUrl, { max: 5 });
const mailer = openMailer({
  databaseUrl: job.databaseUrl,
  smtp: { url: job.smtpUrl, replyTimeoutMs: 2_000 },
  connections: 4,
});
const plan = {
  planId: job.planId,
  from: { address: 'info@sakura.example' },
  returnDomain: 'return.example',
  acceptedBy: 'relay',
  deferredHours: 72,
  pacesOf: () => [{ site: '*', mailsPerMinute: job.mailsPerMinute, connections: 20 }],
  compose: async (mails) =>
    new Map(
      mails.map((mail) => [
        mail.assignmentId,
        {
          kind: 'ready',
          to: { address: `${mail.personRef}@example.jp` },
          subject: 'お詫び',
          text: mail.personRef,
          html: '<p>x</p>',
          language: 'ja',
        },
      ]),
    ),
};
const deps = {
  pool,
  keys: openKeyStore(job.keysDir),
  clock: () => new Date(),
  mailer,
  openPlan: async () => plan,
  firstRetryMs: 300,
  windowDeadlineMs: job.windowDeadlineMs,
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function lane() {
  for (;;) {
    try {
      const due = await listDueChunks(pool, job.campaignId, new Date());
      const chunk = due[Math.floor(Math.random() * due.length)];
      if (chunk) await sendChunk(deps, { campaignId: job.campaignId, chunkId: chunk.id, epoch: chunk.epoch });
      else await pause(50);
    } catch {
      await pause(100);
    }
  }
}

async function sweep() {
  for (;;) {
    await sweepUncertain(deps, { campaignId: job.campaignId }).catch(() => {});
    await pause(300);
  }
}

await Promise.all([lane(), lane(), sweep()]);

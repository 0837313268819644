// The full path of a mail (claim, render, SMTP, durable outcome on an embedded PostgreSQL) against nodemailer's own pool, which
// composes and sends the same mails without any database, both to the same sink in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import type { MailPlan } from '../../src/delivery/mail/mail-plan.ts';
import { JOBS_PER_WORKER, type Mailer, openMailer } from '../../src/delivery/mail/open-mailer.ts';
import { listDueChunks, planChunks } from '../../src/delivery/mail/plan-chunks.ts';
import { sendChunk } from '../../src/delivery/mail/send-chunk.ts';
import { newRef } from '../../src/kernel/ids.ts';
import { type KeyStore, openKeyStore } from '../../src/platform/crypto/keys.ts';
import { createLogger } from '../../src/platform/log.ts';
import { createPool, type Pool } from '../../src/platform/postgres/db.ts';
import { startEmbeddedServer } from '../../src/platform/postgres/embedded-server.ts';
import { migrate } from '../../src/platform/postgres/migrate.ts';

const CONNECTIONS = 8;
const ROUNDS = 5;

type Words = { subject: string; text: string; html: string };

// As long as a real notice in Japanese: about 1,500 characters of text and twice that as HTML.
const paragraph =
  'このたび、弊社の通販サイトへの不正アクセスにより、お客様の個人情報が漏えいした可能性があることが判明いたしました。';
const before = `${paragraph}\n`.repeat(12);
const after = `${'本件に関するお問い合わせは、専用窓口までお願い申し上げます。'}\n`.repeat(20);

/** Rendering as `renderEmail` does it: constant chunks and the person's values between them. */
function render(ref: string): Words {
  const name = `見本 ${ref.slice(-6)}`;
  const html = `<p>${name} 様</p>\n<div style="font-size:16px">${before.replaceAll('\n', '<br>\n')}</div>\n<ul><li>氏名</li><li>住所</li></ul>\n<div>${after.replaceAll('\n', '<br>\n')}</div>\n`;
  return {
    subject: '【重要】お客様の個人情報の漏えいに関するお詫びとお知らせ',
    text: `${name} 様\n\n${before}\n・氏名\n・住所\n\n${after}`,
    html,
  };
}

/** Ours and the peer take turns, each round a share of the size, and medians count: what else the machine does hits both. */
async function run(size: number) {
  const dir = mkdtempSync(join(tmpdir(), 'owabi-bench-mail-'));
  const sink = spawn(process.execPath, [join(import.meta.dirname, 'mail-sink.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = `smtp://127.0.0.1:${await firstLine(sink)}`;
  const mails = Math.ceil(size / ROUNDS);
  const desk = await openDesk(url, dir);
  try {
    await measurePeer(url, Math.min(2_000, mails));
    await measureOurs(desk, Math.min(2_000, mails));
    const rounds: { ours: number; peer: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({ peer: await measurePeer(url, mails), ours: await measureOurs(desk, mails) });
    }
    return {
      ours: median(rounds.map((round) => round.ours)),
      peers: [{ name: 'nodemailer pool', value: median(rounds.map((round) => round.peer)) }],
      peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  } finally {
    await desk.close();
    sink.kill('SIGTERM');
    rmSync(dir, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the sink has no output');
  const [data] = (await once(child.stdout, 'data')) as [Buffer];
  return data.toString().trim();
}

/** nodemailer's pool with as many connections, no limit per connection, and always enough mails waiting. */
async function measurePeer(url: string, size: number): Promise<number> {
  const transport = nodemailer.createTransport({
    url,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: Number.POSITIVE_INFINITY,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  let next = 0;
  const startedAt = performance.now();
  const lane = async (): Promise<void> => {
    while (next < size) {
      const ref = newRef();
      next += 1;
      await transport.sendMail({
        ...render(ref),
        from: { name: '株式会社さくら通販', address: 'info@sakura.example' },
        to: `${ref}@example.jp`,
        messageId: `<${ref}.email@return.example>`,
        envelope: { from: `notice+${ref}@return.example`, to: `${ref}@example.jp` },
        textEncoding: 'base64',
      });
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS * 4 }, lane));
  const value = size / ((performance.now() - startedAt) / 1000);
  transport.close();
  return Math.round(value);
}

type Desk = { pool: Pool; keys: KeyStore; mailer: Mailer; close: () => Promise<void> };

async function openDesk(url: string, dir: string): Promise<Desk> {
  const log = createLogger('silent');
  const server = await startEmbeddedServer({ home: join(dir, 'home'), keysDir: join(dir, 'keys'), log });
  const pool = createPool(server.url, { max: 8 });
  const mailer = openMailer({ databaseUrl: server.url, smtp: { url }, connections: CONNECTIONS });
  await migrate(pool);
  return {
    pool,
    keys: openKeyStore(join(dir, 'keys')),
    mailer,
    close: async () => {
      await mailer.close();
      await pool.end();
      await server.release();
    },
  };
}

/** A campaign of its own each round, from cutting the chunks to the last committed outcome. */
async function measureOurs({ pool, keys, mailer }: Desk, size: number): Promise<number> {
  const { campaignId, planId } = await seed(pool, size);
  keys.create(campaignId);
  const clock = (): Date => new Date();
  const deps = { pool, keys, clock, mailer, openPlan: async () => plan(planId) };
  const startedAt = performance.now();
  await planChunks({ pool, clock }, { campaignId, waveId: 'mail' });
  for (;;) {
    const due = await listDueChunks(pool, campaignId, clock());
    if (due.length === 0) break;
    const lane = async (): Promise<void> => {
      for (let chunk = due.shift(); chunk; chunk = due.shift()) {
        await sendChunk(deps, { campaignId, chunkId: chunk.id, epoch: chunk.epoch });
      }
    };
    await Promise.all(Array.from({ length: JOBS_PER_WORKER }, lane));
  }
  const value = size / ((performance.now() - startedAt) / 1000);
  await assertAllAccepted(pool, campaignId, size);
  return Math.round(value);
}

function plan(planId: string): MailPlan {
  return {
    planId,
    from: { name: '株式会社さくら通販', address: 'info@sakura.example' },
    returnDomain: 'return.example',
    acceptedBy: 'relay',
    deferredHours: 72,
    pacesOf: () => [{ site: '*', mailsPerMinute: 60_000_000, connections: CONNECTIONS }],
    compose: async (mails) =>
      new Map(
        mails.map((mail) => [
          mail.assignmentId,
          {
            kind: 'ready' as const,
            to: { address: `${mail.personRef}@example.jp` },
            language: 'ja',
            ...render(mail.personRef),
          },
        ]),
      ),
  };
}

async function seed(pool: Pool, size: number): Promise<{ campaignId: string; planId: string }> {
  const [campaignId, planId] = [newRef(), newRef()];
  await pool.query(`with f as (insert into journal.fact (campaign_id, kind, occurred_at, events_sha256) values ('${campaignId}', 'plan.proposed', now(), repeat('0', 64)) returning id)
    , c as (insert into campaign.campaign (id, slug, state, folder_sealed, plan_id) values ('${campaignId}', 'bench-${campaignId.slice(-12)}', 'running', '', '${planId}'))
    insert into campaign.plan (id, campaign_id, sha256, file_id, list_version, created_at, fact_id) select '${planId}', '${campaignId}', repeat('a', 64), 'x', 1, now(), id from f`);
  await pool.query(
    `insert into delivery.rules (campaign_id, plan_id, uncertain_days, returned_days, undecided_days, deferred_hours) values ('${campaignId}', '${planId}', 3, 14, 7, 72)`,
  );
  await pool.query(`insert into delivery.wave (campaign_id, wave_id, plan_id, ordinal, channel, purpose, segments, start_at, latest_at, released_at, planned_at)
    values ('${campaignId}', 'mail', '${planId}', 0, 'email', 'initial', '{general}', now(), now() + interval '9 days', now(), now())`);
  await pool.query(
    `with p as (insert into delivery.person (campaign_id, ref, term, outcome, step, due_on, letter_required, has_email, has_address, rank, segment, variant)
       select $1, gen_random_uuid(), 'underway', 'mail_waiting', 'email', current_date + 9, false, true, false, n, 'general', 'general' from generate_series(0, $2::int - 1) n returning ref, rank)
     insert into delivery.assignment (id, campaign_id, wave_id, person_ref, notice_id, rank, site_key)
     select gen_random_uuid(), $1, 'mail', ref, gen_random_uuid(), rank, '\\x01' from p`,
    [campaignId, size],
  );
  await pool.query('analyze');
  return { campaignId, planId };
}

async function assertAllAccepted(pool: Pool, campaignId: string, size: number): Promise<void> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from delivery.mail_event where campaign_id = $1 and kind = 'relay_accepted'`,
    [campaignId],
  );
  if (rows[0]?.count !== size) throw new Error(`only ${rows[0]?.count} of ${size} mails were accepted`);
}

export const mailCase = { name: 'mail', unit: 'mails/s', defaultSize: 20_000, run } as const;

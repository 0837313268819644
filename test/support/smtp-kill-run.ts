// Mails a campaign with real processes that are killed and stopped at random moments, until everything is done; then compares
// the receiver's own record with ours, person by person.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { expect } from 'vitest';
import { settleByLog } from '../../src/delivery/mail/settle-mails.ts';
import { startMailCatcher } from '../../src/demo/mail-catcher.ts';
import { openKeyStore } from '../../src/platform/crypto/keys.ts';
import { mailingCounts, seedMailing } from './smtp-campaign.ts';

const WINDOW_DEADLINE_MS = 3_000;
/** What one process may have in flight, over all its jobs. */
const MAILS_IN_FLIGHT = 50;

export type KillRun = {
  readonly people: number;
  /** kill -9 and SIGSTOP together. */
  readonly kills: number;
  readonly mailsPerMinute: number;
  /** Longest pause between two of them. */
  readonly everyMs: number;
};

export async function runKills(
  database: { pool: pg.Pool; url: string },
  run: KillRun,
): Promise<{ uncertain: number; unproven: number }> {
  const campaign = await seedMailing(database.pool, run.people);
  const catcher = await startMailCatcher({
    dir: mkdtempSync(join(tmpdir(), 'owabi-kills-')),
    rates: { defer: 100, refuse: 100, drop_before: 50, drop_after: 50 },
  });
  const job = {
    ...campaign,
    chunkIds: undefined,
    assignments: undefined,
    databaseUrl: database.url,
    smtpUrl: catcher.url,
    ...run,
    windowDeadlineMs: WINDOW_DEADLINE_MS,
  };
  const begin = (): ChildProcess =>
    spawn(process.execPath, [join(import.meta.dirname, 'smtp-mail-worker.mjs'), JSON.stringify(job)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const workers = [begin(), begin()];
  let hardKills = 0;
  try {
    for (let count = 0; count < run.kills; count++) {
      await pause(100 + Math.random() * run.everyMs);
      const index = count % workers.length;
      const worker = workers[index];
      if (!worker) continue;
      if (Math.random() < 0.3) {
        // Longer than the window's deadline: whatever it was about to finish must not go out afterwards.
        worker.kill('SIGSTOP');
        setTimeout(() => worker.kill('SIGCONT'), WINDOW_DEADLINE_MS + 1_000);
      } else {
        worker.kill('SIGKILL');
        hardKills += 1;
        workers[index] = begin();
      }
      if (count % 7 === 3) await killIdleTransactions(database.pool);
    }
    await untilDone(database.pool, campaign.campaignId);
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await catcher.flush();
  }
  const { states } = await mailingCounts(database.pool, campaign.campaignId);
  const uncertain = states.uncertain ?? 0;
  const drops = catcher.taken().filter((entry) => entry.fault === 'drop_after').length;
  expect(uncertain - drops).toBeLessThanOrEqual(hardKills * MAILS_IN_FLIGHT);
  const deps = { pool: database.pool, keys: openKeyStore(campaign.keysDir), clock: () => new Date() };
  const settled = await settleByLog(deps, { campaignId: campaign.campaignId, file: catcher.logFile });
  await catcher.close();
  await compare(database.pool, campaign.campaignId, catcher.taken());
  return { uncertain, unproven: settled.left };
}

/** Nobody has two mails; whoever has one counts as told; whoever has none does not. */
async function compare(pool: pg.Pool, campaignId: string, taken: readonly { recipient: string }[]): Promise<void> {
  const received = taken.map((entry) => entry.recipient.slice(0, 36));
  expect(received.length - new Set(received).size, 'people with two mails').toBe(0);
  const has = new Set(received);
  const places = await pool.query<{ ref: string; state: string; term: string }>(
    `select a.person_ref as ref, a.state, p.term from delivery.assignment a join delivery.person p on p.campaign_id = a.campaign_id and p.ref = a.person_ref where a.campaign_id = $1`,
    [campaignId],
  );
  const wrong = places.rows.filter((place) => (place.state === 'accepted') !== has.has(place.ref));
  expect(wrong, 'people about whom the two records disagree').toEqual([]);
  expect(places.rows.filter((place) => !['accepted', 'failed', 'uncertain'].includes(place.state))).toEqual([]);
  expect(places.rows.filter((place) => (place.term === 'told') !== (place.state === 'accepted'))).toEqual([]);
  const charged = await pool.query<{ sum: number }>(
    `select coalesce(sum((line->>'count')::int), 0)::int as sum from journal.fact f, jsonb_array_elements(f.lines) line where campaign_id = $1 and kind like 'mails.%'`,
    [campaignId],
  );
  expect(charged.rows[0]?.sum).toBe(received.length);
}

async function untilDone(pool: pg.Pool, campaignId: string): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ count: number }>(
      `select count(*)::int as count from delivery.assignment where campaign_id = $1 and state in ('pending', 'deferred', 'submitting')`,
      [campaignId],
    );
    if (rows[0]?.count === 0) return;
    await pause(200);
  }
}

async function killIdleTransactions(pool: pg.Pool): Promise<void> {
  await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%' and pid <> pg_backend_pid()`,
  );
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

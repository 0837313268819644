// A running campaign with one e-mail wave, written straight into the tables: as many people as a test of mailing needs.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import type { MailPlan } from '../../src/delivery/mail/mail-plan.ts';
import { planChunks } from '../../src/delivery/mail/plan-chunks.ts';
import { newRef } from '../../src/kernel/ids.ts';
import { openKeyStore } from '../../src/platform/crypto/keys.ts';

export type MailingCampaign = {
  readonly campaignId: string;
  readonly planId: string;
  readonly keysDir: string;
  readonly chunkIds: string[];
  readonly assignments: { id: string; ref: string }[];
};

export async function seedMailing(pool: pg.Pool, people: number): Promise<MailingCampaign> {
  const keysDir = mkdtempSync(join(tmpdir(), 'owabi-keys-'));
  const campaignId = newRef();
  const planId = newRef();
  openKeyStore(keysDir).create(campaignId);
  const client = await pool.connect();
  await client.query('begin');
  const fact = await client.query<{ id: string }>(
    `insert into journal.fact (campaign_id, kind, occurred_at, events_sha256) values ($1, 'plan.proposed', now(), repeat('0', 64)) returning id`,
    [campaignId],
  );
  await client.query(
    `insert into campaign.campaign (id, slug, state, folder_sealed, plan_id) values ($1, $2, 'running', '', $3)`,
    [campaignId, `c-${campaignId.slice(-12)}`, planId],
  );
  await client.query(
    `insert into campaign.plan (id, campaign_id, sha256, file_id, list_version, created_at, fact_id) values ($1, $2, repeat('a', 64), 'x', 1, now(), $3)`,
    [planId, campaignId, fact.rows[0]?.id],
  );
  await client.query(
    `insert into delivery.rules (campaign_id, plan_id, uncertain_days, returned_days, undecided_days, deferred_hours) values ($1, $2, 3, 14, 7, 72)`,
    [campaignId, planId],
  );
  await client.query(
    `insert into delivery.wave (campaign_id, wave_id, plan_id, ordinal, channel, purpose, segments, start_at, latest_at, released_at, planned_at)
     values ($1, 'mail', $2, 0, 'email', 'initial', '{general}', now(), now() + interval '9 days', now(), now())`,
    [campaignId, planId],
  );
  const assignments = Array.from({ length: people }, () => ({ id: newRef(), ref: newRef() }));
  const lists = [assignments.map((each) => each.id), assignments.map((each) => each.ref)];
  await client.query(
    `insert into delivery.person (campaign_id, ref, term, outcome, step, due_on, letter_required, has_email, has_address, rank, segment, variant)
     select $1, ref, 'underway', 'mail_waiting', 'email', current_date + 9, false, true, false, row_number() over () - 1, 'general', 'general' from unnest($2::uuid[]) as ref`,
    [campaignId, lists[1]],
  );
  await client.query(
    `insert into delivery.assignment (id, campaign_id, wave_id, person_ref, notice_id, rank, site_key)
     select u.id, $1, 'mail', u.ref, gen_random_uuid(), row_number() over () - 1, '\\x01' from unnest($2::uuid[], $3::uuid[]) as u(id, ref)`,
    [campaignId, ...lists],
  );
  await client.query('commit');
  client.release();
  const chunkIds = await planChunks({ pool, clock: () => new Date() }, { campaignId, waveId: 'mail' });
  return { campaignId, planId, keysDir, chunkIds, assignments };
}

/** A plan whose people are `<ref>@example.jp`. */
export function plainPlan(planId: string, overrides: Partial<MailPlan> = {}): MailPlan {
  return {
    planId,
    from: { name: 'さくら通販', address: 'info@sakura.example' },
    returnDomain: 'return.example',
    acceptedBy: 'relay',
    deferredHours: 72,
    pacesOf: () => [{ site: '*', mailsPerMinute: 6_000_000, connections: 10 }],
    compose: async (mails) =>
      new Map(
        mails.map((mail) => [
          mail.assignmentId,
          {
            kind: 'ready' as const,
            to: { name: '髙橋', address: `${mail.personRef}@example.jp` },
            subject: '【重要】お詫びとお知らせ',
            text: `本文 ${mail.personRef}\n`,
            html: `<p>本文 ${mail.personRef}</p>\n`,
            language: 'ja',
          },
        ]),
      ),
    ...overrides,
  };
}

/** Counts of the wave by state, and the events by kind. */
export async function mailingCounts(pool: pg.Pool, campaignId: string) {
  const states = await pool.query<{ state: string; count: number }>(
    `select state, count(*)::int as count from delivery.assignment where campaign_id = $1 group by state`,
    [campaignId],
  );
  const events = await pool.query<{ kind: string; count: number }>(
    `select kind, count(*)::int as count from delivery.mail_event where campaign_id = $1 group by kind`,
    [campaignId],
  );
  const byName = (rows: { count: number }[], key: (row: never) => string) =>
    Object.fromEntries(rows.map((row) => [key(row as never), row.count]));
  return {
    states: byName(states.rows, (row: { state: string }) => row.state),
    events: byName(events.rows, (row: { kind: string }) => row.kind),
  };
}

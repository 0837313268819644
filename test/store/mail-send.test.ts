// Sends chunks through real PostgreSQL and a real socket, and looks at what the tables say after faults.
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { SendDeps } from '../../src/delivery/mail/chunk-job.ts';
import { mailState } from '../../src/delivery/mail/mail-state.ts';
import { type Mailer, openMailer } from '../../src/delivery/mail/open-mailer.ts';
import { openWorkerSession } from '../../src/delivery/mail/open-worker-session.ts';
import { listDueChunks } from '../../src/delivery/mail/plan-chunks.ts';
import { sendChunk } from '../../src/delivery/mail/send-chunk.ts';
import { sweepUncertain } from '../../src/delivery/mail/sweep-uncertain.ts';
import { hashEvents } from '../../src/journal/fact.ts';
import { openKeyStore } from '../../src/platform/crypto/keys.ts';
import { useDatabase } from '../support/database.ts';
import { type MailingCampaign, mailingCounts, plainPlan, seedMailing } from '../support/smtp-campaign.ts';
import { type SmtpScript, startRawSmtpServer } from '../support/smtp-raw-server.ts';

const database = useDatabase();
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function scene(people: number, script: SmtpScript = {}, connections = 4) {
  const campaign = await seedMailing(database.pool, people);
  const server = await startRawSmtpServer(script);
  const mailer = openMailer({
    databaseUrl: database.url,
    smtp: { url: server.url, replyTimeoutMs: 200, connectTimeoutMs: 500 },
    connections,
  });
  open.push(mailer, server);
  return { campaign, server, mailer, deps: depsOf(campaign, mailer) };
}

function depsOf(campaign: MailingCampaign, mailer: Mailer): SendDeps {
  return {
    pool: database.pool,
    keys: openKeyStore(campaign.keysDir),
    clock: () => new Date(),
    mailer,
    openPlan: async () => plainPlan(campaign.planId),
    firstRetryMs: 20,
  };
}

/** Runs due chunks until none is left or `passes` are over. */
async function sendAll(campaign: MailingCampaign, deps: SendDeps, passes = 20) {
  for (let pass = 0; pass < passes; pass++) {
    const due = await listDueChunks(database.pool, campaign.campaignId, new Date());
    for (const chunk of due) await sendChunk(deps, { ...campaign, chunkId: chunk.id, epoch: chunk.epoch });
    const left = await database.pool.query(`select 1 from delivery.chunk where campaign_id = $1 and state = 'open'`, [
      campaign.campaignId,
    ]);
    if (left.rowCount === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** Every cached state follows from its events, every fact covers exactly its rows, and the person equation holds. */
async function assertConsistent(campaign: MailingCampaign) {
  const places = await database.pool.query(
    `select a.state, a.reason, a.attempt, coalesce((select jsonb_agg(jsonb_build_object('kind', e.kind, 'cycle', e.cycle)) from delivery.mail_event e where e.ref = a.id), '[]') as events
     from delivery.assignment a where campaign_id = $1`,
    [campaign.campaignId],
  );
  for (const place of places.rows) {
    expect(mailState(place.attempt, place.events)).toEqual({ state: place.state, reason: place.reason });
  }
  const facts = await database.pool.query(
    `select f.event_count, f.events_sha256, f.lines, (select jsonb_agg(jsonb_build_array(e.ref, e.kind, e.cycle, e.at, e.code)) from delivery.mail_event e where e.fact_id = f.id) as events
     from journal.fact f where campaign_id = $1 and kind like 'mails.%'`,
    [campaign.campaignId],
  );
  for (const fact of facts.rows) {
    const events = fact.events.map((event: unknown[]) => [
      ...event.slice(0, 3),
      new Date(String(event[3])).toISOString(),
      event[4],
    ]);
    expect(fact.event_count).toBe(events.length);
    expect(hashEvents(events)).toBe(fact.events_sha256);
  }
  const people = await database.pool.query(
    `select count(*)::int as total, count(*) filter (where term = 'told')::int as told from delivery.person where campaign_id = $1`,
    [campaign.campaignId],
  );
  const accepted = places.rows.filter((place) => place.state === 'accepted').length;
  expect(people.rows[0]).toEqual({ total: campaign.assignments.length, told: accepted });
  const charged = facts.rows
    .flatMap((fact) => fact.lines)
    .reduce((sum: number, line: { count: number }) => sum + line.count, 0);
  const acceptedAttempts = await database.pool.query(
    `select count(distinct (ref, cycle))::int as count from delivery.mail_event where campaign_id = $1 and kind like '%_accepted'`,
    [campaign.campaignId],
  );
  expect(charged).toBe(acceptedAttempts.rows[0].count);
}

describe('Mails of a chunk', () => {
  test('are sent once each, with their intention on record before them', async () => {
    const { campaign, server, deps } = await scene(120);
    await sendAll(campaign, deps);
    expect(await mailingCounts(database.pool, campaign.campaignId)).toEqual({
      states: { accepted: 120 },
      events: { relay_accepted: 120 },
    });
    const recipients = server.commands.filter((line) => line.startsWith('RCPT')).map((line) => line.slice(9, 45));
    expect(new Set(recipients)).toEqual(new Set(campaign.assignments.map((each) => each.ref)));
    expect(recipients).toHaveLength(120);
    await assertConsistent(campaign);
  });

  test('that the server defers are tried again, with the same Message-ID and another return address', async () => {
    const { campaign, server, deps } = await scene(3, { rcpt: '451 4.7.1 Greylisted' });
    const [chunkId] = campaign.chunkIds;
    await sendChunk(deps, { ...campaign, chunkId: chunkId ?? '', epoch: 1 });
    server.script = {};
    await new Promise((resolve) => setTimeout(resolve, 40));
    await sendAll(campaign, deps);
    expect((await mailingCounts(database.pool, campaign.campaignId)).events).toEqual({
      deferred: 3,
      relay_accepted: 3,
    });
    const senders = server.commands.filter((line) => line.startsWith('MAIL'));
    expect(new Set(senders).size).toBe(6);
    expect(new Set(server.messages.map((text) => /Message-ID: (.*)\r/.exec(text)?.[1])).size).toBe(3);
    await assertConsistent(campaign);
  });

  test('that stay deferred beyond the plan’s hours go on to the letter', async () => {
    const { campaign, deps } = await scene(2, { rcpt: '451 4.7.1 Greylisted' });
    const [chunkId] = campaign.chunkIds;
    await sendChunk(deps, { ...campaign, chunkId: chunkId ?? '', epoch: 1 });
    const inFourDays = { ...deps, clock: () => new Date(Date.now() + 4 * 86_400_000) };
    await sendChunk(inFourDays, { ...campaign, chunkId: chunkId ?? '', epoch: 2 });
    expect(await mailingCounts(database.pool, campaign.campaignId)).toEqual({
      states: { failed: 2 },
      events: { deferred: 4, gave_up: 2 },
    });
    await assertConsistent(campaign);
  });

  test('that are refused fail, and their server’s words are sealed', async () => {
    const { campaign, deps } = await scene(2, { rcpt: '550 5.1.1 <taro@example.jp> unknown' });
    await sendAll(campaign, deps);
    const events = await database.pool.query(
      `select code, text_sealed from delivery.mail_event where campaign_id = $1`,
      [campaign.campaignId],
    );
    expect(events.rows[0].code).toBe('550 5.1.1 rcpt dead');
    expect(events.rows[0].text_sealed.includes('taro')).toBe(false);
    expect((await mailingCounts(database.pool, campaign.campaignId)).states).toEqual({ failed: 2 });
    await assertConsistent(campaign);
  });

  test('whose reply is lost are uncertain and are never sent again by themselves', async () => {
    const { campaign, server, deps } = await scene(10, { dot: 'drop' });
    await sendAll(campaign, deps, 3);
    server.script = {};
    await sendAll(campaign, deps);
    await sweepUncertain(deps, campaign);
    expect(await mailingCounts(database.pool, campaign.campaignId)).toEqual({
      states: { uncertain: 10 },
      events: { uncertain: 10 },
    });
    expect(server.messages).toHaveLength(10);
    await assertConsistent(campaign);
  });

  test('that fail their output check never become an attempt', async () => {
    const { campaign, server, deps } = await scene(2);
    const plan = plainPlan(campaign.planId, {
      compose: async (mails) =>
        new Map(mails.map((mail) => [mail.assignmentId, { kind: 'blocked', code: 'NOTICE_UNSAFE' }])),
    });
    await sendAll(campaign, { ...deps, openPlan: async () => plan });
    expect(server.messages).toEqual([]);
    expect(await mailingCounts(database.pool, campaign.campaignId)).toEqual({
      states: { failed: 2 },
      events: { blocked: 2 },
    });
    await assertConsistent(campaign);
  });

  test('wait while the SMTP server is down, without an attempt, and go when it is back', async () => {
    const { campaign, server, deps } = await scene(5, { greeting: '554 not now' });
    const [chunkId] = campaign.chunkIds;
    const end = await sendChunk(deps, { ...campaign, chunkId: chunkId ?? '', epoch: 1 });
    expect(end).toMatchObject({ kind: 'released', why: 'smtp' });
    expect(await mailingCounts(database.pool, campaign.campaignId)).toEqual({ states: { pending: 5 }, events: {} });
    server.script = {};
    await sendChunk(
      { ...deps, clock: () => new Date(Date.now() + 60_000) },
      { ...campaign, chunkId: chunkId ?? '', epoch: 2 },
    );
    expect((await mailingCounts(database.pool, campaign.campaignId)).states).toEqual({ accepted: 5 });
  });
});

describe('A pause', () => {
  test('stops before the next mail; what was accepted stays accepted, and the rest goes after the resume', async () => {
    const { campaign, server, deps } = await scene(200, { dot: { afterMs: 40, reply: '250 2.0.0 Ok' } }, 2);
    const [chunkId] = campaign.chunkIds;
    const sending = sendChunk(deps, { ...campaign, chunkId: chunkId ?? '', epoch: 1 });
    await vi.waitFor(() => expect(server.messages.length).toBeGreaterThan(2), 10_000);
    await database.pool.query(`update campaign.campaign set state = 'paused' where id = $1`, [campaign.campaignId]);
    const atPause = server.messages.length;
    expect(await sending).toMatchObject({ why: 'stopped' });
    expect(server.messages.length - atPause).toBeLessThan(20);
    const paused = await mailingCounts(database.pool, campaign.campaignId);
    expect(paused.states.accepted).toBe(server.messages.length);
    expect(paused.states.submitting).toBeUndefined();
    await assertConsistent(campaign);
    server.script = {};
    await database.pool.query(`update campaign.campaign set state = 'running' where id = $1`, [campaign.campaignId]);
    await sendAll(campaign, deps);
    expect((await mailingCounts(database.pool, campaign.campaignId)).states).toEqual({ accepted: 200 });
    expect(server.messages).toHaveLength(200);
  });

  test('or another plan lets no intention through', async () => {
    const { campaign, server, deps } = await scene(3);
    await sendAll(campaign, { ...deps, openPlan: async () => plainPlan('0197a000-0000-7000-8000-000000000001') }, 2);
    expect(server.messages).toEqual([]);
    expect((await mailingCounts(database.pool, campaign.campaignId)).states).toEqual({ pending: 3 });
  });
});

describe('A worker’s life', () => {
  test('holds its chunk against others while it lives, and loses it when its session ends', async () => {
    const { campaign, deps, mailer } = await scene(4, { dot: { afterMs: 300, reply: '250 Ok' } }, 1);
    const other = openMailer({ databaseUrl: database.url, smtp: { url: 'smtp://127.0.0.1:1' }, connections: 1 });
    open.push(other);
    const job = { ...campaign, chunkId: campaign.chunkIds[0] ?? '', epoch: 1 };
    const sending = sendChunk({ ...deps, mailer }, job);
    const isClaimed = async () => (await listDueChunks(database.pool, campaign.campaignId, new Date())).length === 0;
    while (!(await isClaimed())) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await sendChunk({ ...deps, mailer: other }, job)).toEqual({ kind: 'skipped' });
    expect(await sendChunk({ ...deps, mailer }, job)).toEqual({ kind: 'skipped' });
    expect(await listDueChunks(database.pool, campaign.campaignId, new Date())).toEqual([]);
    await sending;
  });

  test('ends with its session: no dot leaves any more, and another worker goes on', async () => {
    const { campaign, server, deps, mailer } = await scene(60, { dot: { afterMs: 30, reply: '250 Ok' } }, 1);
    const sending = sendChunk(deps, { ...campaign, chunkId: campaign.chunkIds[0] ?? '', epoch: 1 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    const session = await mailer.session();
    await database.pool.query(
      `select pg_terminate_backend(l.pid) from pg_locks l join delivery.worker w on l.objid = w.lock_key::bigint::oid
       where l.locktype = 'advisory' and l.classid = 7801::oid and w.id = $1`,
      [session.workerId],
    );
    const atLoss = server.messages.length;
    expect(await sending).toMatchObject({ why: 'stopped' });
    expect(server.messages.length - atLoss).toBeLessThanOrEqual(2);
    await sendAll(campaign, deps);
    expect(server.messages).toHaveLength(60);
    expect((await mailingCounts(database.pool, campaign.campaignId)).states).toEqual({ accepted: 60 });
    await assertConsistent(campaign);
  });

  test('decides when a mail in flight becomes uncertain: lock free and deadline passed, not one of them', async () => {
    const { campaign, deps } = await scene(1);
    const session = await openWorkerSession(database.url);
    const [place] = campaign.assignments;
    const intend = (deadline: string) =>
      database.pool.query(
        `with a as (update delivery.assignment set state = 'submitting', attempt = 1, owner_id = $2, deadline_at = ${deadline} where id = $1 returning id)
         insert into delivery.mail_attempt (assignment_id, attempt, campaign_id, owner_id, return_token, submitted_at, deadline_at)
         select id, 1, $3, $2, 'aaaaaaaaaaaaaaaa', now() - interval '2 minutes', ${deadline} from a on conflict do nothing`,
        [place?.id, session.workerId, campaign.campaignId],
      );
    await intend(`now() - interval '1 second'`);
    expect(await sweepUncertain(deps, campaign)).toBe(0);
    await session.close();
    await database.pool.query(
      `update delivery.assignment set deadline_at = now() + interval '1 minute' where id = $1`,
      [place?.id],
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await sweepUncertain(deps, campaign)).toBe(0);
    await database.pool.query(
      `update delivery.assignment set deadline_at = now() - interval '1 second' where id = $1`,
      [place?.id],
    );
    expect(await sweepUncertain(deps, campaign)).toBe(1);
    expect(await sweepUncertain(deps, campaign)).toBe(0);
    await assertConsistent(campaign);
  });
});

describe('A database session that dies inside the outcomes’ transaction', () => {
  test('loses nothing and doubles nothing', async () => {
    const { campaign, server, deps } = await scene(300, {}, 2);
    let kills = 0;
    const killer = setInterval(() => {
      // On a busy machine every transaction is idle for a moment: without an end nothing would ever be committed.
      if (kills >= 25) return;
      database.pool
        .query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%' and pid <> pg_backend_pid() limit 1`,
        )
        .then(
          ({ rowCount }) => {
            kills += rowCount ?? 0;
          },
          () => {},
        );
    }, 15);
    for (let pass = 0; pass < 40; pass++) {
      const due = await listDueChunks(database.pool, campaign.campaignId, new Date()).catch(() => []);
      for (const chunk of due)
        await sendChunk(deps, { ...campaign, chunkId: chunk.id, epoch: chunk.epoch }).catch(() => {});
      if (due.length === 0 && pass > 5) break;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    clearInterval(killer);
    expect(kills).toBeGreaterThan(0);
    await sendAll(campaign, deps);
    const { states } = await mailingCounts(database.pool, campaign.campaignId);
    expect(states).toEqual({ accepted: 300 });
    expect(server.messages).toHaveLength(300);
    await assertConsistent(campaign);
  });
});

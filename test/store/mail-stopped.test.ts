// What stops a mail or a letter: a decision by name while a mail is under way, and an acceptance that comes after the letter was planned.
import { afterEach, describe, expect, test } from 'vitest';
import { ensureActor } from '../../src/campaign/actors/ensure-actor.ts';
import { advancePeople } from '../../src/delivery/advance-people.ts';
import { decidePeople, type PersonDecision } from '../../src/delivery/decide-people.ts';
import { insertIntentions } from '../../src/delivery/mail/attempt-store.ts';
import { claimChunk, listWavesWithoutRelay } from '../../src/delivery/mail/chunk-store.ts';
import { openMailer } from '../../src/delivery/mail/open-mailer.ts';
import { listDueChunks, planChunks } from '../../src/delivery/mail/plan-chunks.ts';
import { recordMailEvents } from '../../src/delivery/mail/record-events.ts';
import { sendChunk } from '../../src/delivery/mail/send-chunk.ts';
import { settleByPeople } from '../../src/delivery/mail/settle-mails.ts';
import { insertAssignments } from '../../src/delivery/plan-store.ts';
import { newNoticeNumber, newRef } from '../../src/kernel/ids.ts';
import { openKeyStore } from '../../src/platform/crypto/keys.ts';
import { transaction } from '../../src/platform/postgres/db.ts';
import { useDatabase } from '../support/database.ts';
import { findWrongCaches } from '../support/recompute-states.ts';
import { mailingCounts, plainPlan, seedMailing } from '../support/smtp-campaign.ts';
import { type SmtpScript, startRawSmtpServer } from '../support/smtp-raw-server.ts';

const database = useDatabase();
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

const excluded: PersonDecision = { kind: 'excluded', code: 'told_otherwise' };
const substituted: PersonDecision = { kind: 'substituted', code: 'public_notice' };
const readmitted: PersonDecision = { kind: 'readmitted', code: 'none' };

async function scene(people: number, script: SmtpScript) {
  const campaign = await seedMailing(database.pool, people);
  const { campaignId } = campaign;
  const server = await startRawSmtpServer(script);
  const mailer = openMailer({
    databaseUrl: database.url,
    smtp: { url: server.url, replyTimeoutMs: 4_000, connectTimeoutMs: 500 },
    connections: 2,
  });
  open.push(mailer, server);
  const deps = {
    pool: database.pool,
    keys: openKeyStore(campaign.keysDir),
    clock: () => new Date(),
    mailer,
    openPlan: async () => plainPlan(campaign.planId),
    firstRetryMs: 1,
  };
  const send = async (passes = 3) => {
    for (let pass = 0; pass < passes; pass++) {
      for (const chunk of await listDueChunks(database.pool, campaignId, new Date()))
        await sendChunk(deps, { ...campaign, chunkId: chunk.id, epoch: chunk.epoch });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const decide = async (decision: PersonDecision) => {
    const actorId = await ensureActor(deps, database.pool, { campaignId, name: '山田 花子' });
    await decidePeople(deps, { campaignId, refs: campaign.assignments.map(({ ref }) => ref), decision, actorId });
  };
  const resend = (noticeIds: string[] | null = null) =>
    settleByPeople(deps, { campaignId, assume: 'resend', by: '山田 花子', and: '鈴木 一郎', noticeIds });
  return { campaign, campaignId, server, deps, send, decide, resend };
}

async function places(campaignId: string) {
  const found = await database.pool.query<{ wave_id: string; state: string; reason: string | null }>(
    `select wave_id, state, reason from delivery.assignment where campaign_id = $1 order by wave_id, rank`,
    [campaignId],
  );
  return found.rows.map((place) => [place.wave_id, place.state, place.reason]);
}

async function outcomes(campaignId: string) {
  const found = await database.pool.query<{ outcome: string }>(
    `select outcome from delivery.person where campaign_id = $1 order by rank`,
    [campaignId],
  );
  return found.rows.map(({ outcome }) => outcome);
}

describe('A decision by name about a person', () => {
  test.each([
    [excluded, 'person_excluded'],
    [substituted, 'person_substituted'],
  ])(
    'that comes while the mail is under way ($kind) ends it when the server defers; a readmission sends it again',
    async (decision, reason) => {
      const { campaignId, server, deps, send, decide } = await scene(1, {
        dot: { afterMs: 1_500, reply: '451 4.3.0 No' },
      });
      const sending = send(1);
      await expect.poll(() => places(campaignId)).toContainEqual(['mail', 'submitting', null]);
      await decide(decision);
      await sending;
      expect(await places(campaignId)).toEqual([['mail', 'excluded', reason]]);
      const before = server.messages.length;
      server.script = {};
      await send();
      expect(server.messages).toHaveLength(before);
      expect(await findWrongCaches(database.pool, campaignId, new Date())).toEqual([]);
      await decide(readmitted);
      await planChunks(deps, { campaignId, waveId: 'mail' });
      await send();
      expect(await places(campaignId)).toEqual([['mail', 'accepted', null]]);
      expect(await findWrongCaches(database.pool, campaignId, new Date())).toEqual([]);
    },
  );

  test('that missed the outcome beside it still stops the mail, at the intention and before the next round', async () => {
    const { campaign, campaignId, server, deps, send, decide } = await scene(1, {});
    const [chunkId = ''] = campaign.chunkIds;
    const [place] = campaign.assignments;
    await decide(excluded);
    await database.pool.query(
      `update delivery.assignment set state = 'pending', reason = null, chunk_id = $2 where campaign_id = $1`,
      [campaignId, chunkId],
    );
    const { workerId } = await deps.mailer.session();
    await claimChunk(database.pool, { campaignId, chunkId, epoch: 1, workerId, now: new Date() });
    const intended = await transaction(database.pool, (tx) =>
      insertIntentions(tx, {
        campaignId,
        planId: campaign.planId,
        chunkId,
        epoch: 1,
        workerId,
        deadlineMs: 60_000,
        mails: [{ assignmentId: place?.id ?? '', attempt: 0, returnToken: 'a'.repeat(16) }],
      }),
    );
    expect(intended).toEqual([]);
    await sendChunk(deps, { ...campaign, chunkId, epoch: 1 });
    await send();
    expect(server.messages).toEqual([]);
    expect(await places(campaignId)).toEqual([['mail', 'excluded', 'person_excluded']]);
    const chunk = await database.pool.query(`select state from delivery.chunk where id = $1`, [chunkId]);
    expect(chunk.rows).toEqual([{ state: 'done' }]);
  });

  test('keeps an uncertain mail from any resend', async () => {
    const { campaignId, send, decide, resend } = await scene(2, { dot: 'drop' });
    await send(1);
    await decide(excluded);
    expect(await resend()).toEqual({ settled: 0, left: 2, stopped: 2, withLetter: [] });
    expect((await mailingCounts(database.pool, campaignId)).events).toEqual({ uncertain: 2 });
  });
});

/** A fallback letter for everyone, as the sweep plans it when an uncertain mail is past its date. */
async function placeLetters({ campaignId, campaign }: Awaited<ReturnType<typeof scene>>) {
  await database.pool.query(
    `insert into delivery.wave (campaign_id, wave_id, plan_id, ordinal, channel, purpose, segments, fallback_of, start_at, latest_at, released_at, planned_at)
     values ($1, 'paper', $2, 1, 'letter', 'initial', '{general}', 'mail', now(), now() + interval '20 days', now(), now())`,
    [campaignId, campaign.planId],
  );
  await database.pool.query(`update delivery.person set has_address = true where campaign_id = $1`, [campaignId]);
  const letters = campaign.assignments.map(({ ref }, rank) => ({
    id: newRef(),
    waveId: 'paper',
    personRef: ref,
    noticeId: newRef(),
    rank,
    siteKey: null,
  }));
  const refs = campaign.assignments.map(({ ref }) => ref);
  await transaction(database.pool, async (tx) => {
    await insertAssignments(tx, campaignId, letters);
    await advancePeople(tx, campaignId, refs);
  });
  return letters;
}

describe('A letter of a fallback wave', () => {
  test('is left out when the mail is known to be accepted after all, and comes back when that mail bounces', async () => {
    const stage = await scene(2, { dot: 'drop' });
    const { campaign, campaignId, send } = stage;
    await send(1);
    const letters = await placeLetters(stage);
    expect(await outcomes(campaignId)).toEqual(['letter_waiting', 'letter_waiting']);
    const report = (kind: 'relay_accepted' | 'bounced') =>
      transaction(database.pool, (tx) =>
        recordMailEvents(tx, {
          campaignId,
          kind: 'mails.reported',
          at: new Date(),
          events: [
            {
              assignmentId: campaign.assignments[0]?.id ?? '',
              attempt: 1,
              kind,
              at: new Date(),
              code: 'x',
              textSealed: null,
            },
          ],
        }),
      );
    await report('relay_accepted');
    expect(await outcomes(campaignId)).toEqual(['mail_accepted', 'letter_waiting']);
    expect((await places(campaignId)).filter(([wave]) => wave === 'paper')).toEqual([
      ['paper', 'excluded', 'person_told'],
      ['paper', 'pending', null],
    ]);
    expect(await findWrongCaches(database.pool, campaignId, new Date())).toEqual([]);
    await report('bounced');
    expect(await outcomes(campaignId)).toEqual(['letter_due', 'letter_waiting']);
    expect(await transaction(database.pool, (tx) => insertAssignments(tx, campaignId, letters))).toBe(1);
  });

  test('that lies in a lot keeps its person out of a resend to all, and is named for a pull', async () => {
    const stage = await scene(2, { dot: 'drop' });
    const { campaign, campaignId, send, resend } = stage;
    await send(1);
    const [letter] = await placeLetters(stage);
    const [lotId, number] = [newRef(), newNoticeNumber()];
    await database.pool.query(
      `insert into delivery.lot (id, campaign_id, wave_id, number, plan_id, piece_count, is_reprint, letter_date, formed_at)
       values ($1, $2, 'paper', 1, $3, 1, false, current_date, now())`,
      [lotId, campaignId, campaign.planId],
    );
    await database.pool.query(
      `insert into delivery.piece (id, campaign_id, lot_id, seq, assignment_id, person_ref, notice_number, cycle, has_gift)
       values (gen_random_uuid(), $1, $2, 1, $3, $4, $5, 1, false)`,
      [campaignId, lotId, letter?.id, letter?.personRef, number],
    );
    await database.pool.query(`update delivery.assignment set state = 'in_lot' where id = $1`, [letter?.id]);
    expect(await resend()).toEqual({ settled: 1, left: 1, stopped: 0, withLetter: [number] });
    const notice = await database.pool.query<{ notice_id: string }>(
      `select notice_id from delivery.assignment where campaign_id = $1 and state = 'uncertain'`,
      [campaignId],
    );
    expect(await resend([notice.rows[0]?.notice_id ?? ''])).toEqual({
      settled: 1,
      left: 0,
      stopped: 0,
      withLetter: [],
    });
  });
});

test('a mail server that nobody can reach is what the wave waits for, until it was reached', async () => {
  const { campaignId, server, send } = await scene(2, {});
  await server.close();
  await send(1);
  expect([...(await listWavesWithoutRelay(database.pool, campaignId))]).toEqual(['mail']);
  const reached = await scene(2, {});
  await reached.send(1);
  expect([...(await listWavesWithoutRelay(database.pool, reached.campaignId))]).toEqual([]);
});

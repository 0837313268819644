// Uncertain mails and what settles them: the relay's log, a bounce, two named people; with the demo's relay as the other side.
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { SendDeps } from '../../src/delivery/mail/chunk-job.ts';
import { openMailer } from '../../src/delivery/mail/open-mailer.ts';
import { listDueChunks } from '../../src/delivery/mail/plan-chunks.ts';
import { recordBounce } from '../../src/delivery/mail/record-bounce.ts';
import { sendChunk } from '../../src/delivery/mail/send-chunk.ts';
import { settleByLog, settleByPeople } from '../../src/delivery/mail/settle-mails.ts';
import { type CatcherRates, catcherFaults } from '../../src/demo/catcher-rules.ts';
import { startMailCatcher } from '../../src/demo/mail-catcher.ts';
import { openKeyStore } from '../../src/platform/crypto/keys.ts';
import { useDatabase } from '../support/database.ts';
import { mailingCounts, plainPlan, seedMailing } from '../support/smtp-campaign.ts';

const database = useDatabase();
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function scene(people: number, rates: CatcherRates) {
  const campaign = await seedMailing(database.pool, people);
  const catcher = await startMailCatcher({ dir: mkdtempSync(join(tmpdir(), 'owabi-catcher-')), rates });
  const mailer = openMailer({
    databaseUrl: database.url,
    smtp: { url: catcher.url, replyTimeoutMs: 2_000 },
    connections: 4,
  });
  open.push(mailer, catcher);
  const deps: SendDeps = {
    pool: database.pool,
    keys: openKeyStore(campaign.keysDir),
    clock: () => new Date(),
    mailer,
    openPlan: async () => plainPlan(campaign.planId),
    firstRetryMs: 10,
  };
  const sendAll = async (passes = 15) => {
    for (let pass = 0; pass < passes; pass++) {
      for (const chunk of await listDueChunks(database.pool, campaign.campaignId, new Date())) {
        await sendChunk(deps, { ...campaign, chunkId: chunk.id, epoch: chunk.epoch });
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await catcher.flush();
  };
  return { campaign, catcher, deps, sendAll };
}

const factsOf = async (campaignId: string) =>
  (
    await database.pool.query<{ count: number }>(
      `select count(*)::int as count from journal.fact where campaign_id = $1`,
      [campaignId],
    )
  ).rows[0]?.count;

const chargedOf = async (campaignId: string) =>
  (
    await database.pool.query<{ sum: number }>(
      `select coalesce(sum((line->>'count')::int), 0)::int as sum from journal.fact f, jsonb_array_elements(f.lines) line where campaign_id = $1 and kind like 'mails.%'`,
      [campaignId],
    )
  ).rows[0]?.sum;

describe('With a relay that does everything', () => {
  test('its own record and ours agree person by person, and nobody has two mails', async () => {
    const rates = Object.fromEntries(catcherFaults.map((fault) => [fault, 700]));
    const { campaign, catcher, deps, sendAll } = await scene(150, rates);
    await sendAll();
    const taken = catcher.taken();
    const recipients = taken.map((entry) => entry.recipient.slice(0, 36));
    expect(new Set(recipients).size).toBe(recipients.length);
    const before = await mailingCounts(database.pool, campaign.campaignId);
    expect(before.states.uncertain).toBe(taken.filter((entry) => entry.fault === 'drop_after').length);
    const settled = await settleByLog(deps, { campaignId: campaign.campaignId, file: catcher.logFile });
    expect(settled).toEqual({ settled: before.states.uncertain, left: 0 });
    expect(await settleByLog(deps, { campaignId: campaign.campaignId, file: catcher.logFile })).toEqual({
      settled: 0,
      left: 0,
    });
    const files = readdirSync(catcher.bouncesDir).map((name) => join(catcher.bouncesDir, name));
    const report = await recordBounce(deps, { campaignId: campaign.campaignId, files });
    expect(report.unmatched).toEqual([]);
    const facts = await factsOf(campaign.campaignId);
    expect(await recordBounce(deps, { campaignId: campaign.campaignId, files })).toMatchObject({ recorded: 0 });
    expect(await factsOf(campaign.campaignId)).toBe(facts);
    const places = await database.pool.query<{ ref: string; state: string; reason: string | null }>(
      `select person_ref as ref, state, reason from delivery.assignment where campaign_id = $1`,
      [campaign.campaignId],
    );
    const faultOf = new Map(taken.map((entry) => [entry.recipient.slice(0, 36), entry.fault]));
    for (const place of places.rows) {
      const fault = faultOf.get(place.ref);
      if (fault === undefined) expect(place).toMatchObject({ state: 'failed', reason: 'refused' });
      else if (fault?.startsWith('bounce')) expect(place).toMatchObject({ state: 'failed', reason: 'bounced' });
      else expect(place.state).toBe('accepted');
    }
    expect(await chargedOf(campaign.campaignId)).toBe(taken.length);
  });
});

describe('An uncertain mail', () => {
  test('whose bounce arrives was taken by the relay and then failed: charged once, and the person moves on', async () => {
    const { campaign, catcher, deps, sendAll } = await scene(6, { drop_after: 10_000 });
    await sendAll(3);
    expect((await mailingCounts(database.pool, campaign.campaignId)).states).toEqual({ uncertain: 6 });
    const [entry] = catcher.taken();
    const file = join(mkdtempSync(join(tmpdir(), 'owabi-dsn-')), 'a.eml');
    writeFileSync(
      file,
      `From: MAILER-DAEMON@x.example\nTo: notice+${entry?.token}@return.example\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; ${entry?.recipient}\nAction: failed\nStatus: 5.1.1\n\n--b--\n`,
    );
    expect(await recordBounce(deps, { campaignId: campaign.campaignId, files: [file] })).toMatchObject({ recorded: 2 });
    expect(await mailingCounts(database.pool, campaign.campaignId)).toEqual({
      states: { uncertain: 5, failed: 1 },
      events: { uncertain: 6, relay_accepted: 1, bounced: 1 },
    });
    expect(await chargedOf(campaign.campaignId)).toBe(1);
  });

  test('is settled by two different people only, and counts as told when they assume acceptance', async () => {
    const { campaign, deps, sendAll } = await scene(4, { drop_after: 10_000 });
    await sendAll(3);
    const decide = { campaignId: campaign.campaignId, assume: 'accepted' as const, noticeIds: null };
    await expect(settleByPeople(deps, { ...decide, by: '山田 花子', and: '山田花子' })).rejects.toMatchObject({
      code: 'USAGE_WRONG',
    });
    expect(await settleByPeople(deps, { ...decide, by: '山田 花子', and: '鈴木 一郎' })).toEqual({
      settled: 4,
      left: 0,
      stopped: 0,
      withLetter: [],
    });
    expect((await mailingCounts(database.pool, campaign.campaignId)).states).toEqual({ accepted: 4 });
    const told = await database.pool.query(
      `select count(*)::int as count from delivery.person where campaign_id = $1 and term = 'told'`,
      [campaign.campaignId],
    );
    expect(told.rows[0].count).toBe(4);
  });

  test('that two people resend waits for deadline and SMTP timeout, and then goes as a new attempt', async () => {
    const { campaign, catcher, deps, sendAll } = await scene(3, { drop_after: 10_000 });
    await sendAll(3);
    await settleByPeople(deps, {
      campaignId: campaign.campaignId,
      assume: 'resend',
      by: '山田',
      and: '鈴木',
      noticeIds: null,
    });
    const later = { ...deps, clock: () => new Date(Date.now() + 600_000) };
    const send = async () => {
      for (const chunk of await listDueChunks(database.pool, campaign.campaignId, later.clock())) {
        await sendChunk(later, { ...campaign, chunkId: chunk.id, epoch: chunk.epoch });
      }
    };
    await send();
    // Whatever the caller's clock says, the database's own does not let it go yet.
    expect(catcher.taken()).toHaveLength(3);
    await database.pool.query('alter table delivery.mail_attempt disable trigger append_only');
    await database.pool.query(
      `update delivery.mail_attempt set submitted_at = now() - interval '9 minutes', deadline_at = now() - interval '5 minutes' where campaign_id = $1`,
      [campaign.campaignId],
    );
    await database.pool.query('alter table delivery.mail_attempt enable trigger append_only');
    await send();
    expect(catcher.taken()).toHaveLength(6);
    expect(new Set(catcher.taken().map((entry) => entry.messageId)).size).toBe(3);
    expect(await mailingCounts(database.pool, campaign.campaignId)).toEqual({
      states: { accepted: 3 },
      events: { uncertain: 3, resend_decided: 3, relay_accepted: 3 },
    });
  });
});

describe('Mail that came back', () => {
  test('about a mail we never sent is named, not lost; a delay sends nothing again', async () => {
    const { campaign, catcher, deps, sendAll } = await scene(3, { delay: 10_000 });
    await sendAll(2);
    const stray = join(mkdtempSync(join(tmpdir(), 'owabi-dsn-')), 'stray.eml');
    writeFileSync(
      stray,
      'From: MAILER-DAEMON@x.example\nTo: notice+aaaaaaaaaaaaaaaa@return.example\nX-Failed-Recipients: who@example.jp\n\n550 5.1.1 unknown\n',
    );
    const files = [stray, ...readdirSync(catcher.bouncesDir).map((name) => join(catcher.bouncesDir, name))];
    const report = await recordBounce(deps, { campaignId: campaign.campaignId, files });
    expect(report).toMatchObject({ recorded: 3, unmatched: [stray] });
    await sendAll(3);
    expect(catcher.taken()).toHaveLength(3);
    expect((await mailingCounts(database.pool, campaign.campaignId)).states).toEqual({ accepted: 3 });
  });
});

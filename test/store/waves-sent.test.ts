// What waves mean, with real mails over a real socket: who gets how many, in which words, and that the equations hold.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureActor } from '../../src/campaign/actors/ensure-actor.ts';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import { recordMailEvents } from '../../src/delivery/mail/record-events.ts';
import { placeFollowUps } from '../../src/delivery/place-follow-ups.ts';
import { resendPeople } from '../../src/delivery/resend-people.ts';
import { campaignStatus } from '../../src/desk/overview/campaign-status.ts';
import { checkFolder } from '../../src/desk/plan/check-campaign.ts';
import { describeStoredPlan } from '../../src/desk/plan/describe-plan.ts';
import { previewNotices } from '../../src/desk/plan/preview-notices.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { listFacts } from '../../src/journal/store.ts';
import { listNotices } from '../../src/notice/store.ts';
import type { App } from '../../src/platform/app.ts';
import { transaction } from '../../src/platform/postgres/db.ts';
import { openTestApp } from '../support/app.ts';
import { folderContent } from '../support/folder-content.ts';
import { approveByTwo, launchedCampaign, loadRoster, rosterRow, withWaves } from '../support/launched-campaign.ts';
import { findWrongCaches } from '../support/recompute-states.ts';
import { sendWaves } from '../support/send-waves.ts';
import { type RawSmtpServer, startRawSmtpServer } from '../support/smtp-raw-server.ts';

let server: RawSmtpServer;
let app: App;
beforeAll(async () => {
  server = await startRawSmtpServer();
});
beforeEach(async () => {
  await app?.close();
  server.messages.length = 0;
  server.script = {};
  app = await openTestApp({ env: { OWABI_SMTP_URL: server.url } });
});
afterAll(async () => {
  await app.close();
  await server.close();
});

const first = 'id: email-1, channel: email, segments: [card, general]';
const letters = [
  'id: letter-card, channel: letter, segments: [card], gift: quo500',
  'id: letter-1, channel: letter, segments: [general], gift: quo500, fallbackOf: email-1',
];
const people = [rosterRow(1), rosterRow(2), rosterRow(3, { email: '' })];

const recipients = () =>
  server.messages.map((message) => /^To: .*?([\w.]+@mail\.example)/m.exec(message)?.[1] ?? '?').sort();

async function launch(waves: readonly string[], rows: readonly string[] = people) {
  const { campaign, dir } = await launchedCampaign(app, rows, withWaves(waves));
  await sendWaves(app, campaign.id);
  return { campaign, dir };
}

async function statusOf(campaignId: string) {
  const status = await campaignStatus(app, campaignId);
  expect(status.balanced).toBe(true);
  expect(await findWrongCaches(app.pool, campaignId, app.clock())).toEqual([]);
  return status;
}
const waveOf = async (campaignId: string, id: string) =>
  (await statusOf(campaignId)).waves.find((wave) => wave.id === id);

async function refOf(campaignId: string, rank: number): Promise<string> {
  const found = await app.pool.query('select ref from delivery.person where campaign_id = $1 order by rank offset $2', [
    campaignId,
    rank,
  ]);
  return found.rows[0].ref;
}

describe('a second wave by the same channel', () => {
  it('of purpose resend takes nobody by itself: one mail each', async () => {
    const { campaign } = await launch([
      first,
      'id: email-again, channel: email, purpose: resend, segments: [card, general]',
      ...letters,
    ]);
    expect(recipients()).toEqual(['user1@mail.example', 'user2@mail.example']);
    expect(await waveOf(campaign.id, 'email-again')).toMatchObject({ total: 0 });
  });

  it('of purpose resend takes a named person whose mail is known to have failed, and nobody else', async () => {
    server.script = { rcpt: '550 5.1.1 no such user' };
    const rows = [rosterRow(1), rosterRow(2, { address: '' })];
    const { campaign } = await launch(
      [first, 'id: email-again, channel: email, purpose: resend, segments: [card, general]', ...letters],
      rows,
    );
    expect(server.messages).toEqual([]);
    const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: '総務 花子' });
    server.script = {};
    const refs = [await refOf(campaign.id, 0), await refOf(campaign.id, 1)];
    const answer = await resendPeople(app, { campaignId: campaign.id, waveId: 'email-again', refs, actorId });
    // One of the two has a letter under way by now, which may still reach them.
    expect(answer.placed).toBe(1);
    expect(answer.refused).toEqual([{ ref: expect.any(String), reason: 'under_way' }]);
    await sendWaves(app, campaign.id);
    expect(recipients()).toEqual(['user2@mail.example']);
    expect((await statusOf(campaign.id)).persons).toMatchObject({ total: 2, told: 1, underway: 1 });
    const again = await resendPeople(app, { campaignId: campaign.id, waveId: 'email-again', refs, actorId });
    expect(again.refused.map(({ reason }) => reason).sort()).toEqual(['already_told', 'under_way']);
    const facts = (await listFacts(app.pool, campaign.id)).filter((fact) => fact.kind === 'people.resent');
    expect(facts).toMatchObject([{ actorId, body: { waveId: 'email-again', people: 1 } }]);
  });

  it('of purpose supplement goes to those whom a mail told, in its own words, and never to the others', async () => {
    const waves = [
      first,
      'id: email-more, channel: email, purpose: supplement, variant: supplement, segments: [general]',
    ];
    const { campaign, dir } = await launch([...waves, ...letters]);
    expect((await checkFolder(dir, { language: 'en' })).problems).toEqual([]);
    expect(recipients()).toEqual([
      'user1@mail.example',
      'user1@mail.example',
      'user2@mail.example',
      'user2@mail.example',
    ]);
    expect(await waveOf(campaign.id, 'email-more')).toMatchObject({ total: 2, handedOver: 2 });
    const ref = (
      await app.pool.query("select person_ref from delivery.assignment where wave_id = 'email-more' limit 1")
    ).rows[0].person_ref;
    expect((await listNotices(app.pool, campaign.id, ref)).map(({ variant, purpose }) => [variant, purpose])).toEqual([
      ['adult', 'initial'],
      ['supplement', 'supplement'],
    ]);
    await sendWaves(app, campaign.id);
    expect(server.messages).toHaveLength(4);
  });
});

describe('what approvers see', () => {
  it('has the text of a resend, which leaves only for named people: described, previewed, and then sent in those words', async () => {
    server.script = { rcpt: '550 5.1.1 no such user' };
    const again = 'id: email-again, channel: email, purpose: resend, variant: card, segments: [card, general]';
    const byLetter = 'id: letter-again, channel: letter, purpose: resend, segments: [general], gift: quo500';
    const { campaign, dir } = await launch([first, ...letters, again, byLetter], [rosterRow(1, { address: '' })]);
    const current = await getCampaign(app.pool, campaign.id);
    const { waves } = await describeStoredPlan(app, { campaignId: campaign.id, planId: current.planId });
    expect(waves.find(({ id }) => id === 'email-again')).toMatchObject({
      people: 0,
      atMostMore: null,
      texts: [{ segment: 'general', variant: 'card', language: 'ja', people: 1 }],
    });
    const ref = await refOf(campaign.id, 0);
    const { file, notices } = await folderContent(dir);
    const texts = { file, notices: notices.map((notice) => ({ ...notice, file: notice.path })) };
    const listed = await previewNotices(app, { campaign: current, texts, outDir: join(dir, 'listed'), ref });
    expect(listed.files.map((name) => basename(name))).toContain('01-person.email-again.txt');
    const samples = { ...current, listVersion: null };
    const made = await previewNotices(app, { campaign: samples, texts, outDir: join(dir, 'samples') });
    const pdfs = made.files
      .filter((name) => name.includes('longest-address.letter-again'))
      .map((name) => basename(name));
    expect(pdfs.map((name) => name.replace(/^.*letter-again/, ''))).toEqual(['.pdf', '.gift.pdf']);
    const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: '総務 花子' });
    server.script = {};
    await resendPeople(app, { campaignId: campaign.id, waveId: 'email-again', refs: [ref], actorId });
    await sendWaves(app, campaign.id);
    expect((await listNotices(app.pool, campaign.id, ref)).map(({ variant }) => variant)).toEqual(['adult', 'card']);
  });

  it('is what leaves: the mail in the wave’s own words, without a card that no mail carries, byte by byte', async () => {
    const own = 'id: email-1, channel: email, variant: card, segments: [card, general]';
    const { campaign, dir } = await launch([own, ...letters], [rosterRow(1)]);
    const { file, notices } = await folderContent(dir);
    const outDir = join(dir, 'preview');
    const texts = { file, notices: notices.map((notice) => ({ ...notice, file: notice.path })) };
    const current = await getCampaign(app.pool, campaign.id);
    const { files } = await previewNotices(app, { campaign: current, texts, outDir, ref: await refOf(campaign.id, 0) });
    const seen = readFileSync(files.find((name) => name.endsWith('email-1.eml')) ?? '', 'utf8');
    const apart = /^(Date|Message-ID|List-Unsubscribe): .*\r?\n|(?<=boundary=")[^"]+|^--.*$/gim;
    const plain = (mail: string) => mail.replace(apart, '').replaceAll('\r\n', '\n').trimEnd();
    expect(plain(seen)).toBe(plain(server.messages[0] ?? ''));
    const sent = await listNotices(app.pool, campaign.id, await refOf(campaign.id, 0));
    expect(sent.map(({ variant }) => variant)).toEqual(['card']);
    const words = readFileSync(files.find((name) => name.endsWith('email-1.txt')) ?? '', 'utf8');
    expect(words).not.toContain('QUOカード');
    expect(files.filter((name) => name.endsWith('.pdf')).map((name) => basename(name))).toEqual([
      '01-person.letter-1.pdf',
      '01-person.letter-1.gift.pdf',
    ]);
  });
});

describe('a wave that follows', () => {
  it('looks at one window of ranks in a sweep that finds nobody, however many people there are, and at all of them in turn', async () => {
    const more = 'id: email-more, channel: email, purpose: supplement, variant: supplement, segments: [general]';
    server.script = { rcpt: '550 5.1.1 no such user' };
    const { campaign } = await launch([first, more, ...letters], [rosterRow(1), rosterRow(2)]);
    // As in a campaign of 95,000 people of whom one is told late, near the end.
    const late = await refOf(campaign.id, 0);
    await app.pool.query(`update delivery.person set rank = 95000 where ref = $1`, [late]);
    await app.pool.query(`update delivery.wave set looked_rank = 95000 where wave_id = 'email-more'`);
    const looked = async () => {
      const { rows } = await app.pool.query<{ looked_rank: number }>(
        `select looked_rank from delivery.wave where wave_id = 'email-more'`,
      );
      return rows[0]?.looked_rank;
    };
    const ranks = [];
    for (let sweep = 0; sweep < 10; sweep++) {
      expect(await placeFollowUps(app, { campaignId: campaign.id })).toBe(0);
      ranks.push(await looked());
    }
    expect(ranks).toEqual([9_999, 19_999, 29_999, 39_999, 49_999, 59_999, 69_999, 79_999, 89_999, 95_000]);
    await app.pool.query(`update delivery.person set term = 'told', outcome = 'mail_accepted' where ref = $1`, [late]);
    const placed = [];
    for (let sweep = 0; sweep < 10; sweep++) placed.push(await placeFollowUps(app, { campaignId: campaign.id }));
    expect(placed).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('of cards reaches those told by mail when the plan says so', async () => {
    const gift =
      'id: gift-1, channel: gift, purpose: supplement, variant: supplement, segments: [card, general], gift: quo500';
    const { campaign } = await launch([first, ...letters, `${gift}, toldBy: [email, letter]`]);
    expect(await waveOf(campaign.id, 'gift-1')).toMatchObject({ total: 2, pending: 2 });
  });

  it('lets go of whoever turns out not to be told after all', async () => {
    const gift =
      'id: gift-1, channel: gift, purpose: supplement, variant: supplement, segments: [general], gift: quo500';
    const { campaign } = await launch([first, ...letters, `${gift}, toldBy: [email]`]);
    const told = await app.pool.query(
      "select id from delivery.assignment where wave_id = 'email-1' and state = 'accepted' limit 1",
    );
    await transaction(app.pool, (tx) =>
      recordMailEvents(tx, {
        campaignId: campaign.id,
        kind: 'mails.reported',
        at: app.clock(),
        events: [
          {
            assignmentId: told.rows[0].id,
            attempt: 1,
            kind: 'bounced',
            at: app.clock(),
            code: '5.1.1',
            textSealed: null,
          },
        ],
      }),
    );
    expect(await waveOf(campaign.id, 'gift-1')).toMatchObject({ total: 2, pending: 1, excluded: 1 });
    await sendWaves(app, campaign.id);
    expect(await waveOf(campaign.id, 'gift-1')).toMatchObject({ total: 2, pending: 1, excluded: 1 });
  });

  it('of purpose correction by e-mail goes once to each whom a mail told, in its own words', async () => {
    const right = 'id: email-right, channel: email, purpose: correction, variant: correction, segments: [general]';
    const { campaign } = await launchedCampaign(app, people, (text, today, dir) => {
      const supplement = readFileSync(join(dir, 'notice/supplement.ja.md'), 'utf8');
      const words = supplement.replace('purpose: supplement', 'purpose: correction');
      writeFileSync(join(dir, 'notice/correction.ja.md'), words);
      return withWaves([first, right, ...letters])(text, today);
    });
    await sendWaves(app, campaign.id);
    const twice = ['user1@mail.example', 'user1@mail.example', 'user2@mail.example', 'user2@mail.example'];
    expect(recipients()).toEqual(twice);
    expect(await waveOf(campaign.id, 'email-right')).toMatchObject({ total: 2, handedOver: 2 });
    const found = await app.pool.query(
      "select person_ref from delivery.assignment where wave_id = 'email-right' limit 1",
    );
    const notices = await listNotices(app.pool, campaign.id, found.rows[0].person_ref);
    expect(notices.map(({ variant, purpose }) => [variant, purpose])).toEqual([
      ['adult', 'initial'],
      ['correction', 'correction'],
    ]);
    await sendWaves(app, campaign.id);
    expect(recipients()).toEqual(twice);
  });

  it('of purpose supplement by letter goes to whom a letter told, and to nobody whom a mail told', async () => {
    const more = 'id: letter-more, channel: letter, purpose: supplement, variant: supplement, segments: [general]';
    const { campaign } = await launch([first, ...letters, more]);
    expect(await waveOf(campaign.id, 'letter-more')).toMatchObject({ total: 0 });
    const byLetter = await app.pool.query(
      "select person_ref as ref from delivery.assignment where campaign_id = $1 and wave_id = 'letter-1' and state = 'pending'",
      [campaign.id],
    );
    const ref = byLetter.rows[0].ref;
    // As when the post office has taken the letter.
    await app.pool.query("update delivery.person set term = 'told', outcome = 'letter_posted' where ref = $1", [ref]);
    expect(await placeFollowUps(app, { campaignId: campaign.id })).toBe(1);
    const placed = await app.pool.query(
      "select person_ref as ref, state from delivery.assignment where campaign_id = $1 and wave_id = 'letter-more'",
      [campaign.id],
    );
    expect(placed.rows).toEqual([{ ref, state: 'pending' }]);
    expect(await placeFollowUps(app, { campaignId: campaign.id })).toBe(0);
    expect(recipients()).toEqual(['user1@mail.example', 'user2@mail.example']);
  });

  it('of purpose retraction takes told people whom a later list no longer holds, read on the version that told them', async () => {
    const waves = [
      first,
      'id: email-back, channel: email, purpose: retraction, variant: retraction, segments: [general]',
    ];
    const { campaign } = await launchedCampaign(app, people, (text, today, dir) => {
      const supplement = readFileSync(join(dir, 'notice/supplement.ja.md'), 'utf8');
      writeFileSync(
        join(dir, 'notice/retraction.ja.md'),
        supplement.replace('purpose: supplement', 'purpose: retraction'),
      );
      return withWaves([...waves, ...letters])(text, today);
    });
    await sendWaves(app, campaign.id);
    expect(await waveOf(campaign.id, 'email-back')).toMatchObject({ total: 0 });
    const removed = (
      await app.pool.query(
        "select ref from delivery.person where campaign_id = $1 and outcome = 'mail_accepted' limit 1",
        [campaign.id],
      )
    ).rows[0].ref;
    await loadRoster(app, campaign, [rosterRow(9)]);
    const { version } = await freezeList(app, { campaign });
    // As a version leaves a person behind whose rows turned out to be another one's.
    await app.pool.query('alter table intake.list_member disable trigger user');
    await app.pool.query('delete from intake.list_member where campaign_id = $1 and version = $2 and ref = $3', [
      campaign.id,
      version,
      removed,
    ]);
    await approveByTwo(app, campaign);
    server.messages.length = 0;
    await sendWaves(app, campaign.id);
    expect(await waveOf(campaign.id, 'email-back')).toMatchObject({ total: 1, handedOver: 1 });
    // The one who is new gets the first notice, the one who is gone the retraction.
    expect(recipients()).toEqual([expect.stringMatching(/user[12]@/), 'user9@mail.example']);
    expect((await listNotices(app.pool, campaign.id, removed)).map(({ purpose }) => purpose)).toEqual([
      'initial',
      'retraction',
    ]);
  });
});

describe('an incident that is told by e-mail only', () => {
  it('covers whom no mail reaches by the substitute measure that the plan names', async () => {
    const edit = (text: string, today: string) =>
      withWaves([first])(text, today)
        .replace(/^gifts:\n(?: {2}- .*\n)+/m, 'gifts: []\n')
        .replace(
          /^letterRequiredFor:.*\n/m,
          `substitute: { measure: public_notice, url: "${/ url: (\S+)/.exec(text)?.[1]}", decidedBy: 法務部, reason: 住所を保有していないため }\n`,
        );
    server.script = { rcpt: '550 5.1.1 no such user' };
    const { campaign, dir } = await launchedCampaign(app, [rosterRow(1, { address: '' })], edit);
    expect((await checkFolder(dir, { language: 'en' })).problems).toEqual([]);
    await sendWaves(app, campaign.id);
    const status = await statusOf(campaign.id);
    expect(status.persons).toMatchObject({ total: 1, substitute: 1 });
  });
});

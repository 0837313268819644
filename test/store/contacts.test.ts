// Contacts on a real PostgreSQL: cumulative reports add only what is new, notes are sealed, and nothing is edited afterwards.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { contactVolume, listPersonContacts } from '../../src/contacts/contact-volume.ts';
import { loadIntervals } from '../../src/contacts/load-intervals.ts';
import { closeCase, listCases, recheckCases } from '../../src/contacts/recheck-cases.ts';
import { recordContact } from '../../src/contacts/record-contact.ts';
import { listContactRows } from '../../src/contacts/store.ts';
import { formatIntervalReport, modelCalls } from '../../src/demo/call-centre.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { listFacts } from '../../src/journal/store.ts';
import { newRef } from '../../src/kernel/ids.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile } from '../support/campaign-file.ts';

const now = new Date('2026-12-01T03:00:00Z');
const app = useApp({ clock: () => now });
let count = 0;
/** The uuid of a new campaign whose incident was known on 12 November. */
async function aCampaign(): Promise<string> {
  count += 1;
  const file = aCampaignFile({ id: `contacts-${count}` });
  return (await ensureCampaign(app, { dir: `/tmp/contacts-${count}`, file })).id;
}

const model = {
  seed: 3,
  expected: [
    { day: '2026-11-24', contacts: 400 },
    { day: '2026-11-25', contacts: 260 },
    { day: '2026-11-26', contacts: 150 },
  ],
  opensOn: '2026-11-24',
  seats: 4,
};
const calls = modelCalls(model);
const answeredIn = (intervals: typeof calls) => intervals.reduce((sum, interval) => sum + interval.answered, 0);
const minutesIn = (intervals: typeof calls) =>
  intervals.reduce((sum, interval) => sum + Math.ceil(interval.talkSeconds / 60), 0);

function load(campaign: string, intervals: typeof calls) {
  return loadIntervals(app, { campaign, file: 'report.csv', bytes: formatIntervalReport(intervals) });
}

const reportsOf = async (campaign: string) =>
  (await listFacts(app.pool, campaign)).filter(({ kind }) => kind === 'interval.reported');

async function billed(campaign: string): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const fact of await listFacts(app.pool, campaign))
    for (const line of fact.lines) sums[line.driver] = (sums[line.driver] ?? 0) + line.count;
  return sums;
}

describe('an interval report', () => {
  it('adds only what is new when it is cumulative, loaded twice, or loaded at the same time', async () => {
    const campaign = await aCampaign();
    await load(campaign, calls.slice(0, 10));
    await load(campaign, calls.slice(0, 10));
    await Promise.all([load(campaign, calls), load(campaign, calls)]);
    expect(await billed(campaign)).toEqual({ 'call.answered': answeredIn(calls), 'call.minutes': minutesIn(calls) });
    expect(await reportsOf(campaign)).toHaveLength(2);
    expect((await contactVolume(app.pool, campaign)).total.answered).toBe(answeredIn(calls));
  });

  it('that corrects an interval brings the difference, also downwards', async () => {
    const campaign = await aCampaign();
    await load(campaign, calls.slice(0, 5));
    const first = calls[0];
    if (!first) throw new Error('the model has no call');
    const corrected = { ...first, offered: 0, answered: 0, abandoned: 0, talkSeconds: 0, withinTarget: 0 };
    expect(await load(campaign, [corrected])).toMatchObject({ added: 0, corrected: 1, answered: -first.answered });
    expect((await billed(campaign))['call.answered']).toBe(answeredIn(calls.slice(1, 5)));
    expect((await contactVolume(app.pool, campaign)).total.answered).toBe(answeredIn(calls.slice(1, 5)));
  });

  it('with a fault records nothing', async () => {
    const campaign = await aCampaign();
    const bytes = Buffer.from(
      'date,start,topic,offered,answered,abandoned,talk_seconds,within_20s,seats\n2026-11-24,09:00,OTHER,1,2,0,60,1,1\n',
    );
    await expect(loadIntervals(app, { campaign, file: 'r.csv', bytes })).rejects.toMatchObject({
      code: 'INTERVALS_INVALID',
    });
    expect(await reportsOf(campaign)).toEqual([]);
  });
});

const draft = {
  slug: 'c',
  state: 'draft' as const,
  planId: null,
  proposedPlanId: null,
  listVersion: null,
  legalHold: false,
  createdAt: new Date(),
};

describe('a contact', () => {
  it('is recorded with sealed notes and shows in the volume', async () => {
    const id = newRef();
    app.keys.create(id);
    const done = await recordContact(app, {
      campaign: { ...draft, id },
      channel: 'phone',
      topic: 'COMPENSATION_DEMAND',
      minutes: 12,
      note: '山田様は弁護士に相談すると述べた',
      promise: '折り返し',
      promiseDue: '2026-12-02',
    });
    expect(done).toMatchObject({ answer: 'not_asked', escalation: 4, caseId: null });
    expect(await listContactRows(app.pool, id)).toMatchObject([
      { topic: 'COMPENSATION_DEMAND', result: 'escalated', minutes: 12 },
    ]);
    expect((await contactVolume(app.pool, id)).total.contacts).toBe(1);
    const stored = await app.pool.query('select * from contacts.contact');
    expect(
      JSON.stringify(stored.rows.map((row) => ({ ...row, note: row.note_sealed.toString('utf8') }))),
    ).not.toContain('山田');
    const [fact] = await listFacts(app.pool, id);
    expect(fact).toMatchObject({ kind: 'contact.recorded', eventCount: 1, lines: [] });
  });

  it('is kept with the moment it was received, apart from the moment it was entered, when that can be', async () => {
    const campaign = { ...draft, id: await aCampaign() };
    const call = { campaign, channel: 'phone' as const, topic: 'OTHER' as const };
    await recordContact(app, { ...call, receivedAt: new Date('2026-11-25T03:00:00Z') });
    const [fact] = (await listFacts(app.pool, campaign.id)).filter(({ kind }) => kind === 'contact.recorded');
    expect(fact?.occurredAt).toEqual(new Date('2026-11-25T03:00:00Z'));
    const refused = (more: object, rule: string) =>
      expect(recordContact(app, { ...call, ...more })).rejects.toMatchObject({ key: `DAY_REFUSED.${rule}` });
    await refused({ receivedAt: new Date('2026-12-01T03:01:00Z') }, 'future');
    await refused({ receivedAt: new Date('2026-11-11T03:00:00Z') }, 'before_campaign');
    await refused({ promiseDue: '2026-11-30' }, 'before_cause');
  });

  it('of which nobody said how it ended is left open, not answered', async () => {
    const campaign = { ...draft, id: await aCampaign() };
    await recordContact(app, { campaign, channel: 'phone', topic: 'OTHER' });
    expect(await listContactRows(app.pool, campaign.id)).toMatchObject([{ result: 'left_open' }]);
  });

  it('about a person is refused before a list version is frozen, and under a number that is not ours', async () => {
    const id = newRef();
    app.keys.create(id);
    const contact = { channel: 'phone' as const, topic: 'AM_I_AFFECTED' as const, notice: '100000000007' };
    await expect(recordContact(app, { ...contact, campaign: { ...draft, id } })).rejects.toMatchObject({
      code: 'LIST_NOT_FROZEN',
    });
    await expect(recordContact(app, { ...contact, campaign: { ...draft, id, listVersion: 1 } })).rejects.toMatchObject({
      code: 'PERSON_MISSING',
    });
  });

  it('of someone who claims to be affected and gives no data still opens a case', async () => {
    const id = newRef();
    app.keys.create(id);
    const campaign = { ...draft, id, listVersion: 1 };
    const done = await recordContact(app, { campaign, channel: 'shop', topic: 'AM_I_AFFECTED', claimsAffected: true });
    expect(done).toMatchObject({ answer: 'not_asked' });
    expect(await recheckCases(app, { campaign: { ...campaign, listVersion: 2 } })).toEqual({ checked: 0, found: 0 });
    expect((await listCases(app.pool, id)).map((one) => [one.id, one.isOpen])).toEqual([[done.caseId, true]]);
  });

  it('cannot be edited or taken out', async () => {
    await expect(app.pool.query("update contacts.contact set topic = 'OTHER'")).rejects.toThrow('append-only');
    await expect(app.pool.query('delete from contacts.interval_event')).rejects.toThrow('append-only');
  });
});

describe('someone who says they are affected', () => {
  const folder = mkdtempSync(join(tmpdir(), 'owabi-contacts-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('and is not on the version becomes a case that the next version finds', async () => {
    const id = newRef();
    app.keys.create(id);
    const campaign: Campaign = { ...draft, id, slug: `contacts-${id.slice(24)}` };
    await app.pool.query(
      `insert into campaign.campaign (id, slug, folder_sealed) values ('${id}', '${campaign.slug}', '\\x00')`,
    );
    const header = '会員番号,氏名,フリガナ,郵便番号,住所1,メールアドレス';
    const row = (n: number) =>
      `C${n},見本 花子${n},ミホン ハナコ${n},100-0005,東京都千代田区丸の内1-1,p${n}@mail.example`;
    const freeze = async (...people: number[]) => {
      const file = join(folder, `${people.join('-')}.csv`);
      writeFileSync(file, [header, ...people.map(row)].join('\n'));
      const incidentItems = [{ code: 'email', label: 'メールアドレス' }];
      await importRoster(app, { campaign, file, incidentItems });
      return (await freezeList(app, { campaign })).version;
    };
    const call = { channel: 'phone' as const, topic: 'AM_I_AFFECTED' as const, claimsAffected: true };
    const first = { ...campaign, listVersion: await freeze(1) };
    const known = await recordContact(app, { ...call, campaign: first, claimed: { email: 'P1@mail.example' } });
    expect(known).toMatchObject({ answer: 'on_version', listVersion: 1, caseId: null });
    const unknown = await recordContact(app, {
      ...call,
      campaign: first,
      claimed: { email: 'p2@mail.example', name: '見本 花子' },
    });
    expect(unknown).toMatchObject({ answer: 'not_on_version', listVersion: 1 });
    expect(await recheckCases(app, { campaign: first })).toEqual({ checked: 0, found: 0 });
    const second = { ...campaign, listVersion: await freeze(1, 2) };
    expect(await recheckCases(app, { campaign: second })).toEqual({ checked: 1, found: 1 });
    expect(await recheckCases(app, { campaign: second })).toEqual({ checked: 0, found: 0 });
    const [open] = await listCases(app.pool, id);
    expect(open).toMatchObject({ id: unknown.caseId, isOpen: true, code: 'on_version', recheckedVersion: 2 });
    const story = await listPersonContacts(app.pool, id, open?.personRef ?? '');
    expect(story.cases).toHaveLength(1);
    const closed = await closeCase(app, { campaign: second, caseId: open?.id ?? '', outcome: 'told', by: '担当 一郎' });
    expect(closed).toMatchObject({ isOpen: false, code: 'told' });
    expect(await listCases(app.pool, id)).toMatchObject([{ isOpen: false, personRef: open?.personRef }]);
  });
});

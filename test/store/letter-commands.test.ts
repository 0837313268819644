// The commands of letters, cards and mails from a roster to its end, on a real PostgreSQL: what each answers, and what it refuses.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runGiftsCount, runGiftsLose, runGiftsReceive, runGiftsStock } from '../../src/cli/commands/gifts.ts';
import { runLotsForm, runLotsList, runLotsLoad, runLotsPost, runLotsPull } from '../../src/cli/commands/lots.ts';
import { runMailEvent } from '../../src/cli/commands/mail-event.ts';
import { runProblemsList, runProblemsSettle } from '../../src/cli/commands/problems.ts';
import { runReturnsLoad } from '../../src/cli/commands/returns.ts';
import { runSettle } from '../../src/cli/commands/settle.ts';
import { listLots } from '../../src/delivery/letters/lot-store.ts';
import { formatPieceNumber } from '../../src/delivery/letters/piece-code.ts';
import { listPieces } from '../../src/delivery/letters/piece-store.ts';
import { checkAudit } from '../../src/desk/audit/check-audit.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { listMembers } from '../../src/intake/list/list-members.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile } from '../support/campaign-file.ts';
import { cliContext } from '../support/cli-context.ts';
import { aLetterCampaign, type LetterCampaign } from '../support/letter-campaign.ts';
import { saidBy } from '../support/said.ts';

const app = useApp({ clock: () => new Date('2026-11-25T03:00:00Z') });
const dir = mkdtempSync(join(tmpdir(), 'owabi-letter-commands-'));
const both = { by: '見本 花子', and: '見本 次郎' };
let campaign: LetterCampaign;

const write = (name: string, text: string) => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};

beforeAll(async () => {
  const enlist = async (created: { id: string; slug: string }) => {
    const people = ['髙橋 太郎', '山田 花子', '佐藤 一郎', '鈴木 次郎'].map(
      (name, at) => `${at},${name},100-0013,東京都千代田区霞が関1丁目3番${at + 1}号`,
    );
    const file = write('roster.csv', ['顧客番号,氏名,郵便番号,住所', ...people, ''].join('\n'));
    const items = ['name', 'address'];
    await importRoster(app, { campaign: created, file, incidentItems: aCampaignFile().incident.items, items });
    const { version } = await freezeList(app, { campaign: created });
    const members = await listMembers(app.pool, created.id, version, { afterRank: -1, limit: 10 });
    return members.map(({ ref }) => ref);
  };
  campaign = await aLetterCampaign(app, { people: 0, enlist, piecesPerLot: 2, needsConsent: false, hasGift: true });
});

async function numbersOf(lotNumber: number): Promise<string[]> {
  const lot = (await listLots(app.pool, campaign.id)).find(({ number }) => number === lotNumber);
  const pieces = await listPieces(app.pool, lot?.id ?? '');
  return pieces.map((piece) => formatPieceNumber(piece.noticeNumber, piece.cycle));
}

describe('the commands of cards', () => {
  const stock = (args: string[], options = {}) => cliContext(app, [campaign.slug, 'quo500', ...args], options);

  it('keep the stock under two names, and say when a count differs', async () => {
    const came = await runGiftsReceive(stock(['10'], { ...both, document: 'DN-1' }));
    expect(came).toMatchObject({ json: { gift: 'quo500', onHand: 10, received: 10, balanced: true } });
    expect(await runGiftsReceive(stock(['10'], { ...both, document: 'DN-1' }))).toEqual(came);
    expect(await runGiftsLose(stock(['1'], both))).toMatchObject({ json: { onHand: 9, lostFromStock: 1 } });
    expect(await runGiftsCount(stock(['9'], both))).toMatchObject({ json: { difference: 0 }, exitCode: 0 });
    expect(await runGiftsCount(stock(['8'], both))).toMatchObject({ json: { difference: -1 }, exitCode: 1 });
    expect(await runGiftsStock(cliContext(app, [campaign.slug]))).toMatchObject({
      json: { gifts: [{ gift: 'quo500', onHand: 8, balanced: true }] },
      exitCode: 0,
    });
  });

  it('refuse one name, a number that is none, a note that may be a person, and a card that is not of the plan', async () => {
    const refused = async (args: string[], options = {}) => await saidBy(() => runGiftsReceive(stock(args, options)));
    expect(await refused(['ten'], { by: both.by, document: '見本 太郎' })).toMatchObject({
      code: 'USAGE_WRONG',
      message: expect.stringMatching(/quantity.*"ten"[\s\S]*and.*missing[\s\S]*document.*slip number/),
    });
    expect(await refused(['0'], both)).toMatchObject({ code: 'USAGE_WRONG' });
    expect(await refused(['1'], { by: '見本 花子', and: '見本　花子' })).toMatchObject({ code: 'CUSTODY_INCOMPLETE' });
    const other = cliContext(app, [campaign.slug, 'quo9999', '1'], both);
    expect(await saidBy(() => runGiftsReceive(other))).toMatchObject({ code: 'GIFT_UNKNOWN' });
  });
});

describe('the commands of lots', () => {
  const lots = (args: readonly string[], options = {}) => cliContext(app, [campaign.slug, ...args], options);

  it('form and list them, and post one by its slip', async () => {
    expect(await runLotsForm(lots([]))).toMatchObject({
      json: {
        waves: [
          { wave: 'letters', lots: 2, blockedBy: [], withoutGift: null, beginsAt: null },
          { wave: 'gifts', lots: 0, blockedBy: [], withoutGift: null, beginsAt: null },
        ],
        prepared: 2,
        pieces: 4,
      },
      exitCode: 0,
    });
    const posted = await runLotsPost(lots(['1'], { slip: 'Ｓ-1', office: '銀座郵便局', by: both.by }));
    expect(posted.json).toEqual({ slip: 'S-1', day: '2026-11-25', posted: 2 });
    expect(await runLotsList(lots([]))).toMatchObject({
      json: {
        lots: [
          { number: 1, manifest: 2, posted: 2, open: 0, prepared: true, blocks: false },
          { number: 2, manifest: 2, posted: 0, open: 2, prepared: true, blocks: false },
        ],
        postings: [{ slipNumber: 'S-1', postedOn: '2026-11-25', postOffice: '銀座郵便局', pieces: 2 }],
      },
    });
  });

  it('refuse a wave without letters, a lot that is no number, a slip that is a name, and letters without cards by nobody', async () => {
    expect(await saidBy(() => runLotsForm(lots(['mails'])))).toMatchObject({ code: 'USAGE_WRONG' });
    expect(await saidBy(() => runLotsForm(lots([], { withoutGift: true })))).toMatchObject({
      code: 'USAGE_WRONG',
      message: expect.stringContaining('--by: the name of the person who decides'),
    });
    const wrong = lots(['zwei'], { slip: '見本太郎', day: '2026-02-30', by: both.by });
    expect(await saidBy(() => runLotsPost(wrong))).toMatchObject({
      message: expect.stringMatching(/lots.*"zwei"[\s\S]*--slip.*slip number[\s\S]*--day/),
    });
    expect(await saidBy(() => runLotsPost(lots(['9'], { slip: 'S-9', by: both.by })))).toMatchObject({
      code: 'LOT_MISSING',
    });
  });

  it('load what the print house and the post tell, and ask about what cannot be used', async () => {
    const [first = '', second = ''] = await numbersOf(2);
    const report = write(
      'report.csv',
      `通知番号,状態,処理日,差出票番号,カード\n${first},投函済,2026/11/25,S-2,\n9999-9999-9999-1,投函済,2026/11/25,S-2,\n`,
    );
    expect(await runLotsLoad(lots([report]))).toMatchObject({
      json: { lines: 2, posted: 1, spoiled: 0, known: 0, reprintLots: 0, problems: [{ line: 3 }] },
      exitCode: 1,
    });
    const { json: list, text } = (await runLotsList(lots([]))) as { json: { missing: unknown[] }; text: string };
    expect(list).toMatchObject({ lots: [{ blocks: false }, { blocks: true, latestAt: '2026-12-20T00:00:00.000Z' }] });
    expect(list.missing).toEqual([{ lot: 2, piece: second, ref: expect.any(String) }]);
    expect(text).toContain('to be posted by 2026-12-20 09:00');
    expect(list).not.toHaveProperty('names');
    const looked = await runLotsList(lots([], { by: both.by }));
    const [ref = '', name = ''] = Object.entries((looked.json as { names: object }).names)[0] ?? [];
    expect(looked.text).toContain(name);
    expect(text).not.toContain(name);
    expect((await checkAudit(app.pool, campaign.id)).events.at(-1)).toMatchObject({
      kind: 'opened',
      operation: 'list-lots',
      refs: [ref],
      actorId: expect.any(String),
    });
    const pulled = await runLotsPull(lots([second, first], { by: both.by }));
    expect(pulled).toMatchObject({ json: { withdrawn: 1, refused: [first] }, exitCode: 1 });
    const came = write('returns.csv', `管理番号,返戻日,返戻理由,カード\n${first},2026-11-25,転居先不明,回収\n`);
    expect(await runReturnsLoad(lots([came]))).toMatchObject({
      json: { lines: 1, returned: 1, known: 0, byReason: { MOVED: 1 }, cardsBack: 1, problems: [] },
      exitCode: 0,
    });
    expect(await saidBy(() => runReturnsLoad(lots([join(dir, 'none.csv')])))).toMatchObject({ code: 'FILE_MISSING' });
  });

  it('settle the lines by name, and say what belongs to which verb', async () => {
    const { json } = (await runProblemsList(lots([]))) as { json: { problems: { id: string }[] } };
    expect(json.problems).toHaveLength(1);
    const problem = json.problems.map(({ id }) => id);
    const wrong = lots(['duplicate'], { problem, piece: '1', by: both.by });
    expect(await saidBy(() => runProblemsSettle(wrong))).toMatchObject({
      message: expect.stringContaining('--piece: this belongs to "correct" only'),
    });
    for (const [verb, options] of [
      ['correct', { problem }],
      ['correct', { problem: [...problem, ...problem], day: '2026-11-25' }],
      ['accept', { problem }],
      ['forget', { problem }],
      ['not-ours', {}],
    ] as const)
      expect(await saidBy(() => runProblemsSettle(lots([verb], { ...options, by: both.by })))).toMatchObject({
        code: 'USAGE_WRONG',
      });
    const noteFile = write('note.txt', '印刷会社の試し刷り\n');
    const settled = await runProblemsSettle(lots(['accept'], { problem, noteFile, by: both.by }));
    expect(settled).toMatchObject({
      json: { settled: [{ kind: 'settled', verdict: 'accepted', yen: 0 }] },
      exitCode: 0,
    });
    const again = await runProblemsSettle(lots(['not-ours'], { problem, by: both.by }));
    expect(again).toMatchObject({ json: { settled: [{ kind: 'settled_before', yen: null }] }, exitCode: 1 });
  });
});

describe('the commands of mails', () => {
  const bounce = join(import.meta.dirname, '../fixtures/mail/postfix-unknown.eml');

  it('read a mail that came back without a home, and record it in a campaign', async () => {
    const read = await runMailEvent(cliContext(app, [bounce]));
    expect(read.json).toMatchObject([{ file: bounce, events: [{ kind: 'bounce', hard: true }] }]);
    const recorded = await runMailEvent(cliContext(app, [bounce], { campaign: campaign.slug }));
    expect(recorded.json).toMatchObject([{ file: bounce, events: [{ kind: 'bounce' }], matched: false }]);
  });

  it('say what is uncertain, and settle it under two names only', async () => {
    const settle = (options = {}) => runSettle(cliContext(app, [campaign.slug], options));
    expect((await settle()).json).toMatchObject({ left: 0, letters: 0 });
    const done = { settled: 0, left: 0, stopped: 0, withLetter: [], leftOut: [] };
    expect((await settle({ assume: 'accepted', ...both })).json).toEqual(done);
    expect((await settle({ assume: 'accepted', letters: true, ...both })).json).toEqual(done);
    expect((await settle({ log: write('relay.log', '\n') })).json).toEqual(done);
    for (const options of [
      { assume: 'resend', by: both.by },
      { assume: 'perhaps', ...both },
      { letters: true, ...both },
      { notice: ['1'], log: 'relay.log' },
      { assume: 'accepted', by: both.by, and: both.by },
    ])
      expect(await saidBy(() => settle(options))).toMatchObject({ code: 'USAGE_WRONG' });
    const stranger = { assume: 'accepted', notice: ['123456789012'], ...both };
    expect(await saidBy(() => settle(stranger))).toMatchObject({ code: 'PERSON_MISSING' });
  });

  it('list what is uncertain, due first, and name people only to somebody who says who looks', async () => {
    const ref = await anUncertainMail();
    const settle = (options = {}) => runSettle(cliContext(app, [campaign.slug], options));
    const { json, text } = await settle();
    expect(json).toMatchObject({
      left: 1,
      letters: 0,
      waiting: [
        { number: expect.stringMatching(/^\d{12}$/), ref, wave: 'mail', channel: 'email', dueOn: '2026-12-01' },
      ],
    });
    expect(text).toContain('2026-11-25 09:30');
    expect(json).not.toHaveProperty('names');
    const looked = await settle({ by: both.by });
    const { names } = looked.json as { names: Record<string, string> };
    const name = names[ref] ?? 'nobody';
    expect([looked.text.includes(name), text.includes(name)]).toEqual([true, false]);
    const left = await settle({ assume: 'resend', ...both });
    expect(left.json).toMatchObject({
      settled: 0,
      left: 1,
      leftOut: [{ ref, dueOn: '2026-12-01' }],
      names: { [ref]: name },
    });
    expect(left.text).toContain(name);
    const opened = (await checkAudit(app.pool, campaign.id)).events.filter(({ kind }) => kind === 'opened').slice(-2);
    expect(opened).toMatchObject([
      { operation: 'list-uncertain', refs: [ref] },
      { operation: 'settle-uncertain', refs: [ref] },
    ]);
  });
});

/** A mail that nobody knows the end of, to somebody whose letter is posted. */
async function anUncertainMail(): Promise<string> {
  const [piece] = await listPieces(app.pool, (await listLots(app.pool, campaign.id))[0]?.id ?? '');
  const ref = piece?.personRef ?? '';
  await app.pool.query(
    `insert into delivery.wave (campaign_id, wave_id, plan_id, ordinal, channel, purpose, segments, start_at, latest_at, released_at, planned_at)
     values ($1, 'mail', $2, 2, 'email', 'initial', '{general}', now(), now(), now(), now())`,
    [campaign.id, campaign.planId],
  );
  await app.pool.query(
    `with place as (
       insert into delivery.assignment (id, campaign_id, wave_id, person_ref, notice_id, rank, site_key, state, attempt)
       select gen_random_uuid(), $1, 'mail', $2, notice_id, 9, '\\x01', 'uncertain', 1 from delivery.assignment
       where campaign_id = $1 and person_ref = $2 and wave_id = 'letters' returning id)
     insert into delivery.mail_attempt (assignment_id, attempt, campaign_id, owner_id, return_token, submitted_at, deadline_at)
     select id, 1, $1, gen_random_uuid(), 'aaaaaaaaaaaaaaaa', '2026-11-25T00:30Z', '2026-11-25T00:40Z' from place`,
    [campaign.id, ref],
  );
  await app.pool.query(
    `update delivery.person set term = 'underway', outcome = 'mail_uncertain', step = 'email', due_on = '2026-12-01' where ref = $1`,
    [ref],
  );
  return ref;
}

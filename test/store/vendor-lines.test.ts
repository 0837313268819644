// What print houses and the post say, on a real PostgreSQL: days, codes and words are judged, nothing is recorded twice, and every line that
// cannot be used is a question that ends by name.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ensureActor } from '../../src/campaign/actors/ensure-actor.ts';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import { runProblemsList, runProblemsSettle } from '../../src/cli/commands/problems.ts';
import { listGiftAccounts } from '../../src/delivery/gifts/gift-store.ts';
import { receiveGifts } from '../../src/delivery/gifts/record-stock.ts';
import { countOpenQuestions } from '../../src/delivery/letters/line-store.ts';
import { listLots } from '../../src/delivery/letters/lot-store.ts';
import { formatControlCode, formatPieceNumber } from '../../src/delivery/letters/piece-code.ts';
import { listPieces, type Piece } from '../../src/delivery/letters/piece-store.ts';
import { planLots } from '../../src/delivery/letters/plan-lots.ts';
import { postLots } from '../../src/delivery/letters/post-lots.ts';
import { recordReturns } from '../../src/delivery/letters/record-returns.ts';
import { recordVendorFile } from '../../src/delivery/letters/record-vendor-file.ts';
import { type LineDecision, listLineQuestions, settleLine } from '../../src/delivery/letters/settle-line.ts';
import { withdrawPieces } from '../../src/delivery/letters/withdraw-pieces.ts';
import { closeCampaign } from '../../src/desk/lifecycle/close-campaign.ts';
import { campaignStatus } from '../../src/desk/overview/campaign-status.ts';
import { formatCsv } from '../../src/platform/formats/csv.ts';
import { useApp } from '../support/app.ts';
import { cliContext } from '../support/cli-context.ts';
import { aLetterCampaign, type LetterCampaign } from '../support/letter-campaign.ts';

const FORMED = new Date('2026-11-25T03:00:00Z');
const LATER = new Date('2026-12-08T03:00:00Z');
let now = FORMED;
const app = useApp({ clock: () => now });
beforeEach(() => {
  now = FORMED;
});

type Row = { piece: string; status?: string; day?: string; slip?: string; card?: string };
const production = (rows: readonly Row[]) =>
  formatCsv(
    [
      ['通知番号', '状態', '処理日', '差出票番号', 'カード'],
      ...rows.map(({ piece, status = '投函済', day = '2026/11/25', slip, card = '' }) => [
        piece,
        status,
        day,
        slip ?? (status === '損紙' ? '' : 'S-1'),
        card,
      ]),
    ],
    { encoding: 'cp932', quoteAll: true },
  );
type ReturnRow = { piece: string; day?: string; reason?: string; card?: string };
const returns = (rows: readonly ReturnRow[]) =>
  formatCsv(
    [
      ['管理番号', '返戻日', '返戻理由', 'カード'],
      ...rows.map(({ piece, day = '2026-12-01', reason = 'あて所に尋ねあたりません', card = '' }) => [
        piece,
        day,
        reason,
        card,
      ]),
    ],
    { encoding: 'utf8' },
  );

const numberOf = (piece: Piece | undefined) => (piece ? formatPieceNumber(piece.noticeNumber, piece.cycle) : '');

async function aTypesetCampaign(people: number, options: { hasGift?: boolean; piecesPerLot?: number } = {}) {
  const campaign = await aLetterCampaign(app, { people, needsConsent: false, ...options });
  const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: '見本 花子' });
  const witnessId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: '見本 次郎' });
  if (options.hasGift) {
    const custody = { campaignId: campaign.id, gift: 'quo500', actorId, witnessId, at: now, document: 'DN-1' };
    await receiveGifts(app, { ...custody, quantity: people * 3 });
  }
  await planLots(app, { campaignId: campaign.id, waveId: 'letters' });
  await typeset(campaign);
  return { campaign, actorId, pieces: await piecesOf(campaign) };
}

/** Letters of two sheets, as the typesetter would have found. */
const typeset = (campaign: LetterCampaign) =>
  app.pool.query('update delivery.piece set sheets = 2 where campaign_id = $1 and sheets is null', [campaign.id]);

async function piecesOf(campaign: LetterCampaign): Promise<(Piece & { lot: number })[]> {
  const lots = await listLots(app.pool, campaign.id);
  const pieces = lots.map(async (lot) =>
    (await listPieces(app.pool, lot.id)).map((piece) => ({ ...piece, lot: lot.number })),
  );
  return (await Promise.all(pieces)).flat();
}

const load = (campaign: LetterCampaign, rows: readonly Row[]) =>
  recordVendorFile(app, { campaign, data: production(rows) });
const codesOf = ({ problems }: { problems: readonly { code: string }[] }) => problems.map(({ code }) => code);

/** Everything that a load could change: events, facts with their billable lines, cards, stock, lots, people. */
async function recordOf(campaign: LetterCampaign): Promise<unknown> {
  const ask = async (text: string) => (await app.pool.query(text, [campaign.id])).rows;
  return [
    await ask('select ref, kind, at, code from delivery.piece_event where campaign_id = $1 order by id'),
    await ask('select kind, lines, event_count from journal.fact where campaign_id = $1 order by id'),
    await ask('select id, state from delivery.gift where campaign_id = $1 order by id'),
    await ask('select number, piece_count from delivery.lot where campaign_id = $1 order by number'),
    await ask('select ref, outcome from delivery.person where campaign_id = $1 order by ref'),
    await listGiftAccounts(app.pool, campaign.id),
  ];
}

describe('a file loaded again', () => {
  it('in part, in another order, under any of a piece’s numbers changes nothing', async () => {
    const { campaign } = await aTypesetCampaign(6, { hasGift: true, piecesPerLot: 3 });
    const first = await piecesOf(campaign);
    const spoiled = first
      .slice(0, 2)
      .map((piece, index) => ({ piece, status: '損紙', card: index === 0 ? '回収' : '損' }));
    const posted = first.slice(2).map((piece) => ({ piece, status: '投函済', card: '' }));
    const rowOf = ({ piece, ...rest }: (typeof posted)[number], name = numberOf(piece)): Row => ({
      piece: name,
      ...rest,
    });
    await load(
      campaign,
      [...spoiled, ...posted].map((said) => rowOf(said)),
    );
    await typeset(campaign);
    const reprints = (await piecesOf(campaign)).filter(({ cycle }) => cycle === 2);
    expect(reprints).toHaveLength(2);
    const again = reprints.map((piece) => ({ piece, status: '投函済', card: '' }));
    await load(
      campaign,
      again.map((said) => rowOf(said)),
    );
    now = LATER;
    const came = first.slice(2, 4);
    await recordReturns(app, {
      campaign,
      data: returns(came.map((piece) => ({ piece: numberOf(piece), card: '回収' }))),
    });
    const before = await recordOf(campaign);

    const lotOf = new Map((await piecesOf(campaign)).map((piece) => [piece.id, piece.lot]));
    const names = [
      (piece: Piece) => numberOf(piece),
      (piece: Piece) => piece.noticeNumber,
      (piece: Piece) => piece.noticeNumber.replace(/(\d{4})(?=\d)/g, '$1-'),
      (piece: Piece) => `${piece.noticeNumber.replace(/(\d{4})(?=\d)/g, '$1-')}-${piece.cycle}`,
      (piece: Piece) => formatControlCode(piece.noticeNumber, lotOf.get(piece.id) ?? 0, piece.seq, 1, 2),
      (piece: Piece) => formatControlCode(piece.noticeNumber, lotOf.get(piece.id) ?? 0, piece.seq, 2, 2),
    ];
    const name = fc.constantFrom(...names);
    const said = fc.constantFrom(...spoiled, ...posted, ...again);
    const lines = fc.array(fc.tuple(said, name), { minLength: 1, maxLength: 12 });
    const backs = fc.array(fc.tuple(fc.constantFrom(...came), name, fc.constantFrom('回収', '')), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(lines, backs, async (chosen, back) => {
        const loaded = await load(
          campaign,
          chosen.map(([one, nameOf]) => rowOf(one, nameOf(one.piece))),
        );
        expect(loaded).toMatchObject({ posted: 0, spoiled: 0, problems: [], known: chosen.length });
        const returned = await recordReturns(app, {
          campaign,
          data: returns(back.map(([piece, nameOf, card]) => ({ piece: nameOf(piece), card }))),
        });
        expect(returned).toMatchObject({ returned: 0, cardsBack: 0, problems: [] });
        expect(await recordOf(campaign)).toEqual(before);
      }),
      { numRuns: 15 },
    );
  });

  it('that names spoiled and posted letters by their notice numbers only makes no second reprint', async () => {
    const { campaign, pieces } = await aTypesetCampaign(3);
    const rows = pieces.map((piece, index) => ({ piece: piece.noticeNumber, status: index === 0 ? '損紙' : '投函済' }));
    expect(await load(campaign, rows)).toMatchObject({ posted: 2, spoiled: 1, problems: [] });
    const before = await recordOf(campaign);
    for (const _ of [2, 3]) expect(await load(campaign, rows)).toMatchObject({ posted: 0, spoiled: 0, known: 3 });
    expect(await recordOf(campaign)).toEqual(before);
  });

  it('asks about a line once, however often it comes', async () => {
    const { campaign, pieces } = await aTypesetCampaign(1);
    const row = { piece: numberOf(pieces[0]), status: '検討中' };
    const [first] = (await load(campaign, [row])).problems;
    const [again] = (await load(campaign, [{ piece: '1-1' }, row])).problems.filter(
      ({ code }) => code === 'STATUS_UNKNOWN',
    );
    expect(again).toMatchObject({ id: first?.id, line: 3 });
    expect(await countOpenQuestions(app.pool, campaign.id)).toBe(2);
  });
});

describe('a code', () => {
  it('of a spoiled print contradicts the record: it never means the print that followed', async () => {
    const { campaign, pieces } = await aTypesetCampaign(2);
    const [bad] = pieces;
    const code = formatControlCode(bad?.noticeNumber ?? '', 1, bad?.seq ?? 0, 1, 2);
    await load(campaign, [{ piece: code, status: '損紙' }]);
    await typeset(campaign);
    expect(codesOf(await load(campaign, [{ piece: code }]))).toEqual(['CONTRADICTION']);
    expect(codesOf(await load(campaign, [{ piece: bad?.noticeNumber ?? '' }]))).toEqual(['PIECE_AMBIGUOUS']);
    const reprint = (await piecesOf(campaign)).find(({ cycle }) => cycle === 2);
    const named = formatControlCode(bad?.noticeNumber ?? '', reprint?.lot ?? 0, reprint?.seq ?? 0, 2, 2);
    expect(await load(campaign, [{ piece: named }])).toMatchObject({ posted: 1, problems: [] });
  });

  it('is refused when number, lot, place or sheet do not belong together', async () => {
    const { campaign, pieces } = await aTypesetCampaign(2);
    const number = pieces[0]?.noticeNumber ?? '';
    const wrong = [
      formatControlCode(number, 1, 2, 1, 2),
      formatControlCode(number, 2, 1, 1, 2),
      formatControlCode(number, 1, 1, 1, 3),
      formatControlCode(number, 1, 1, 3, 2),
    ];
    const result = await load(
      campaign,
      wrong.map((piece) => ({ piece })),
    );
    expect(codesOf(result)).toEqual(wrong.map(() => 'PIECE_DISAGREES'));
    expect(result.posted).toBe(0);
    expect(codesOf(await load(campaign, [{ piece: `${number}-2` }]))).toEqual(['PIECE_UNKNOWN']);
  });

  it('pulls the print that still lies in its lot, and none that the code does not name', async () => {
    const { campaign, pieces, actorId } = await aTypesetCampaign(1);
    const [bad] = pieces;
    await load(campaign, [{ piece: numberOf(bad), status: '損紙' }]);
    await typeset(campaign);
    const pull = (code: string) => withdrawPieces(app, { campaignId: campaign.id, codes: [code], actorId });
    const wrong = formatControlCode(bad?.noticeNumber ?? '', 1, 1, 1, 2);
    expect(await pull(wrong)).toEqual({ withdrawn: 0, refused: [wrong] });
    expect(await pull(bad?.noticeNumber ?? '')).toEqual({ withdrawn: 1, refused: [] });
  });
});

describe('a day from outside', () => {
  it('is a question before its lot was formed, in the future and before the incident was known', async () => {
    const { campaign, pieces } = await aTypesetCampaign(4);
    const days = ['2030-01-01', '2020-01-01', '2026-11-24', '2026-11-26'];
    const result = await load(
      campaign,
      days.map((day, index) => ({ piece: numberOf(pieces[index]), day })),
    );
    expect(codesOf(result)).toEqual(['DAY_FUTURE', 'DAY_BEFORE_CAMPAIGN', 'DAY_BEFORE_CAUSE', 'DAY_FUTURE']);
    expect(result.posted).toBe(0);
  });

  it('of a return lies between its posting and today', async () => {
    const { campaign, pieces } = await aTypesetCampaign(3);
    await load(
      campaign,
      pieces.map((piece) => ({ piece: numberOf(piece) })),
    );
    now = LATER;
    const days = ['2026-11-24', '2030-01-01', '2026-12-08'];
    const result = await recordReturns(app, {
      campaign,
      data: returns(days.map((day, index) => ({ piece: numberOf(pieces[index]), day }))),
    });
    expect(codesOf(result)).toEqual(['DAY_BEFORE_CAUSE', 'DAY_FUTURE']);
    expect(result.returned).toBe(1);
  });

  it('of a slip entered by hand is refused with its rule', async () => {
    const { campaign, actorId } = await aTypesetCampaign(1);
    await app.pool.query(
      'update delivery.lot set prepared_at = $2, pages = 2, letters_sha256 = $3 where campaign_id = $1',
      [campaign.id, FORMED, 'a'.repeat(64)],
    );
    const post = (postedOn: string) =>
      postLots(app, {
        campaignId: campaign.id,
        lotNumbers: [1],
        slip: { slipNumber: 'S-1', postedOn, postOffice: '' },
        actorId,
      });
    await expect(post('2026-11-24')).rejects.toMatchObject({ key: 'DAY_REFUSED.before_cause' });
    await expect(post('2026-11-26')).rejects.toMatchObject({ key: 'DAY_REFUSED.future' });
    expect(await post('2026-11-25')).toBe(1);
  });

  it('that one slip has twice in a file is nobody’s: none of its lines is posted', async () => {
    const { campaign, pieces } = await aTypesetCampaign(2);
    now = LATER;
    const days = ['2026-11-25', '2026-11-26'];
    const result = await load(
      campaign,
      days.map((day, index) => ({ piece: numberOf(pieces[index]), day })),
    );
    expect(result).toMatchObject({ posted: 0, known: 0 });
    expect(codesOf(result)).toEqual(['POSTING_DIFFERS', 'POSTING_DIFFERS']);
  });
});

describe('a word about a card', () => {
  it('that is not in the table, and silence about a spoiled letter’s card, move no cash', async () => {
    const { campaign, pieces } = await aTypesetCampaign(6, { hasGift: true });
    const before = await listGiftAccounts(app.pool, campaign.id);
    const words = ['廃棄', 'なし', '', '同封'];
    const result = await load(
      campaign,
      words.map((card, index) => ({ piece: numberOf(pieces[index]), status: '損紙', card })),
    );
    expect(codesOf(result)).toEqual(words.map(() => 'CARD_UNKNOWN'));
    expect(codesOf(await load(campaign, [{ piece: numberOf(pieces[4]), card: 'なし' }]))).toEqual(['CARD_UNKNOWN']);
    expect(await listGiftAccounts(app.pool, campaign.id)).toEqual(before);
  });

  it('of a returned letter may come with a later list', async () => {
    const { campaign, pieces } = await aTypesetCampaign(1, { hasGift: true });
    await load(campaign, [{ piece: numberOf(pieces[0]) }]);
    now = LATER;
    const back = (card: string) =>
      recordReturns(app, { campaign, data: returns([{ piece: numberOf(pieces[0]), card }]) });
    expect(await back('')).toMatchObject({ returned: 1, cardsBack: 0 });
    expect(codesOf(await back('あり'))).toEqual(['CARD_UNKNOWN']);
    expect(await back('回収')).toMatchObject({ returned: 0, cardsBack: 1, problems: [] });
    expect(await back('回収')).toMatchObject({ returned: 0, cardsBack: 0, problems: [] });
    expect(codesOf(await back('紛失'))).toEqual(['CONTRADICTION']);
  });
});

describe('a question about a line', () => {
  const settle = (campaign: LetterCampaign, questionId: string, actorId: string, decision: LineDecision) =>
    settleLine(app, { campaign, questionId, decision, actorId });

  it('is settled by a correction that is judged like any line, with its effect on person, card and cost', async () => {
    const { campaign, pieces, actorId } = await aTypesetCampaign(2, { hasGift: true });
    const row = { piece: numberOf(pieces[0]), status: '損紙', card: '廃棄' };
    const [question] = (await load(campaign, [row])).problems;
    const id = question?.id ?? '';
    const correct = (correction: Record<string, string>) =>
      settle(campaign, id, actorId, { verb: 'correct', correction });
    expect(await correct({ day: '2030-01-01', card: '損' })).toEqual({ kind: 'refused', code: 'DAY_FUTURE' });
    expect(await correct({ card: '損' })).toMatchObject({
      kind: 'settled',
      verdict: 'corrected',
      effect: {
        person: 'letter_in_lot',
        card: 'spoiled',
        reprintLots: 1,
        charged: [
          { driver: 'gift.spoiled' },
          { driver: 'letter.printed', count: 1 },
          { driver: 'letter.spoiled', count: 1 },
        ],
      },
    });
    expect(await correct({ card: '損' })).toEqual({ kind: 'settled_before', verdict: 'corrected' });
    const before = await recordOf(campaign);
    expect(await load(campaign, [row])).toMatchObject({ spoiled: 0, known: 1, problems: [] });
    expect(await recordOf(campaign)).toEqual(before);
    expect(await countOpenQuestions(app.pool, campaign.id)).toBe(0);
  });

  it('ends as a repetition, as not ours or as true by name, and moves nothing', async () => {
    const { campaign, pieces, actorId } = await aTypesetCampaign(1);
    await load(campaign, [{ piece: numberOf(pieces[0]) }]);
    const rows = [
      { piece: numberOf(pieces[0]), slip: 'S-2' },
      { piece: numberOf(pieces[0]), day: '2020-01-01' },
      { piece: '9999-9' },
    ];
    for (const row of rows) await load(campaign, [row]);
    const facts = async () => (await recordOf(campaign)) as unknown[];
    const [events] = await facts();
    const questions = await listLineQuestions(app, campaign.id, { isOpenOnly: true });
    expect(questions.map(({ code, kind, line }) => [code, kind, line])).toEqual([
      ['CONTRADICTION', 'print_house', 2],
      ['POSTING_DIFFERS', 'print_house', 2],
      ['PIECE_UNREADABLE', 'print_house', 2],
    ]);
    const decisions: LineDecision[] = [
      { verb: 'accept', note: '印刷会社が二枚目の差出票を出した' },
      { verb: 'duplicate' },
      { verb: 'not_ours' },
    ];
    for (const [index, decision] of decisions.entries())
      expect(await settle(campaign, questions[index]?.id ?? '', actorId, decision)).toMatchObject({
        kind: 'settled',
        effect: { person: null, card: null, charged: [] },
      });
    expect((await facts())[0]).toEqual(events);
    expect((await listLineQuestions(app, campaign.id, { isOpenOnly: false })).map(({ verdict }) => verdict)).toEqual([
      'accepted',
      'duplicate',
      'not_ours',
    ]);
    for (const row of rows) expect(await load(campaign, [row])).toMatchObject({ problems: [], known: 1 });
    await expect(settle(campaign, campaign.id, actorId, { verb: 'duplicate' })).rejects.toMatchObject({
      code: 'LINE_MISSING',
    });
  });

  it('about a return that came before its posting was told ends by itself when the list is loaded again', async () => {
    const { campaign, pieces } = await aTypesetCampaign(1);
    now = LATER;
    const data = returns([{ piece: numberOf(pieces[0]) }]);
    expect(codesOf(await recordReturns(app, { campaign, data }))).toEqual(['NOT_POSTED']);
    await load(campaign, [{ piece: numberOf(pieces[0]) }]);
    expect(await recordReturns(app, { campaign, data })).toMatchObject({ returned: 1, problems: [] });
    expect(await countOpenQuestions(app.pool, campaign.id)).toBe(0);
  });

  it('shows in the status as a decision and keeps the campaign open, until it is settled', async () => {
    const { campaign, actorId } = await aTypesetCampaign(1);
    // These people are references without a list: status counts none.
    await app.pool.query('update campaign.campaign set list_version = null where id = $1', [campaign.id]);
    const [question] = (await load(campaign, [{ piece: '9999-9' }])).problems;
    const decisions = async () => (await campaignStatus(app, campaign.id)).decisions;
    expect(await decisions()).toContainEqual({ code: 'lines_open', count: 1, dueOn: null });
    const close = async () =>
      await closeCampaign(app, { campaign: await getCampaign(app.pool, campaign.id), by: '見本 花子' });
    expect(await close()).toMatchObject({ kind: 'refused', reasons: expect.arrayContaining(['LINES_OPEN']) });
    await settle(campaign, question?.id ?? '', actorId, { verb: 'not_ours' });
    expect((await decisions()).map(({ code }) => code)).not.toContain('lines_open');
    expect(await close()).toMatchObject({ reasons: expect.not.arrayContaining(['LINES_OPEN']) });
  });

  it('is listed with place, rule and remedy by the command, and settled by its verbs', async () => {
    const { campaign, pieces } = await aTypesetCampaign(1);
    const [question] = (await load(campaign, [{ piece: numberOf(pieces[0]), status: '検討中' }])).problems;
    const context = cliContext(app, []);
    const listed = await runProblemsList({ ...context, args: [campaign.slug], options: {} });
    expect(listed.text).toContain(`print house's report`);
    expect(listed.text).toContain(`line 2 ${numberOf(pieces[0])}: the status is neither posted nor spoiled`);
    expect(listed.text).toContain('correct --status');
    const run = (verb: string, options: Record<string, string | string[]>) =>
      runProblemsSettle({
        ...context,
        args: [campaign.slug, verb],
        options: { problem: [question?.id ?? ''], by: '見本 花子', ...options },
      });
    await expect(run('correct', {})).rejects.toMatchObject({ code: 'USAGE_WRONG' });
    await expect(run('forget', {})).rejects.toMatchObject({ code: 'USAGE_WRONG' });
    await expect(run('accept', {})).rejects.toMatchObject({ code: 'USAGE_WRONG' });
    expect(await run('correct', { status: '発送?' })).toMatchObject({ exitCode: 1 });
    const settled = await run('correct', { status: '投函済' });
    expect(settled).toMatchObject({ exitCode: 0, json: { settled: [{ verdict: 'corrected' }] } });
    expect(settled.text).toContain('the person: told');
    expect(settled.text).toContain('letter.posted 1');
    const empty = await runProblemsList({ ...context, args: [campaign.slug], options: {} });
    expect(empty.text).toBe('No line waits for a decision.');
  });

  it('keeps a name of a shifted column sealed', async () => {
    const { campaign } = await aTypesetCampaign(1);
    await load(campaign, [{ piece: '見本 太郎', status: '投函済' }]);
    const [question] = await listLineQuestions(app, campaign.id, { isOpenOnly: true });
    expect(question).toMatchObject({ code: 'PIECE_UNREADABLE', text: '' });
    const { rows } = await app.pool.query('select * from delivery.line_question where campaign_id = $1', [campaign.id]);
    expect(Buffer.concat(rows.map(({ cells_sealed: sealed }) => sealed)).includes('見本')).toBe(false);
  });
});

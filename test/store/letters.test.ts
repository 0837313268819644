// Lots, the print house's files, returns and pulls on a real PostgreSQL: the equation of each lot and where the people stand.
import { beforeEach, describe, expect, it } from 'vitest';
import { ensureActor } from '../../src/campaign/actors/ensure-actor.ts';
import { listLotAccounts, listLots } from '../../src/delivery/letters/lot-store.ts';
import { formatPieceNumber } from '../../src/delivery/letters/piece-code.ts';
import { listPieces, type Piece } from '../../src/delivery/letters/piece-store.ts';
import { planLots } from '../../src/delivery/letters/plan-lots.ts';
import { recordReturns } from '../../src/delivery/letters/record-returns.ts';
import { recordVendorFile } from '../../src/delivery/letters/record-vendor-file.ts';
import { listPostings } from '../../src/delivery/letters/vendor-store.ts';
import { withdrawPieces } from '../../src/delivery/letters/withdraw-pieces.ts';
import { formatCsv } from '../../src/platform/formats/csv.ts';
import { useApp } from '../support/app.ts';
import { aLetterCampaign, type LetterCampaign } from '../support/letter-campaign.ts';

const at = new Date('2026-11-24T03:00:00Z');
let now = at;
const app = useApp({ clock: () => now });
beforeEach(() => {
  now = at;
});
/** The post needs its time: what comes back comes later. */
const waitAWeek = () => {
  now = new Date('2026-12-01T03:00:00Z');
};

const numberOf = (piece: Piece) => formatPieceNumber(piece.noticeNumber, piece.cycle);

type Row = { piece: string; status?: string; day?: string; slip?: string; card?: string; reason?: string };
const productionFile = (rows: Row[]) =>
  formatCsv(
    [
      ['管理番号', '状態', '処理日', '差出票番号', '引受郵便局', 'カード'],
      ...rows.map((row) => [
        row.piece,
        row.status ?? '投函済',
        row.day ?? '2026/11/24',
        row.slip ?? 'S-1',
        '見本郵便局',
        row.card ?? '',
      ]),
    ],
    { encoding: 'cp932', quoteAll: true },
  );
const returnsFile = (rows: Row[]) =>
  formatCsv(
    [
      ['管理番号', '返戻日', '返戻理由', 'カード'],
      ...rows.map((row) => [row.piece, '2026-12-01', row.reason ?? '', row.card ?? '']),
    ],
    {
      encoding: 'cp932',
      quoteAll: true,
    },
  );

async function firstLot(campaign: LetterCampaign): Promise<{ lotId: string; pieces: Piece[] }> {
  const { lotIds } = await planLots(app, { campaignId: campaign.id, waveId: 'letters' });
  const lotId = lotIds[0] ?? '';
  return { lotId, pieces: await listPieces(app.pool, lotId) };
}

const factsOf = async (campaign: LetterCampaign, kind: string) =>
  (
    await app.pool.query<{ lines: unknown; persons_first: number; event_count: number }>(
      'select lines, persons_first, event_count from journal.fact where campaign_id = $1 and kind = $2 order by id',
      [campaign.id, kind],
    )
  ).rows;

const standings = async (campaign: LetterCampaign) =>
  Object.fromEntries(
    (
      await app.pool.query<{ outcome: string; count: number }>(
        'select outcome, count(*)::int as count from delivery.person where campaign_id = $1 group by 1',
        [campaign.id],
      )
    ).rows.map((row) => [row.outcome, row.count]),
  );

describe('lots', () => {
  it('are formed in the frozen order, none above the size of the plan', async () => {
    const campaign = await aLetterCampaign(app, { people: 25, piecesPerLot: 10 });
    const { lotIds } = await planLots(app, { campaignId: campaign.id, waveId: 'letters' });
    expect(lotIds).toHaveLength(3);
    const lots = await listLots(app.pool, campaign.id);
    expect(lots.map((lot) => [lot.number, lot.pieceCount])).toEqual([
      [1, 10],
      [2, 10],
      [3, 5],
    ]);
    const refs = (await Promise.all(lotIds.map((id) => listPieces(app.pool, id))))
      .flat()
      .map((piece) => piece.personRef);
    expect(refs).toEqual(campaign.refs);
    expect(await standings(campaign)).toEqual({ letter_in_lot: 25 });
    expect(await planLots(app, { campaignId: campaign.id, waveId: 'letters' })).toMatchObject({ lotIds: [] });
  });

  it('wait for a full one while more people may come', async () => {
    const campaign = await aLetterCampaign(app, { people: 15, piecesPerLot: 10 });
    const planning = await planLots(app, { campaignId: campaign.id, waveId: 'letters', onlyFull: true });
    expect(planning.lotIds).toHaveLength(1);
    expect(await standings(campaign)).toEqual({ letter_in_lot: 10, letter_waiting: 5 });
  });

  it('formed by two processes at once hold everyone exactly once', async () => {
    const campaign = await aLetterCampaign(app, { people: 60, piecesPerLot: 10 });
    const request = { campaignId: campaign.id, waveId: 'letters' };
    const both = await Promise.all([planLots(app, request), planLots(app, request), planLots(app, request)]);
    expect(both.flatMap(({ lotIds }) => lotIds)).toHaveLength(6);
    const accounts = await listLotAccounts(app.pool, campaign.id);
    expect(accounts.map((lot) => lot.number)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('the print house’s file', () => {
  it('posts pieces under one slip over several lots, with one fact over exactly the new events', async () => {
    const campaign = await aLetterCampaign(app, { people: 6, piecesPerLot: 3 });
    const { lotIds } = await planLots(app, { campaignId: campaign.id, waveId: 'letters' });
    const pieces = (await Promise.all(lotIds.map((id) => listPieces(app.pool, id)))).flat();
    const result = await recordVendorFile(app, {
      campaign,
      data: productionFile(pieces.map((piece) => ({ piece: numberOf(piece) }))),
    });
    expect(result).toMatchObject({ lines: 6, posted: 6, spoiled: 0, known: 0, problems: [] });
    expect(await listPostings(app.pool, campaign.id)).toMatchObject([
      { slipNumber: 'S-1', postedOn: '2026-11-24', pieces: 6 },
    ]);
    expect(await standings(campaign)).toEqual({ letter_posted: 6 });
    expect(await factsOf(campaign, 'letters.posted')).toEqual([
      {
        lines: [
          {
            driver: 'letter.posted',
            attributes: { service: 'ordinary', barcode: false, weightClass: '50g' },
            count: 6,
          },
          { driver: 'letter.printed', attributes: { sheets: 1 }, count: 6 },
        ],
        persons_first: 6,
        event_count: 6,
      },
    ]);
    expect(await factsOf(campaign, 'posting.made')).toMatchObject([{ lines: [{ driver: 'posting.made', count: 1 }] }]);
  });

  it('loaded twice, or grown by new lines, records only what is new', async () => {
    const campaign = await aLetterCampaign(app, { people: 5 });
    const { pieces } = await firstLot(campaign);
    const rows = pieces.map((piece) => ({ piece: numberOf(piece) }));
    const early = productionFile(rows.slice(0, 2));
    expect(await recordVendorFile(app, { campaign, data: early })).toMatchObject({ posted: 2, known: 0 });
    expect(await recordVendorFile(app, { campaign, data: early })).toMatchObject({ posted: 0, known: 2 });
    expect(await recordVendorFile(app, { campaign, data: productionFile(rows) })).toMatchObject({
      posted: 3,
      known: 2,
    });
    expect((await factsOf(campaign, 'letters.posted')).map((fact) => fact.event_count)).toEqual([2, 3]);
    expect(await factsOf(campaign, 'posting.made')).toHaveLength(1);
    const files = await app.pool.query('select 1 from delivery.vendor_file where campaign_id = $1', [campaign.id]);
    expect(files.rows).toHaveLength(3);
  });

  it('loaded by two people at the same moment posts each piece once', async () => {
    const campaign = await aLetterCampaign(app, { people: 20 });
    const { pieces } = await firstLot(campaign);
    const data = productionFile(pieces.map((piece) => ({ piece: numberOf(piece) })));
    const both = await Promise.all([
      recordVendorFile(app, { campaign, data }),
      recordVendorFile(app, { campaign, data }),
    ]);
    expect(both.reduce((sum, result) => sum + result.posted, 0)).toBe(20);
    expect(await factsOf(campaign, 'letters.posted')).toHaveLength(1);
  });

  it('reports by line what it cannot use and loses nothing of the rest', async () => {
    const campaign = await aLetterCampaign(app, { people: 4 });
    const { pieces } = await firstLot(campaign);
    const [one, two, three] = pieces.map(numberOf);
    const rows: Row[] = [
      { piece: one ?? '' },
      { piece: '123456789012-1' },
      { piece: two ?? '', status: '検討中' },
      { piece: three ?? '', day: '2026-13-01' },
      { piece: two ?? '', slip: '' },
      { piece: two ?? '', status: '損紙' },
    ];
    rows.push({ piece: two ?? '' });
    const result = await recordVendorFile(app, { campaign, data: productionFile(rows) });
    expect(result.problems.map(({ line, code }) => [line, code])).toEqual([
      [3, 'PIECE_UNREADABLE'],
      [4, 'STATUS_UNKNOWN'],
      [5, 'DATE_INVALID'],
      [6, 'SLIP_MISSING'],
      [7, 'CONTRADICTION'],
      [8, 'CONTRADICTION'],
    ]);
    expect(result).toMatchObject({ lines: 7, posted: 1, spoiled: 0 });
  });

  it('is refused as a whole when it is no such file', async () => {
    const campaign = await aLetterCampaign(app, { people: 1 });
    const data = Buffer.from('a,b,c\n1,2,3\n');
    await expect(recordVendorFile(app, { campaign, data })).rejects.toMatchObject({ code: 'VENDOR_FILE_INVALID' });
  });
});

describe('a spoiled piece', () => {
  it('names its reprint at once, and the reprint is exempt from the block on the next lot', async () => {
    const campaign = await aLetterCampaign(app, { people: 6, piecesPerLot: 3 });
    const { lotIds } = await planLots(app, { campaignId: campaign.id, waveId: 'letters' });
    const pieces = await listPieces(app.pool, lotIds[0] ?? '');
    const [bad, ...good] = pieces.map(numberOf);
    const data = productionFile([{ piece: bad ?? '', status: '損紙' }, ...good.map((piece) => ({ piece }))]);
    const result = await recordVendorFile(app, { campaign, data });
    expect(result).toMatchObject({ posted: 2, spoiled: 1, problems: [] });
    const [lotId] = result.reprintLotIds;
    const [reprint] = await listPieces(app.pool, lotId ?? '');
    expect(reprint).toMatchObject({ cycle: 2, reprintOf: pieces[0]?.id });
    const accounts = await listLotAccounts(app.pool, campaign.id);
    expect(accounts[0]).toMatchObject({ manifest: 3, posted: 2, spoiled: 1, withdrawn: 0, open: 0, unreprinted: 0 });
    expect(accounts[2]).toMatchObject({ isReprint: true, manifest: 1, open: 1 });
    const posted = await recordVendorFile(app, {
      campaign,
      data: productionFile([{ piece: reprint ? numberOf(reprint) : '', slip: 'S-2' }]),
    });
    expect(posted.posted).toBe(1);
    expect(await factsOf(campaign, 'letters.spoiled')).toMatchObject([
      {
        lines: [
          { driver: 'letter.printed', count: 1 },
          { driver: 'letter.spoiled', count: 1 },
        ],
      },
    ]);
    expect((await factsOf(campaign, 'letters.posted')).map((fact) => fact.persons_first)).toEqual([2, 1]);
  });
});

describe('a lot whose count does not close', () => {
  it('stops the next lot until it closes', async () => {
    const campaign = await aLetterCampaign(app, { people: 8, piecesPerLot: 4 });
    const request = { campaignId: campaign.id, waveId: 'letters' };
    await app.pool.query(
      `update delivery.assignment set state = 'excluded', reason = 'withdrawn' where campaign_id = $1 and rank >= 4`,
      [campaign.id],
    );
    const { pieces } = await firstLot(campaign);
    const rows = pieces.map((piece) => ({ piece: numberOf(piece) }));
    await recordVendorFile(app, { campaign, data: productionFile(rows.slice(0, 3)) });
    await app.pool.query(
      `update delivery.assignment set state = 'pending', reason = null where campaign_id = $1 and rank >= 4`,
      [campaign.id],
    );
    expect(await planLots(app, request)).toMatchObject({ lotIds: [], blockedBy: [1] });
    await recordVendorFile(app, { campaign, data: productionFile(rows) });
    expect((await planLots(app, request)).lotIds).toHaveLength(1);
  });
});

describe('a returned letter', () => {
  it('is its own fact, sends the person on, and is counted once however often it is told', async () => {
    const campaign = await aLetterCampaign(app, { people: 4 });
    const { pieces } = await firstLot(campaign);
    await recordVendorFile(app, {
      campaign,
      data: productionFile(pieces.slice(0, 3).map((piece) => ({ piece: numberOf(piece) }))),
    });
    const [unknown, refused, , unposted] = pieces.map(numberOf);
    const data = returnsFile([
      { piece: unknown ?? '', reason: 'あて所に尋ねあたりません' },
      { piece: (refused ?? '').slice(0, 12), reason: '受取拒絶' },
      { piece: unposted ?? '', reason: '転居先不明' },
      { piece: unknown ?? '', reason: 'うさぎ' },
    ]);
    waitAWeek();
    const first = await recordReturns(app, { campaign, data });
    expect(first).toMatchObject({ returned: 2, known: 0, byReason: { UNKNOWN: 1, REFUSED: 1 } });
    expect(first.problems.map(({ line, code }) => [line, code])).toEqual([
      [4, 'NOT_POSTED'],
      [5, 'REASON_UNKNOWN'],
    ]);
    expect(await recordReturns(app, { campaign, data })).toMatchObject({ returned: 0, known: 2 });
    expect(await factsOf(campaign, 'letters.returned')).toMatchObject([
      {
        lines: [
          { driver: 'letter.returned', attributes: { reason: 'REFUSED' }, count: 1 },
          { driver: 'letter.returned', attributes: { reason: 'UNKNOWN' }, count: 1 },
        ],
      },
    ]);
    expect(await standings(campaign)).toEqual({
      letter_returned: 1,
      letter_refused: 1,
      letter_posted: 1,
      letter_in_lot: 1,
    });
    expect((await listLotAccounts(app.pool, campaign.id))[0]).toMatchObject({ posted: 3, returned: 2, open: 1 });
  });
});

describe('a pull', () => {
  it('takes a piece out before posting and refuses one that has left', async () => {
    const campaign = await aLetterCampaign(app, { people: 3 });
    const { pieces } = await firstLot(campaign);
    await recordVendorFile(app, { campaign, data: productionFile([{ piece: pieces[0] ? numberOf(pieces[0]) : '' }]) });
    const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: '見本 花子' });
    const codes = [pieces[0]?.noticeNumber ?? '', pieces[1]?.noticeNumber ?? '', '12'];
    expect(await withdrawPieces(app, { campaignId: campaign.id, codes, actorId })).toEqual({
      withdrawn: 1,
      refused: [codes[0], '12'],
    });
    const account = (await listLotAccounts(app.pool, campaign.id))[0];
    expect(account).toMatchObject({ manifest: 3, posted: 1, spoiled: 0, withdrawn: 1, open: 1 });
  });
});

describe('events of pieces', () => {
  it('cannot be changed or removed', async () => {
    const campaign = await aLetterCampaign(app, { people: 1 });
    const { pieces } = await firstLot(campaign);
    await recordVendorFile(app, { campaign, data: productionFile([{ piece: pieces[0] ? numberOf(pieces[0]) : '' }]) });
    await expect(app.pool.query(`update delivery.piece_event set code = 'x'`)).rejects.toThrow('append-only');
    await expect(app.pool.query(`delete from delivery.posting`)).rejects.toThrow('append-only');
  });
});

// Cards are cash: two names, the consent held with the cards, one live card per person, and an equation that closes.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ensureActor } from '../../src/campaign/actors/ensure-actor.ts';
import { listConsents, recordConsent } from '../../src/campaign/consents/record-consent.ts';
import { getPlanSnapshot } from '../../src/campaign/plan/create-plan.ts';
import { listGiftAccounts, listPersonGifts } from '../../src/delivery/gifts/gift-store.ts';
import { countGifts, loseGifts, receiveGifts } from '../../src/delivery/gifts/record-stock.ts';
import { holdGifts } from '../../src/delivery/gifts/reserve-gifts.ts';
import { listLots } from '../../src/delivery/letters/lot-store.ts';
import { formatPieceNumber } from '../../src/delivery/letters/piece-code.ts';
import { listPieces, type Piece } from '../../src/delivery/letters/piece-store.ts';
import { planLots } from '../../src/delivery/letters/plan-lots.ts';
import { recordReturns } from '../../src/delivery/letters/record-returns.ts';
import { recordVendorFile } from '../../src/delivery/letters/record-vendor-file.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { listMembers } from '../../src/intake/list/list-members.ts';
import { listFacts } from '../../src/journal/store.ts';
import { newRef } from '../../src/kernel/ids.ts';
import { formatCsv } from '../../src/platform/formats/csv.ts';
import { transaction } from '../../src/platform/postgres/db.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile } from '../support/campaign-file.ts';
import { aLetterCampaign, type LetterCampaign, placeIn } from '../support/letter-campaign.ts';

const at = new Date('2026-11-24T03:00:00Z');
let now = at;
const app = useApp({ clock: () => now });

async function stock(campaign: LetterCampaign, quantity: number, document = 'DN-1') {
  const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: '見本 花子' });
  const witnessId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: '見本 次郎' });
  await receiveGifts(app, { campaignId: campaign.id, gift: 'quo500', quantity, actorId, witnessId, at, document });
  return { actorId, witnessId };
}

const consent = (campaign: LetterCampaign, quantityCap: number) =>
  recordConsent(app, {
    campaign,
    category: 'CONDOLENCE',
    answer: 'granted',
    form: 'written',
    quantityCap,
    unitPriceCapYen: 530,
  });

const account = async (campaign: LetterCampaign) => (await listGiftAccounts(app.pool, campaign.id))[0];
const plan = (campaign: LetterCampaign, waveId = 'letters') => planLots(app, { campaignId: campaign.id, waveId });
const heldOf = async (campaign: LetterCampaign) => (await listConsents(app.pool, campaign.id))[0]?.heldQuantity;

async function piecesOf(campaign: LetterCampaign): Promise<Piece[]> {
  const lots = await listLots(app.pool, campaign.id);
  return (await Promise.all(lots.map((lot) => listPieces(app.pool, lot.id)))).flat();
}

const production = (rows: [Piece | undefined, string, string?][]) =>
  formatCsv(
    [
      ['管理番号', '状態', '処理日', '差出票番号', 'カード'],
      ...rows.map(([piece, status, card]) => [
        piece ? formatPieceNumber(piece.noticeNumber, piece.cycle) : '',
        status,
        '2026-11-24',
        'S-1',
        card ?? '',
      ]),
    ],
    { encoding: 'cp932', quoteAll: true },
  );

describe('the stock of cards', () => {
  it('wants two different names and takes a delivery note once', async () => {
    const campaign = await aLetterCampaign(app, { people: 1 });
    const { actorId } = await stock(campaign, 100);
    await stock(campaign, 100);
    expect(await account(campaign)).toMatchObject({ onHand: 100, received: 100, balanced: true });
    const alone = { campaignId: campaign.id, gift: 'quo500', quantity: 1, actorId, witnessId: actorId, at };
    await expect(receiveGifts(app, alone)).rejects.toMatchObject({ code: 'CUSTODY_INCOMPLETE' });
    expect(await account(campaign)).toMatchObject({ onHand: 100 });
  });

  it('keeps a count as evidence and a difference as an event', async () => {
    const campaign = await aLetterCampaign(app, { people: 1 });
    const names = await stock(campaign, 100);
    const input = { campaignId: campaign.id, gift: 'quo500', ...names, at };
    expect((await countGifts(app, { ...input, quantity: 100 })).difference).toBe(0);
    expect((await countGifts(app, { ...input, quantity: 98 })).difference).toBe(-2);
    await loseGifts(app, { ...input, quantity: 3 });
    expect(await account(campaign)).toMatchObject({ onHand: 95, counted: -2, lostFromStock: 3, balanced: true });
    await expect(loseGifts(app, { ...input, quantity: 96 })).rejects.toMatchObject({ code: 'STOCK_SHORT' });
  });
});

/** A day before the end of the letter wave of `aLetterCampaign`. */
const lastCall = new Date('2026-12-19T00:00:00Z');

describe('a lot with cards', () => {
  beforeEach(() => {
    now = at;
  });

  it('reserves one for each piece in the transaction that holds the consent', async () => {
    const campaign = await aLetterCampaign(app, { people: 10, hasGift: true });
    await stock(campaign, 100);
    await consent(campaign, 50);
    expect(await plan(campaign)).toMatchObject({ withoutGift: null });
    expect(await account(campaign)).toMatchObject({ onHand: 90, reserved: 10, open: 10, balanced: true });
    expect(await heldOf(campaign)).toBe(10);
    expect((await piecesOf(campaign)).every((piece) => piece.hasGift)).toBe(true);
  });

  it('waits for the consent, and is formed with cards once it is there', async () => {
    const campaign = await aLetterCampaign(app, { people: 4, hasGift: true });
    await stock(campaign, 100);
    expect(await plan(campaign)).toEqual({ lotIds: [], blockedBy: [], withoutGift: 'no_consent', beginsAt: null });
    await consent(campaign, 4);
    expect((await plan(campaign)).lotIds).toHaveLength(1);
    expect(await account(campaign)).toMatchObject({ onHand: 96, reserved: 4, balanced: true });
  });

  it('takes as many people as there are cards, and the others wait for more', async () => {
    const campaign = await aLetterCampaign(app, { people: 5, hasGift: true });
    await stock(campaign, 100);
    await consent(campaign, 3);
    expect(await plan(campaign)).toMatchObject({ lotIds: [expect.any(String)], withoutGift: 'no_consent' });
    const first = await piecesOf(campaign);
    expect(first.map((piece) => piece.hasGift)).toEqual([true, true, true]);
    expect(await account(campaign)).toMatchObject({ onHand: 97, reserved: 3, balanced: true });
    now = lastCall;
    expect((await plan(campaign)).lotIds).toHaveLength(1);
    const all = await piecesOf(campaign);
    expect(all.map((piece) => piece.hasGift)).toEqual([true, true, true, false, false]);
    expect(new Set(all.map((piece) => piece.personRef)).size).toBe(5);
  });

  it('takes no more people than cards in stock', async () => {
    const campaign = await aLetterCampaign(app, { people: 5, hasGift: true, needsConsent: false });
    await stock(campaign, 2);
    expect(await plan(campaign)).toMatchObject({ lotIds: [expect.any(String)], withoutGift: 'no_stock' });
    expect(await piecesOf(campaign)).toHaveLength(2);
    expect(await account(campaign)).toMatchObject({ onHand: 0, reserved: 2, balanced: true });
  });

  it('goes without cards before its last call only when a named person says so, who stands in the fact', async () => {
    const campaign = await aLetterCampaign(app, { people: 4, hasGift: true });
    const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: '見本 花子' });
    const planning = await planLots(app, { campaignId: campaign.id, waveId: 'letters', withoutGiftBy: actorId });
    expect(planning).toMatchObject({ lotIds: [expect.any(String)], withoutGift: 'no_stock' });
    expect((await piecesOf(campaign)).some((piece) => piece.hasGift)).toBe(false);
    const formed = (await listFacts(app.pool, campaign.id)).find((fact) => fact.kind === 'lot.formed');
    expect(formed).toMatchObject({ actorId, body: { gift: null } });
  });

  it('takes out of a wave of cards whoever holds one already', async () => {
    const campaign = await aLetterCampaign(app, { people: 4, hasGift: true, needsConsent: false });
    await stock(campaign, 6);
    await plan(campaign);
    await transaction(app.pool, (tx) => placeIn(tx, campaign, 'gifts', campaign.refs));
    expect((await plan(campaign, 'gifts')).lotIds).toEqual([]);
    const places = await app.pool.query(
      "select distinct state, reason from delivery.assignment where wave_id = 'gifts' and campaign_id = $1",
      [campaign.id],
    );
    expect(places.rows).toEqual([{ state: 'excluded', reason: 'holds_gift' }]);
    expect(await account(campaign)).toMatchObject({ onHand: 2, reserved: 4, balanced: true });
  });

  it('goes without the gift at its last call when nobody consented, and the gift wave waits', async () => {
    const campaign = await aLetterCampaign(app, { people: 4, hasGift: true });
    await stock(campaign, 100);
    now = lastCall;
    const planning = await plan(campaign);
    expect(planning).toMatchObject({ withoutGift: 'no_consent' });
    expect(planning.lotIds).toHaveLength(1);
    expect((await piecesOf(campaign)).some((piece) => piece.hasGift)).toBe(false);
    await transaction(app.pool, (tx) => placeIn(tx, campaign, 'gifts', campaign.refs));
    expect(await plan(campaign, 'gifts')).toEqual({
      lotIds: [],
      blockedBy: [],
      withoutGift: 'no_consent',
      beginsAt: null,
    });
    await consent(campaign, 4);
    expect((await plan(campaign, 'gifts')).lotIds).toHaveLength(1);
    expect(await account(campaign)).toMatchObject({ onHand: 96, reserved: 4, balanced: true });
  });

  it('goes without the gift at its last call when the cards have not come', async () => {
    const campaign = await aLetterCampaign(app, { people: 4, hasGift: true });
    await consent(campaign, 50);
    now = lastCall;
    expect(await plan(campaign)).toMatchObject({ lotIds: [expect.any(String)], withoutGift: 'no_stock' });
    expect(await heldOf(campaign)).toBe(0);
  });

  it('needs no consent under a policy that asks for none', async () => {
    const campaign = await aLetterCampaign(app, { people: 4, hasGift: true, needsConsent: false });
    await stock(campaign, 4);
    expect(await plan(campaign)).toMatchObject({ withoutGift: null });
    expect(await account(campaign)).toMatchObject({ onHand: 0, reserved: 4 });
  });

  it('racing another wave’s lot for the last of a consent leaves exactly one that lacks cards, and holds no card twice', async () => {
    for (let round = 0; round < 5; round += 1) {
      const campaign = await aLetterCampaign(app, { people: 10, hasGift: true });
      const others = (await aLetterCampaign(app, { people: 10 })).refs;
      await transaction(app.pool, (tx) => placeIn(tx, campaign, 'gifts', others));
      await stock(campaign, 100);
      await consent(campaign, 15);
      const both = await Promise.all([plan(campaign), plan(campaign, 'gifts')]);
      expect(both.filter((planning) => planning.withoutGift === 'no_consent')).toHaveLength(1);
      expect(await heldOf(campaign)).toBe(15);
      expect(await account(campaign)).toMatchObject({ onHand: 85, reserved: 15, balanced: true });
    }
  });

  it('waits for another transaction that holds the last of a consent, and then finds nothing left', async () => {
    const campaign = await aLetterCampaign(app, { people: 1 });
    await stock(campaign, 100);
    await consent(campaign, 15);
    const { campaignFile, policy } = await getPlanSnapshot(app, campaign.planId);
    const [gift] = campaignFile.gifts;
    if (!gift) throw new Error('the sample has no gift');
    const hold = (lotId: string, beforeCommit: () => Promise<unknown>) =>
      transaction(app.pool, async (tx) => {
        const held = await holdGifts(tx, { campaignId: campaign.id, gift, policy, lotId, at }, 10);
        await beforeCommit();
        return held.kind;
      });
    let second: Promise<string> | undefined;
    const first = await hold(newRef(), async () => {
      second = hold(newRef(), async () => {});
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    expect([first, await second]).toEqual(['reserved', 'no_consent']);
    expect(await heldOf(campaign)).toBe(10);
    // Both took cards from the stock, one gave them back; nothing was written for a lot, so only the cache moved.
    const onHand = await app.pool.query('select on_hand from delivery.gift_stock where campaign_id = $1', [
      campaign.id,
    ]);
    expect(onHand.rows).toEqual([{ on_hand: '90' }]);
  });

  it('gives nobody a second live card', async () => {
    const campaign = await aLetterCampaign(app, { people: 3, hasGift: true, needsConsent: false });
    await stock(campaign, 10);
    await plan(campaign);
    await transaction(app.pool, (tx) => placeIn(tx, campaign, 'gifts', campaign.refs));
    expect(await plan(campaign, 'gifts')).toMatchObject({ lotIds: [] });
    const [ref] = campaign.refs;
    const again = app.pool.query(
      `insert into delivery.gift (id, campaign_id, gift, person_ref, piece_id, price_yen, state)
       select gen_random_uuid(), campaign_id, gift, $1, piece_id, 530, 'reserved' from delivery.gift where person_ref <> $1 and campaign_id = $2 limit 1`,
      [ref, campaign.id],
    );
    await expect(again).rejects.toThrow();
  });
});

describe('the day of an act of custody', () => {
  it('is kept apart from its entry, and is neither in the future nor before the incident', async () => {
    now = at;
    const campaign = await aLetterCampaign(app, { people: 1 });
    const { actorId, witnessId } = await stock(campaign, 5);
    const custody = { campaignId: campaign.id, gift: 'quo500', quantity: 1, actorId, witnessId, at };
    await receiveGifts(app, { ...custody, day: '2026-11-20', document: 'DN-2' });
    for (const [day, rule] of [
      ['2026-11-25', 'future'],
      ['2026-11-11', 'before_campaign'],
    ] as const)
      await expect(loseGifts(app, { ...custody, day })).rejects.toMatchObject({ key: `DAY_REFUSED.${rule}` });
    const { rows } = await app.pool.query(
      'select kind, happened_on::text as day, at from delivery.gift_stock_event where campaign_id = $1 order by id',
      [campaign.id],
    );
    expect(rows).toEqual([
      { kind: 'received', day: '2026-11-24', at },
      { kind: 'received', day: '2026-11-20', at },
    ]);
    expect(await account(campaign)).toMatchObject({ onHand: 6, balanced: true });
  });
});

describe('a card to a corporate contact', () => {
  it('is posted, comes back and is claimed as a corporation’s, by the kind of person on the frozen list', async () => {
    now = at;
    const folder = await mkdtemp(join(tmpdir(), 'owabi-corporate-'));
    const file = join(folder, 'roster.csv');
    await writeFile(
      file,
      '氏名,会社名,郵便番号,住所\n見本 太郎,株式会社みほん商事,100-0001,東京都千代田区千代田1-1\n見本 花子,,100-0013,東京都千代田区霞が関1-3-2\n',
    );
    const enlist = async (created: { id: string; slug: string }) => {
      const { items } = aCampaignFile().incident;
      await importRoster(app, { campaign: created, file, incidentItems: items, items: ['name', 'address'] });
      const { version } = await freezeList(app, { campaign: created });
      return (await listMembers(app.pool, created.id, version, { afterRank: -1, limit: 10 })).map(({ ref }) => ref);
    };
    const campaign = await aLetterCampaign(app, { people: 0, enlist, hasGift: true, needsConsent: false });
    await stock(campaign, 5, 'DN-corporate');
    await plan(campaign);
    const pieces = await piecesOf(campaign);
    const data = production(pieces.map((piece) => [piece, '投函済']));
    expect(await recordVendorFile(app, { campaign, data })).toMatchObject({ posted: 2 });
    const lines = async (driver: string) =>
      (await listFacts(app.pool, campaign.id)).flatMap((fact) => fact.lines).filter((line) => line.driver === driver);
    const both = ['corporation', 'person'].map((recipient) => ({
      driver: 'gift.posted',
      attributes: { gift: 'quo500', recipient },
      count: 1,
    }));
    expect(await lines('gift.posted')).toEqual(both);
    now = new Date('2026-12-01T03:00:00Z');
    const header = ['管理番号', '返戻日', '返戻理由', 'カード'];
    const returns = formatCsv(
      [header, ...pieces.map((piece) => [piece.noticeNumber, '2026-12-01', '転居先不明', '回収'])],
      { encoding: 'cp932', quoteAll: true },
    );
    expect(await recordReturns(app, { campaign, data: returns })).toMatchObject({ returned: 2, cardsBack: 2 });
    expect(await lines('gift.returned')).toEqual(both.map((line) => ({ ...line, driver: 'gift.returned' })));
  });
});

describe('what becomes of a card', () => {
  beforeEach(() => {
    now = at;
  });

  it('closes: reserved = posted + spoiled + back + lost + open', async () => {
    const campaign = await aLetterCampaign(app, { people: 6, hasGift: true });
    await stock(campaign, 20);
    await consent(campaign, 20);
    await plan(campaign);
    const [a, b, c, d, e] = await piecesOf(campaign);
    const data = production([
      [a, '投函済'],
      [b, '投函済'],
      [c, '損紙', '回収'],
      [d, '損紙', '損'],
      [e, '損紙', '紛失'],
    ]);
    expect(await recordVendorFile(app, { campaign, data })).toMatchObject({ posted: 2, spoiled: 3 });
    // Three spoiled pieces were reserved anew for their reprint.
    expect(await account(campaign)).toMatchObject({
      reserved: 9,
      posted: 2,
      back: 1,
      spoiled: 1,
      lost: 1,
      open: 4,
      onHand: 12,
      balanced: true,
    });
    expect(await heldOf(campaign)).toBe(8);
    const returns = formatCsv(
      [
        ['管理番号', '返戻日', '返戻理由', 'カード'],
        [a?.noticeNumber, '2026-12-01', '転居先不明', '回収'],
      ],
      {
        encoding: 'cp932',
        quoteAll: true,
      },
    );
    now = new Date('2026-12-01T03:00:00Z');
    expect(await recordReturns(app, { campaign, data: returns })).toMatchObject({ returned: 1, cardsBack: 1 });
    expect(await account(campaign)).toMatchObject({ posted: 1, back: 2, onHand: 13, balanced: true });
    // The posted card stays spent: a reissue is within the same cap for the same person.
    expect(await heldOf(campaign)).toBe(8);
  });

  it('allows a reissue after the card came back', async () => {
    const campaign = await aLetterCampaign(app, { people: 1, hasGift: true, needsConsent: false });
    await stock(campaign, 5);
    await plan(campaign);
    const [piece] = await piecesOf(campaign);
    await recordVendorFile(app, { campaign, data: production([[piece, 'posted']]) });
    const returns = formatCsv(
      [
        ['piece', 'date', 'reason', 'card'],
        [piece?.noticeNumber, '2026-12-01', 'MOVED', 'back'],
      ],
      { encoding: 'utf8' },
    );
    now = new Date('2026-12-01T03:00:00Z');
    await recordReturns(app, { campaign, data: returns });
    await transaction(app.pool, (tx) => placeIn(tx, campaign, 'gifts', campaign.refs));
    expect((await plan(campaign, 'gifts')).lotIds).toHaveLength(1);
    const cards = await listPersonGifts(app.pool, campaign.id, campaign.refs[0] ?? '');
    expect(cards.map((card) => card.state).sort()).toEqual(['back', 'reserved']);
    const facts = await app.pool.query(
      `select lines from journal.fact where campaign_id = $1 and kind like 'gifts.%' order by id`,
      [campaign.id],
    );
    expect(facts.rows.flatMap((row) => row.lines)).toEqual([
      { driver: 'gift.posted', attributes: { gift: 'quo500', recipient: 'person' }, count: 1 },
      { driver: 'gift.returned', attributes: { gift: 'quo500', recipient: 'person' }, count: 1 },
    ]);
  });
});

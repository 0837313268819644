import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { holdConsent, releaseConsent } from '../../src/campaign/consents/hold-consent.ts';
import { exportConsentEvents, listConsents, recordConsent } from '../../src/campaign/consents/record-consent.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { listPublications, recordPublication } from '../../src/campaign/publications/record-publication.ts';
import { listFacts } from '../../src/journal/store.ts';
import { open } from '../../src/platform/crypto/crypt.ts';
import { transaction } from '../../src/platform/postgres/db.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile } from '../support/campaign-file.ts';

const now = new Date('2026-11-20T00:00:00Z');
const app = useApp({ clock: () => now });
let campaign: Campaign;
let count = 0;

beforeEach(async () => {
  count += 1;
  campaign = await ensureCampaign(app, { dir: '/tmp/consents', file: aCampaignFile({ id: `consents-${count}` }) });
});

const cards = (quantity: number, more: object = {}) => ({
  campaignId: campaign.id,
  category: 'CONDOLENCE' as const,
  quantity,
  yen: quantity * 530,
  unitPriceYen: 530,
  at: now,
  ...more,
});
const hold = (quantity: number, more: object = {}) =>
  transaction(app.pool, (tx) => holdConsent(tx, cards(quantity, more)));
const grant = (more: object = {}) =>
  recordConsent(app, { campaign, category: 'CONDOLENCE', answer: 'granted', form: 'email', quantityCap: 100, ...more });

/** The counters, recomputed from the events. */
async function recomputed(consentId: string): Promise<{ quantity: number; yen: number }> {
  const sign: Record<string, number> = { held: 1, released: -1 };
  const events = (await exportConsentEvents(app.pool, campaign.id)).filter((event) => event.consentId === consentId);
  return events.reduce(
    (sum, { kind, quantity, yen }) => ({
      quantity: sum.quantity + quantity * (sign[kind] ?? 0),
      yen: sum.yen + yen * (sign[kind] ?? 0),
    }),
    { quantity: 0, yen: 0 },
  );
}

describe('a consent', () => {
  it('that was only asked for permits nothing', async () => {
    const asked = await recordConsent(app, { campaign, category: 'CONDOLENCE', answer: 'asked', quantityCap: 100 });
    expect(await hold(1)).toBeNull();
    await recordConsent(app, {
      campaign,
      category: 'CONDOLENCE',
      answer: 'granted',
      quantityCap: 100,
      consentId: asked.id,
    });
    expect(await hold(1)).toBe(asked.id);
    expect((await listConsents(app.pool, campaign.id)).map((one) => one.heldQuantity)).toEqual([1]);
  });

  it.each([
    ['denied', { answer: 'denied' }, {}],
    ['withdrawn', { answer: 'withdrawn' }, {}],
    ['of another category', { category: 'FORENSICS' }, {}],
    ['that ended yesterday', { day: '2026-11-18', validTo: '2026-11-19' }, {}],
    ['for another vendor', { vendor: '別の会社' }, { vendor: 'みほんギフト株式会社' }],
    ['for a vendor, asked without naming one', { vendor: 'みほんギフト株式会社' }, {}],
    ['with a lower unit price', { unitPriceCapYen: 500 }, {}],
    ['with a unit price, asked without one', { unitPriceCapYen: 600 }, { unitPriceYen: undefined }],
    ['with a smaller amount', { amountCapYen: 529 }, {}],
    ['of no piece', { quantityCap: 0 }, {}],
    ['by e-mail where the policy wants it in writing', {}, { mustBeWritten: true }],
  ])('%s holds nothing', async (_title, terms, request) => {
    await grant(terms);
    expect(await hold(1, request)).toBeNull();
  });

  it('holds on its last day, and the one that ends first is used first', async () => {
    await grant();
    const ending = await grant({ validTo: '2026-11-20', quantityCap: 2 });
    expect(await hold(2)).toBe(ending.id);
    expect(await hold(2)).not.toBe(ending.id);
  });

  it('keeps who answered and the conditions sealed', async () => {
    await grant({
      answer: 'granted_with_conditions',
      conditions: '鈴木様へは送らないこと',
      answeredBy: '損保 次郎',
      by: '青葉',
    });
    const facts = JSON.stringify(await listFacts(app.pool, campaign.id));
    const { rows } = await app.pool.query(
      'select e::text, c::text from campaign.consent_event e join campaign.consent c on c.id = e.consent_id',
    );
    for (const secret of ['鈴木', '損保', '青葉']) {
      expect(facts).not.toContain(secret);
      expect(JSON.stringify(rows)).not.toContain(secret);
    }
    const [event] = await exportConsentEvents(app.pool, campaign.id);
    const aad = `${campaign.id}|${event?.id}|conditions_sealed`;
    const conditions = open(app.keys.open(campaign.id).proof, aad, event?.conditionsSealed ?? Buffer.alloc(0));
    expect(conditions.toString('utf8')).toBe('鈴木様へは送らないこと');
  });

  it('cannot be cut below what is held', async () => {
    const { id } = await grant();
    await hold(50);
    const smaller = { campaign, category: 'CONDOLENCE' as const, answer: 'granted' as const, consentId: id };
    await expect(recordConsent(app, { ...smaller, quantityCap: 49 })).rejects.toMatchObject({ code: 'CONSENT_HELD' });
    await expect(recordConsent(app, { ...smaller, consentId: campaign.id })).rejects.toMatchObject({
      code: 'CONSENT_MISSING',
    });
    expect((await listConsents(app.pool, campaign.id))[0]?.quantityCap).toBe(100);
  });

  it('is given back with the transaction that fails, and by release', async () => {
    const { id } = await grant({ quantityCap: 10 });
    await expect(
      transaction(app.pool, async (tx) => {
        await holdConsent(tx, cards(10));
        throw new Error('the lot failed');
      }),
    ).rejects.toThrow('the lot failed');
    expect(await hold(10)).toBe(id);
    expect(await hold(1)).toBeNull();
    const release = (quantity: number) =>
      transaction(app.pool, (tx) =>
        releaseConsent(tx, { campaignId: campaign.id, consentId: id, quantity, yen: quantity * 530 }),
      );
    expect(await release(11)).toBe(false);
    expect(await release(4)).toBe(true);
    expect(await hold(4)).toBe(id);
    expect(await recomputed(id)).toEqual({ quantity: 10, yen: 5_300 });
  });
});

describe('lots racing for the last of a consent', () => {
  it('never hold more than the cap together, whatever their sizes (20 at once)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 20, maxLength: 20 }), async (sizes) => {
        count += 1;
        campaign = await ensureCampaign(app, {
          dir: '/tmp/consents',
          file: aCampaignFile({ id: `consents-${count}` }),
        });
        const { id } = await grant({ quantityCap: 30, amountCapYen: 40 * 530 });
        const answers = await Promise.all(sizes.map((size) => hold(size)));
        const given = sizes.filter((_, index) => answers[index] === id).reduce((sum, size) => sum + size, 0);
        const [after] = await listConsents(app.pool, campaign.id);
        expect(given).toBeLessThanOrEqual(30);
        expect(after).toMatchObject({ heldQuantity: given, heldYen: given * 530 });
        expect(await recomputed(id)).toEqual({ quantity: given, yen: given * 530 });
        const refused = sizes.filter((_, index) => answers[index] === null);
        for (const size of refused) expect(given + size).toBeGreaterThan(30 - 9);
        const held = (await listFacts(app.pool, campaign.id)).filter((fact) => fact.kind === 'consent.held');
        expect(held).toHaveLength(answers.filter((answer) => answer !== null).length);
      }),
      { numRuns: 8 },
    );
  });

  it('use a second consent when the first is full', async () => {
    const first = await grant({ quantityCap: 5, validTo: '2026-12-01' });
    const second = await grant({ quantityCap: 5 });
    const answers = await Promise.all([5, 5, 5].map((size) => hold(size)));
    expect(answers.sort()).toEqual([first.id, second.id, null].sort());
  });
});

describe('the day of a consent', () => {
  const days = async () =>
    (await exportConsentEvents(app.pool, campaign.id)).map(({ kind, happenedOn, at }) => [kind, happenedOn, at]);

  it('is kept apart from the instant at which it was entered', async () => {
    const asked = await grant({ answer: 'asked', day: '2026-11-13' });
    await grant({ consentId: asked.id, day: '2026-11-18' });
    expect(await days()).toEqual([
      ['asked', '2026-11-13', now],
      ['granted', '2026-11-18', now],
    ]);
    const facts = (await listFacts(app.pool, campaign.id)).filter(({ kind }) => kind === 'consent.answered');
    expect(facts[0]?.occurredAt).toEqual(new Date('2026-11-17T15:00:00Z'));
  });

  it('lies between its question and today, its end not before it', async () => {
    const asked = await grant({ answer: 'asked', day: '2026-11-13' });
    const refused = (more: object, rule: string) =>
      expect(grant({ consentId: asked.id, ...more })).rejects.toMatchObject({ key: `DAY_REFUSED.${rule}` });
    await refused({ day: '2026-11-12' }, 'before_cause');
    await refused({ day: '2026-11-21' }, 'future');
    await refused({ day: '2026-11-18', validTo: '2026-11-17' }, 'before_cause');
    await expect(grant({ day: '2026-11-11' })).rejects.toMatchObject({ key: 'DAY_REFUSED.before_campaign' });
    expect(await days()).toHaveLength(1);
  });
});

describe('a publication', () => {
  const first = {
    kind: 'first' as const,
    url: 'https://www.mihon-shoten.example/oshirase',
    documentSha256: 'a'.repeat(64),
    asOf: now,
  };

  it('speaks of no moment to come, and of none before the incident', async () => {
    const publish = (asOf: string) => recordPublication(app, { campaign, ...first, asOf: new Date(asOf) });
    await expect(publish('2026-11-20T00:01:00Z')).rejects.toMatchObject({ key: 'DAY_REFUSED.future' });
    await expect(publish('2026-11-11T00:00:00Z')).rejects.toMatchObject({ key: 'DAY_REFUSED.before_campaign' });
    expect(await listPublications(app.pool, campaign.id)).toEqual([]);
  });

  it('is one fact, however often it is recorded', async () => {
    expect(await recordPublication(app, { campaign, ...first })).toEqual({ isNew: true });
    expect(await recordPublication(app, { campaign, ...first })).toEqual({ isNew: false });
    expect(
      await recordPublication(app, { campaign, ...first, kind: 'follow_up', documentSha256: 'b'.repeat(64) }),
    ).toEqual({ isNew: true });
    expect((await listPublications(app.pool, campaign.id)).map((one) => one.kind)).toEqual(['first', 'follow_up']);
    expect(
      (await listFacts(app.pool, campaign.id)).filter((fact) => fact.kind === 'publication.recorded'),
    ).toHaveLength(2);
  });
});

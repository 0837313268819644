// The ledger on a real PostgreSQL: facts become entries once, whatever is repeated; invoices replace accruals; the chain holds.
import { describe, expect, it } from 'vitest';
import { recordConsent } from '../../src/campaign/consents/record-consent.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { adoptPolicy } from '../../src/campaign/policy/adopt-policy.ts';
import type { FactLine } from '../../src/journal/fact-line.ts';
import { recordFact } from '../../src/journal/record-fact.ts';
import { sealFacts } from '../../src/journal/seal-facts.ts';
import { newRef } from '../../src/kernel/ids.ts';
import { adoptRates } from '../../src/ledger/adopt-rates.ts';
import { computeClaim, forecastClaim } from '../../src/ledger/compute-claim.ts';
import { readInvoiceRows } from '../../src/ledger/invoice-file.ts';
import { exportEntries, listEntries } from '../../src/ledger/list-entries.ts';
import { listUnpriced } from '../../src/ledger/list-unpriced.ts';
import { postCharges } from '../../src/ledger/post-charges.ts';
import { rateCardSchema } from '../../src/ledger/rate-card.ts';
import { readPolicy, readRates } from '../../src/ledger/read-terms.ts';
import { recordInvoices } from '../../src/ledger/record-invoice.ts';
import {
  countChargedBlocks,
  insertChargedBlock,
  listRateVersionRows,
  listUnchargedBlocks,
} from '../../src/ledger/store.ts';
import { createPool, transaction } from '../../src/platform/postgres/db.ts';
import { useApp } from '../support/app.ts';
import { findBrokenEntry } from '../support/broken-entry.ts';
import { aCampaignFile } from '../support/campaign-file.ts';
import { invoiceRow as row } from '../support/invoice-row.ts';

const now = new Date('2026-12-01T03:00:00Z');
const app = useApp({ clock: () => now });
let count = 0;
const at = new Date('2026-11-21T03:00:00Z');

/** A campaign of its own: an id with keys and, because policies hang on it, a row. */
async function openCampaign(): Promise<string> {
  count += 1;
  return (await ensureCampaign(app, { dir: `/tmp/ledger-${count}`, file: aCampaignFile({ id: `ledger-${count}` }) }))
    .id;
}

async function post(campaign: string, ...lines: FactLine[]): Promise<void> {
  await transaction(app.pool, (tx) =>
    recordFact(tx, {
      campaignId: campaign,
      kind: 'letters.posted',
      occurredAt: at,
      lines,
      body: { postingId: newRef(), slipNumber: 'S-1', pieces: 1 },
    }),
  );
}

const letters = (count: number, barcode = true): FactLine => ({
  driver: 'letter.posted',
  attributes: { service: 'ordinary', barcode, weightClass: '50g' },
  count,
});

async function charge(campaign: string) {
  await sealFacts(app.pool, campaign);
  return await postCharges(app, { campaign });
}

describe('charges from facts', () => {
  it('post each billable line once, round once, and change nothing when repeated', async () => {
    const campaign = await openCampaign();
    await adoptRates(app, { campaign, card: await readRates('japan-post-2024-10') });
    for (const count of [1, 2, 37]) {
      await post(campaign, letters(count));
      await charge(campaign);
    }
    await charge(campaign);
    const ledger = await listEntries(app, { campaign });
    // 40 × 106.7 = 4,268 yen; three separate roundings would give 107 + 213 + 3,948.
    expect(ledger.total).toBe(4268);
    expect(ledger.entries.map((entry) => entry.grossYen)).toEqual([107, 213, 3948]);
    expect(findBrokenEntry(campaign, await exportEntries(app, campaign))).toBeNull();
  });

  it('by runs at the same time charge each block once', async () => {
    const campaign = await openCampaign();
    await adoptRates(app, { campaign, card: await readRates('japan-post-2024-10') });
    for (let index = 0; index < 5; index += 1) {
      await post(campaign, letters(10));
      await sealFacts(app.pool, campaign);
    }
    await Promise.all(Array.from({ length: 4 }, () => postCharges(app, { campaign })));
    expect((await listEntries(app, { campaign })).total).toBe(5335);
    expect(findBrokenEntry(campaign, await exportEntries(app, campaign))).toBeNull();
  });

  it('follow the order of the blocks: none is charged before the one ahead of it, so none can be left out', async () => {
    const campaign = await openCampaign();
    await adoptRates(app, { campaign, card: await readRates('japan-post-2024-10') });
    for (let index = 0; index < 3; index += 1) {
      await post(campaign, letters(10));
      await sealFacts(app.pool, campaign);
    }
    const rateVersionId = (await listRateVersionRows(app.pool, campaign))[0]?.id ?? '';
    const receive = (block: number) =>
      transaction(app.pool, (tx) =>
        insertChargedBlock(tx, { campaignId: campaign, block, rateVersionId, unpricedLines: 0 }),
      );
    expect(await receive(2)).toBe(false);
    expect((await listUnchargedBlocks(app.pool, campaign, rateVersionId)).map(({ block }) => block)).toContain(1);
    await postCharges(app, { campaign });
    expect(await listUnchargedBlocks(app.pool, campaign, rateVersionId)).toEqual([]);
    const { last, charged } = await countChargedBlocks(app.pool, campaign);
    expect(charged).toBe(last);
    expect(last).toBeGreaterThanOrEqual(3);
  });

  it('end at the same yen although the database cut them off again and again', async () => {
    const campaign = await openCampaign();
    await adoptRates(app, { campaign, card: await readRates('japan-post-2024-10') });
    for (let index = 0; index < 12; index += 1) {
      await post(campaign, letters(7), { driver: 'letter.printed', attributes: { sheets: 1 }, count: 7 });
      await sealFacts(app.pool, campaign);
    }
    const killer = createPool(app.databaseUrl, { max: 1 });
    for (let kill = 0; kill < 8; kill += 1) {
      const run = postCharges(app, { campaign }).catch(() => null);
      await new Promise((resolve) => setTimeout(resolve, 4 * kill));
      await killer.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
      await run;
    }
    await killer.end();
    // A pooled connection may not have noticed its end yet: the next statement meets it, and the run after it succeeds.
    for (let attempt = 0; attempt < 20; attempt += 1) {
      if ((await postCharges(app, { campaign }).catch(() => null)) !== null) break;
    }
    const { total, totals } = await listEntries(app, { campaign });
    // 84 letters: 8,962.8 yen of postage in whole yen, and 5,040 yen of printing with 504 yen of tax.
    expect(total).toBe(8963 + 5544);
    expect(totals.openAccrual).toBe(total);
    expect(findBrokenEntry(campaign, await exportEntries(app, campaign))).toBeNull();
  });

  it('say which lines no rate prices', async () => {
    const campaign = await openCampaign();
    const { free: _, ...card } = await readRates('japan-post-2024-10');
    await adoptRates(app, { campaign, card });
    await post(campaign, { driver: 'posting.made', attributes: {}, count: 1 }, letters(1, false));
    expect(await charge(campaign)).toMatchObject({ charges: 1, entries: 1, unpriced: 1 });
    await adoptRates(app, { campaign, card: { ...card, free: ['posting.made'] } });
    expect(await charge(campaign)).toMatchObject({ charges: 1, unpriced: 0 });
  });

  it('are adjusted when other rates are adopted, and the same rates again are no new version', async () => {
    const campaign = await openCampaign();
    const card = await readRates('japan-post-2024-10');
    await adoptRates(app, { campaign, card });
    await post(campaign, letters(100));
    await charge(campaign);
    expect((await adoptRates(app, { campaign, card })).isNew).toBe(false);
    const dearer = rateCardSchema.parse({
      ...card,
      id: 'dearer',
      rates: card.rates.map((rate) => (rate.id === 'post-ordinary-barcode' ? { ...rate, unitPrice: '110' } : rate)),
    });
    expect((await adoptRates(app, { campaign, card: dearer })).version.number).toBe(2);
    await charge(campaign);
    const { entries, total } = await listEntries(app, { campaign });
    expect(total).toBe(11_000);
    expect(entries.map((entry) => [entry.kind, entry.grossYen, entry.rateVersion])).toEqual([
      ['accrual', 10_670, 1],
      ['adjustment', 330, 2],
    ]);
  });

  it('cannot be edited or taken out', async () => {
    await expect(app.pool.query('update ledger.entry set gross_yen = 0')).rejects.toThrow('append-only');
    await expect(app.pool.query('delete from ledger.charge')).rejects.toThrow('append-only');
  });
});

describe('an invoice', () => {
  it('replaces the accrual of the units that it bills, in the same transaction, and only once', async () => {
    const campaign = await openCampaign();
    await adoptRates(app, { campaign, card: await readRates('japan-post-2024-10') });
    await post(campaign, letters(150));
    await charge(campaign);
    const { invoices, problems } = readInvoiceRows('bill.csv', [row()]);
    expect(problems).toEqual([]);
    expect(await recordInvoices(app, { campaign, invoices })).toMatchObject({ recorded: 1, unchanged: 0 });
    expect(await recordInvoices(app, { campaign, invoices })).toMatchObject({ recorded: 0, unchanged: 1 });
    const policy = await readPolicy('sample');
    await transaction(app.pool, (tx) => adoptPolicy(tx, { campaignId: campaign, policy, at }));
    expect((await computeClaim(app, { campaign })).total.payable).toBe(9700);
    // The 50 letters that are not billed yet: 5,335 yen, of which 485 are tax.
    expect((await forecastClaim(app, { campaign })).total).toMatchObject({ incurred: 16_005, payable: 9700 + 4850 });
    const { totals, entries } = await listEntries(app, { campaign });
    expect(totals).toMatchObject({ invoiced: 10_670, openAccrual: 5335, gross: 16_005 });
    expect(entries.find((entry) => entry.kind === 'reversal')).toMatchObject({ grossYen: -10_670, quantity: -100 });
    expect(findBrokenEntry(campaign, await exportEntries(app, campaign))).toBeNull();
  });

  it('with other content under the same number is refused', async () => {
    const campaign = await openCampaign();
    const first = readInvoiceRows('bill.csv', [row()]);
    await recordInvoices(app, { campaign, invoices: first.invoices });
    const changed = readInvoiceRows('bill.csv', [row({ description: 'something else' })]);
    await expect(recordInvoices(app, { campaign, invoices: changed.invoices })).rejects.toMatchObject({
      code: 'INVOICE_CHANGED',
    });
  });

  it('of a day in the future, or from before the incident, is refused with its line, and nothing is recorded', async () => {
    const campaign = await openCampaign();
    const rows = [
      row({ invoice_no: 'JP-1' }),
      row({ invoice_no: 'JP-2', service_date: '2036/11/21' }, 3),
      row({ invoice_no: 'JP-3', invoice_date: '2026/11/11' }, 4),
    ];
    const { invoices } = readInvoiceRows('bill.csv', rows);
    await expect(recordInvoices(app, { campaign, invoices })).rejects.toMatchObject({
      code: 'INVOICE_INVALID',
      params: {
        faults: [
          { params: { invoiceNo: 'JP-2', line: 1, fault: { word: 'error.DAY_REFUSED.future' } } },
          { params: { invoiceNo: 'JP-3', fault: { word: 'error.DAY_REFUSED.before_campaign' } } },
        ],
      },
    });
    const recorded = invoices.slice(0, 1);
    expect(await recordInvoices(app, { campaign, invoices: recorded })).toMatchObject({ recorded: 1 });
  });

  it('under a rate that no card has is refused with the nearest one, once there are rates at all', async () => {
    const campaign = await openCampaign();
    const billed = (invoice_no: string, rate: string) =>
      readInvoiceRows('bill.csv', [row({ invoice_no, rate })]).invoices;
    const typed = billed('JP-1', 'post-ordinary-barcod');
    const early = billed('JP-0', 'post-ordinary-barcod');
    expect(await recordInvoices(app, { campaign, invoices: early })).toMatchObject({ recorded: 1 });
    const card = await readRates('japan-post-2024-10');
    await adoptRates(app, { campaign, card });
    await expect(recordInvoices(app, { campaign, invoices: typed })).rejects.toMatchObject({
      code: 'INVOICE_INVALID',
      params: {
        faults: [
          { word: 'ledger.invoice.rate', params: { invoiceNo: 'JP-1', line: 1, near: 'post-ordinary-barcode' } },
        ],
      },
    });
    await adoptRates(app, {
      campaign,
      card: { ...card, rates: card.rates.filter(({ id }) => id !== 'post-ordinary-barcode') },
    });
    const corrected = billed('JP-1', 'post-ordinary-barcode');
    expect(await recordInvoices(app, { campaign, invoices: [...early, ...corrected] })).toMatchObject({
      recorded: 1,
      unchanged: 1,
    });
  });

  it('of a mail house is claimed by line: cards under their cap and consent, printing without', async () => {
    const campaign = await openCampaign();
    const policy = await readPolicy('sample');
    await transaction(app.pool, (tx) => adoptPolicy(tx, { campaignId: campaign, policy, at }));
    await post(campaign, { driver: 'gift.posted', attributes: { gift: 'quo', recipient: 'person' }, count: 100 });
    const { invoices, problems } = readInvoiceRows('bill.csv', [
      row({ vendor: '発送代行', invoice_no: 'M-1', rate: '', description: '印刷' }),
      row(
        {
          vendor: '発送代行',
          invoice_no: 'M-1',
          rate: '',
          category: 'CONDOLENCE',
          description: 'カード',
          net_yen: '53000',
          tax_percent: '0',
          tax_yen: '0',
          gross_yen: '53000',
          unit_price: '530',
        },
        3,
      ),
    ]);
    expect(problems).toEqual([]);
    await recordInvoices(app, { campaign, invoices });
    const claim = await computeClaim(app, { campaign });
    expect(claim.total).toEqual({ incurred: 63_670, eligible: 9700, payable: 9700, uncovered: 53_970 });
    expect(claim.categories.map((item) => [item.category, item.reasons])).toEqual([
      ['NOTIFY_PRINT_MAIL', [{ code: 'tax', yen: 970 }]],
      ['CONDOLENCE', [{ code: 'no_consent', yen: 53_000 }]],
    ]);
  });
});

describe('a gift to corporations', () => {
  it('is paid up to the cap for as many corporations as its bill states, with the insurer’s written consent', async () => {
    const campaign = await openCampaign();
    const policy = await readPolicy('sample');
    await transaction(app.pool, (tx) => adoptPolicy(tx, { campaignId: campaign, policy, at }));
    const { invoices, problems } = readInvoiceRows('bill.csv', [
      row({
        vendor: '見本百貨店',
        invoice_no: 'D-1',
        rate: '',
        category: 'CONDOLENCE_CORP',
        description: '取引先3社へのお詫びの品',
        quantity: '3',
        unit_price: '30000',
        net_yen: '90000',
        tax_percent: '0',
        tax_yen: '0',
        gross_yen: '90000',
      }),
    ]);
    expect(problems).toEqual([]);
    await recordInvoices(app, { campaign, invoices });
    expect((await computeClaim(app, { campaign })).categories[0]?.reasons).toEqual([
      { code: 'no_consent', yen: 90_000 },
    ]);
    const granted = { category: 'CONDOLENCE_CORP', answer: 'granted', form: 'written' } as const;
    await recordConsent(app, { campaign: { id: campaign }, ...granted, day: '2026-11-20' });
    expect((await computeClaim(app, { campaign })).total).toMatchObject({ payable: 90_000, uncovered: 0 });
  });
});

describe('what no rate prices', () => {
  it('is listed in words with its count, until a card prices it or calls it free', async () => {
    const campaign = await openCampaign();
    const { free: _, ...card } = await readRates('japan-post-2024-10');
    const misspelt = { ...card, rates: card.rates.filter((rate) => rate.driver !== 'letter.printed') };
    expect(await listUnpriced(app, campaign)).toEqual([]);
    await adoptRates(app, { campaign, card: misspelt });
    const printed: FactLine = { driver: 'letter.printed', attributes: { sheets: 2 }, count: 40 };
    await post(campaign, printed, letters(40));
    await post(campaign, { ...printed, count: 2 }, { driver: 'posting.made', attributes: {}, count: 1 });
    await charge(campaign);
    expect(await listUnpriced(app, campaign)).toEqual([
      { ...printed, count: 42, what: '印刷した手紙（枚数：2）', en: 'letters printed (sheets: 2)' },
      expect.objectContaining({ driver: 'posting.made', count: 1, en: 'postings (slips)' }),
    ]);
    await adoptRates(app, { campaign, card: { ...card, free: ['posting.made'] } });
    await charge(campaign);
    expect(await listUnpriced(app, campaign)).toEqual([]);
  });
});

describe('a file of invoices', () => {
  it('names every fault with its row', () => {
    const { problems } = readInvoiceRows('bill.csv', [
      row({ gross_yen: '1' }),
      row({ category: 'STAMPS', registration_no: '12' }, 3),
    ]);
    expect(problems.map((problem) => problem.line)).toEqual([2, 3, 3]);
  });
});

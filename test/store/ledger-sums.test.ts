// The ledger's counters against the charges and entries that they stand for, after random charging, other rates, invoices and
// adding up at the same time; and when somebody has tampered with them.
import { describe, expect, it } from 'vitest';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { rebuildCounters } from '../../src/desk/upkeep/add-up-counters.ts';
import { compareRooms } from '../../src/evidence/figures/compare-rooms.ts';
import type { FactLine } from '../../src/journal/fact-line.ts';
import { recordFact } from '../../src/journal/record-fact.ts';
import { sealFacts } from '../../src/journal/seal-facts.ts';
import { newRef } from '../../src/kernel/ids.ts';
import { adoptRates } from '../../src/ledger/adopt-rates.ts';
import { readInvoiceRows } from '../../src/ledger/invoice-file.ts';
import { exportEntries } from '../../src/ledger/list-entries.ts';
import { postCharges } from '../../src/ledger/post-charges.ts';
import { readRates } from '../../src/ledger/read-terms.ts';
import { recordInvoices } from '../../src/ledger/record-invoice.ts';
import { ledgerTallies, listSumDifferences, sumCharges, sumPosted } from '../../src/ledger/sum-store.ts';
import { readSnapshot, sql, transaction } from '../../src/platform/postgres/db.ts';
import { foldTally } from '../../src/platform/postgres/tally.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile } from '../support/campaign-file.ts';
import { invoiceRow } from '../support/invoice-row.ts';

const now = new Date('2026-12-01T03:00:00Z');
const app = useApp({ clock: () => now });
let count = 0;

async function openCampaign(): Promise<string> {
  count += 1;
  const file = aCampaignFile({ id: `sums-${count}` });
  return (await ensureCampaign(app, { dir: `/tmp/sums-${count}`, file })).id;
}

const lines = (below: (limit: number) => number): FactLine[] => [
  {
    driver: 'letter.posted',
    attributes: { service: 'ordinary', barcode: below(2) === 0, weightClass: '50g' },
    count: 1 + below(40),
  },
];

async function post(campaignId: string, below: (limit: number) => number): Promise<void> {
  await transaction(app.pool, (tx) =>
    recordFact(tx, {
      campaignId,
      kind: 'letters.posted',
      occurredAt: new Date('2026-11-21T03:00:00Z'),
      lines: lines(below),
      body: { postingId: newRef(), slipNumber: 'S-1', pieces: 1 },
    }),
  );
  await sealFacts(app.pool, campaignId);
}

/** A small generator of its own, so that a failure can be run again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The sums as they were taken before there were counters: from the rows. */
async function sumsOfRows(campaign: string) {
  const charges = await app.pool.query(sql`select rate_version_id as "rateVersionId", rate_id as "rateId",
      sum(quantity)::bigint as quantity, sum(exact_amount)::bigint as exact
    from ledger.charge where campaign_id = ${campaign} group by 1, 2`);
  const entries = (await exportEntries(app, campaign)).filter(({ kind }) => kind !== 'invoice');
  return {
    charges: charges.rows.map((each) => [each.rateVersionId, each.rateId, String(each.quantity), String(each.exact)]),
    grossYen: entries.reduce((sum, entry) => sum + entry.grossYen, 0n),
    exact: entries.reduce((sum, entry) => sum + (entry.exactAmount ?? 0n), 0n),
  };
}

const differences = (campaign: string) => readSnapshot(app.pool, (db) => listSumDifferences(db, campaign));
const fold = async (campaign: string) => {
  const folded = [];
  for (const tally of ledgerTallies) folded.push(await foldTally(app.pool, tally, campaign, 3));
  return folded;
};

describe('the sums of charges and of entries', () => {
  it.each([1, 2, 3])('are what the rows are after a random campaign (seed %i)', async (seed) => {
    const below = random(seed);
    const campaign = await openCampaign();
    await adoptRates(app, { campaign, card: await readRates('japan-post-2024-10') });
    const folds: boolean[] = [];
    for (let turn = 0; turn < 12; turn++) {
      await post(campaign, below);
      if (turn === 5) await adoptRates(app, { campaign, card: await readRates('seed1-2022') });
      if (turn === 8) await adoptRates(app, { campaign, card: await readRates('japan-post-2024-10') });
      const [, , folded] = await Promise.all([
        postCharges(app, { campaign }),
        postCharges(app, { campaign }),
        fold(campaign),
      ]);
      folds.push(...folded);
      if (below(3) === 0) {
        const row = invoiceRow({
          invoice_no: `JP-${turn}`,
          quantity: '10',
          net_yen: '970',
          tax_yen: '97',
          gross_yen: '1,067',
        });
        await recordInvoices(app, { campaign, invoices: readInvoiceRows('bill.csv', [row]).invoices });
      }
      expect(await differences(campaign)).toEqual([]);
    }
    expect(folds).toContain(true);
    const rows = await sumsOfRows(campaign);
    const charges = (await sumCharges(app.pool, campaign)).map((sum) => [
      sum.rateVersionId,
      sum.rateId,
      String(sum.quantity),
      String(sum.exact),
    ]);
    expect(charges.toSorted()).toEqual(rows.charges.toSorted());
    const posted = await sumPosted(app.pool, campaign);
    expect(posted.reduce((sum, each) => sum + each.money.gross, 0n)).toBe(rows.grossYen);
    expect(posted.reduce((sum, each) => sum + each.exact, 0n)).toBe(rows.exact);
  });

  it('are shown by reconcile with both figures when they were tampered with, and counted anew by a named person', async () => {
    const campaign = await openCampaign();
    await adoptRates(app, { campaign, card: await readRates('japan-post-2024-10') });
    await post(campaign, random(9));
    await postCharges(app, { campaign });
    const found = async () =>
      (await readSnapshot(app.pool, (db) => compareRooms(db, campaign))).differences.filter(({ what }) =>
        /charges|posted /.test(what),
      );
    expect(await found()).toEqual([]);
    await app.pool.query(sql`update ledger.charge_tally set quantity = quantity + 7 where campaign_id = ${campaign}`);
    await app.pool.query(sql`update ledger.entry_tally set gross_yen = 0 where campaign_id = ${campaign}`);
    expect((await found()).map(({ what, difference }) => [what.replace(/post-\S+/, 'RATE'), difference > 0])).toEqual([
      ['counter.charges RATE 1 quantity', true],
      ['counter.posted RATE NOTIFY_PRINT_MAIL accrual gross', false],
    ]);
    await rebuildCounters(app, { campaignId: campaign, by: '総務 花子' });
    expect(await found()).toEqual([]);
  });
});

/** Asks the rooms for the counts that `reconcile` compares: rows, events, facts, counters. Call it inside one read snapshot. */
import { contactVolume } from '../../contacts/contact-volume.ts';
import { listGiftAccounts } from '../../delivery/gifts/gift-store.ts';
import { listLotAccounts } from '../../delivery/letters/lot-store.ts';
import { listPostings } from '../../delivery/letters/vendor-store.ts';
import { countEvents } from '../../delivery/tally-store.ts';
import { listInvoices } from '../../ledger/compute-claim.ts';
import { listEntries } from '../../ledger/list-entries.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { sumDriverLines } from '../store.ts';
import { findImbalances } from '../verify/accounting.ts';
import { countAccounting } from './count-accounting.ts';
import { recount } from './count-source.ts';
import { proveCounters } from './prove-counters.ts';
import { type Reconciliation, reconcile } from './reconcile.ts';

export async function compareRooms(db: Db, campaignId: string): Promise<Reconciliation> {
  const app = { pool: db };
  const drivers: Record<string, number> = {};
  for (const { driver, count } of await sumDriverLines(db, campaignId))
    drivers[driver] = (drivers[driver] ?? 0) + count;
  const invoices = await listInvoices(app, campaignId);
  const { totals } = await listEntries(app, { campaign: campaignId });
  return reconcile({
    drivers,
    lots: await listLotAccounts(db, campaignId),
    postings: await listPostings(db, campaignId),
    gifts: await listGiftAccounts(db, campaignId),
    calls: (await contactVolume(db, campaignId)).total,
    equations: findImbalances(await countAccounting(db, campaignId, recount)),
    counters: await proveCounters(db, campaignId),
    events: await countEvents(db, campaignId),
    invoicedYen: {
      invoices: invoices.reduce(
        (sum, invoice) => sum + invoice.lines.reduce((part, line) => part + Number(line.grossYen), 0),
        0,
      ),
      ledger: totals.invoiced,
    },
  });
}

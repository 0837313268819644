/**
 * Records invoices: each line becomes an entry, and the accrual that it replaces is reversed in the same transaction. The same
 * invoice a second time changes nothing; another one under the same number is refused, because entries are never edited.
 */
import { campaignAftermath } from '../campaign/campaign-span.ts';
import type { EntryDraft } from '../journal/entry.ts';
import { recordFact } from '../journal/record-fact.ts';
import { AppError } from '../kernel/errors.ts';
import { newRef } from '../kernel/ids.ts';
import { nearestWord } from '../kernel/nearest-word.ts';
import { judgeDay, wordRefusal } from '../kernel/outside-day.ts';
import type { Wording } from '../kernel/wording.ts';
import type { App } from '../platform/app.ts';
import { type Tx, transaction } from '../platform/postgres/db.ts';
import { hashInvoice, type Invoice, totalInvoice } from './invoice-file.ts';
import { findInvoiceSha256, insertInvoice, insertMatches, listSettlements } from './invoice-store.ts';
import { matchInvoiceLine } from './match-invoice.ts';
import { appendEntries, settleStatements } from './post-charges.ts';
import type { Settlement } from './statement.ts';
import { listRateVersionRows, lockLedger } from './store.ts';
import { sumCharges } from './sum-store.ts';

export type RecordedInvoices = {
  readonly invoices: readonly {
    readonly vendor: string;
    readonly invoiceNo: string;
    readonly isNew: boolean;
    readonly grossYen: number;
  }[];
  readonly recorded: number;
  readonly unchanged: number;
};

/**
 * Records the invoices in order, each in a transaction of its own. Throws INVOICE_CHANGED when a vendor's number is already recorded
 * with other content, and INVOICE_INVALID (then none is recorded) for a day in the future or before the incident was known, or a rate that no
 * card of the campaign has. `actorId` is who loaded them.
 */
export async function recordInvoices(
  app: Pick<App, 'pool' | 'keys' | 'files' | 'clock'>,
  { campaign, invoices, actorId }: { campaign: string; invoices: readonly Invoice[]; actorId?: string | null },
): Promise<RecordedInvoices> {
  await assertFit(app, campaign, invoices);
  const done = [];
  for (const invoice of invoices) {
    const isNew = await recordInvoice(app, { campaign, invoice, actorId: actorId ?? null });
    const { grossYen } = totalInvoice(invoice);
    done.push({ vendor: invoice.vendor, invoiceNo: invoice.invoiceNo, isNew, grossYen });
  }
  const recorded = done.filter((item) => item.isNew).length;
  return { invoices: done, recorded, unchanged: done.length - recorded };
}

/** Only of invoices that are new: what is on record stays loadable. */
async function assertFit(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  campaign: string,
  invoices: readonly Invoice[],
): Promise<void> {
  const bounds = { now: app.clock(), campaign: await campaignAftermath(app, campaign) };
  const versions = await listRateVersionRows(app.pool, campaign);
  const rateIds = versions.flatMap(({ card }) => card.rates.map(({ id }) => id));
  const faults: Wording[] = [];
  for (const invoice of invoices) {
    const { vendor, invoiceNo, invoiceDate, lines } = invoice;
    if (await isRecorded(app.pool, campaign, invoice, hashInvoice(invoice))) continue;
    for (const [index, text] of [invoiceDate, ...lines.map((line) => line.serviceDate)].entries()) {
      const verdict = judgeDay(text, bounds);
      if (verdict.kind === 'day') continue;
      const params = { vendor, invoiceNo, line: index, fault: wordRefusal(text, verdict) };
      faults.push({ word: index === 0 ? 'ledger.invoice.date' : 'ledger.invoice.serviceDate', params });
    }
    // A recorded line is never edited: one that replaces nothing would count beside its accrual for ever.
    if (versions.length > 0) faults.push(...findUnknownRates(invoice, rateIds));
  }
  if (faults.length > 0) throw new AppError('INVOICE_INVALID', { faults });
}

function findUnknownRates({ vendor, invoiceNo, lines }: Invoice, known: readonly string[]): Wording[] {
  return lines.flatMap(({ rate }, index): Wording[] => {
    if (rate === undefined || known.includes(rate)) return [];
    const near = nearestWord(rate, known) ?? [...new Set(known)].join(', ');
    return [{ word: 'ledger.invoice.rate', params: { vendor, invoiceNo, line: index + 1, rate, near } }];
  });
}

async function recordInvoice(
  app: Pick<App, 'pool' | 'keys' | 'files' | 'clock'>,
  { campaign, invoice, actorId }: { campaign: string; invoice: Invoice; actorId: string | null },
): Promise<boolean> {
  const sha256 = hashInvoice(invoice);
  if (await isRecorded(app.pool, campaign, invoice, sha256)) return false;
  const content = Buffer.from(JSON.stringify(invoice, null, 2), 'utf8');
  const { id: fileId } = await app.files.put(app.keys.open(campaign).documents, [content]);
  return await transaction(app.pool, async (tx) => {
    await lockLedger(tx, campaign);
    if (await isRecorded(tx, campaign, invoice, sha256)) return false;
    const recordedAt = app.clock();
    const id = newRef();
    const totals = totalInvoice(invoice);
    const factId = await recordFact(tx, {
      campaignId: campaign,
      kind: 'invoice.recorded',
      occurredAt: recordedAt,
      actorId,
      body: {
        invoiceId: id,
        invoiceSha256: sha256,
        invoiceDate: invoice.invoiceDate,
        lines: invoice.lines.length,
        ...totals,
      },
    });
    await insertInvoice(tx, { id, campaignId: campaign, sha256, fileId, recordedAt, factId, totals }, invoice);
    await appendEntries(
      tx,
      campaign,
      invoice.lines.map((_, index) => invoiceEntry(invoice, id, index, Number(factId))),
      recordedAt,
    );
    await settleLines(tx, campaign, invoice, id, recordedAt);
    return true;
  });
}

async function isRecorded(
  db: Parameters<typeof findInvoiceSha256>[0],
  campaign: string,
  invoice: Invoice,
  sha256: string,
): Promise<boolean> {
  const known = await findInvoiceSha256(db, campaign, invoice.vendor, invoice.invoiceNo);
  if (known === null || known === sha256) return known !== null;
  throw new AppError('INVOICE_CHANGED', { invoiceNo: invoice.invoiceNo, vendor: invoice.vendor });
}

function invoiceEntry(invoice: Invoice, invoiceId: string, index: number, factId: number): EntryDraft {
  const line = invoice.lines[index];
  if (!line) throw new RangeError(`invoice ${invoice.invoiceNo} has no line ${index + 1}`);
  return {
    kind: 'invoice',
    category: line.category,
    vendor: invoice.vendor,
    description: line.description,
    driver: line.driver ?? null,
    rateVersionId: null,
    rateId: null,
    block: null,
    invoiceId,
    invoiceLineNo: index + 1,
    factId,
    serviceDate: line.serviceDate,
    quantity: line.quantity === undefined ? null : BigInt(line.quantity),
    unitPrice: line.unitPrice ?? null,
    exactAmount: null,
    netYen: BigInt(line.netYen),
    taxYen: BigInt(line.taxYen),
    grossYen: BigInt(line.grossYen),
  };
}

/** Matches line by line, so that the second line of a bill sees what the first has settled. */
async function settleLines(tx: Tx, campaign: string, invoice: Invoice, invoiceId: string, at: Date): Promise<void> {
  const versions = await listRateVersionRows(tx, campaign);
  const charges = await sumCharges(tx, campaign);
  const settlements: Settlement[] = await listSettlements(tx, campaign);
  for (const [index, line] of invoice.lines.entries()) {
    const lineNo = index + 1;
    const matches = matchInvoiceLine(line, versions, charges, settlements);
    if (matches.length === 0) continue;
    await insertMatches(tx, { campaignId: campaign, invoiceId, lineNo }, matches);
    settlements.push(...matches);
    const origin = { kind: 'accrual' as const, block: null, invoiceId, invoiceLineNo: lineNo, at, postedAt: at };
    await settleStatements(tx, campaign, origin);
  }
}

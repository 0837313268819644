/** SQL of invoices, their lines, and which accruals each line settles. */
import { z } from 'zod';
import { costCategorySchema } from '../campaign/policy/policy-terms.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import { big, type Db, day, execute, instant, maybeRow, rows, sql, type Tx } from '../platform/postgres/db.ts';
import type { Invoice } from './invoice-file.ts';
import type { Match } from './match-invoice.ts';
import type { Settlement } from './statement.ts';

export type InvoiceHead = {
  readonly id: string;
  readonly campaignId: string;
  readonly sha256: string;
  readonly fileId: string;
  readonly recordedAt: Date;
  readonly factId: string;
  readonly totals: { readonly netYen: number; readonly taxYen: number; readonly grossYen: number };
};

/** The hash of the recorded invoice of that vendor and number, or null. */
export async function findInvoiceSha256(
  db: Db,
  campaignId: string,
  vendor: string,
  invoiceNo: string,
): Promise<string | null> {
  const found = await maybeRow(
    db,
    z.object({ sha256: z.string() }),
    sql`select sha256 from ledger.invoice where campaign_id = ${campaignId} and vendor = ${vendor} and invoice_no = ${invoiceNo}`,
  );
  return found?.sha256 ?? null;
}

export async function insertInvoice(tx: Tx, head: InvoiceHead, invoice: Invoice): Promise<void> {
  await execute(
    tx,
    sql`insert into ledger.invoice (id, campaign_id, vendor, invoice_no, registration_no, invoice_date, net_yen, tax_yen,
          gross_yen, sha256, file_id, recorded_at, fact_id)
        values (${head.id}, ${head.campaignId}, ${invoice.vendor}, ${invoice.invoiceNo}, ${invoice.registrationNo ?? null},
          ${invoice.invoiceDate}, ${head.totals.netYen}, ${head.totals.taxYen}, ${head.totals.grossYen}, ${head.sha256},
          ${head.fileId}, ${head.recordedAt}, ${head.factId})`,
  );
  const lines = invoice.lines.map((line, index) => ({
    invoice_id: head.id,
    line_no: index + 1,
    service_date: line.serviceDate,
    category: line.category,
    description: line.description,
    driver: line.driver ?? null,
    rate_id: line.rate ?? null,
    quantity: line.quantity ?? null,
    unit: line.unit,
    unit_price: line.unitPrice ?? null,
    net_yen: line.netYen,
    tax_percent: line.taxPercent,
    tax_yen: line.taxYen,
    gross_yen: line.grossYen,
    is_fee: line.fee,
  }));
  await execute(
    tx,
    sql`insert into ledger.invoice_line
        select * from jsonb_populate_recordset(null::ledger.invoice_line, ${canonicalJson(lines)}::jsonb)`,
  );
}

export async function insertMatches(
  tx: Tx,
  place: { campaignId: string; invoiceId: string; lineNo: number },
  matches: readonly Match[],
): Promise<void> {
  if (matches.length === 0) return;
  await execute(
    tx,
    sql`insert into ledger.match (campaign_id, invoice_id, line_no, rate_id, quantity)
        select ${place.campaignId}, ${place.invoiceId}, ${place.lineNo}, r, q
        from unnest(${matches.map((match) => match.rateId)}::text[],
          ${matches.map((match) => (match.quantity === null ? null : String(match.quantity)))}::bigint[]) as u(r, q)`,
  );
}

/** What invoices ask to settle, by rate. */
export async function listSettlements(db: Db, campaignId: string): Promise<Settlement[]> {
  const schema = z.object({ rate_id: z.string(), quantity: big.nullable() });
  const found = await rows(
    db,
    schema,
    sql`select rate_id, quantity from ledger.match where campaign_id = ${campaignId} order by invoice_id, line_no, rate_id`,
  );
  return found.map((item) => ({ rateId: item.rate_id, quantity: item.quantity }));
}

const invoiceRow = z
  .object({
    id: z.string(),
    vendor: z.string(),
    invoice_no: z.string(),
    registration_no: z.string().nullable(),
    invoice_date: day,
    net_yen: big,
    tax_yen: big,
    gross_yen: big,
    sha256: z.string(),
    file_id: z.string(),
    recorded_at: instant,
  })
  .transform((found) => ({
    id: found.id,
    vendor: found.vendor,
    invoiceNo: found.invoice_no,
    registrationNo: found.registration_no,
    invoiceDate: found.invoice_date,
    netYen: Number(found.net_yen),
    taxYen: Number(found.tax_yen),
    grossYen: Number(found.gross_yen),
    sha256: found.sha256,
    fileId: found.file_id,
    recordedAt: found.recorded_at,
  }));
export type RecordedInvoice = z.output<typeof invoiceRow>;

/** Recorded invoices, by their date and number. */
export async function listInvoiceRows(db: Db, campaignId: string): Promise<RecordedInvoice[]> {
  return await rows(
    db,
    invoiceRow,
    sql`select * from ledger.invoice where campaign_id = ${campaignId} order by invoice_date, vendor, invoice_no`,
  );
}

const lineRow = z
  .object({
    invoice_id: z.string(),
    line_no: z.number().int(),
    vendor: z.string(),
    invoice_no: z.string(),
    service_date: day,
    category: costCategorySchema,
    description: z.string(),
    driver: z.string().nullable(),
    rate_id: z.string().nullable(),
    quantity: big.nullable(),
    unit: z.string(),
    unit_price: z.string().nullable(),
    net_yen: big,
    tax_percent: z.number().int(),
    tax_yen: big,
    gross_yen: big,
    is_fee: z.boolean(),
  })
  .transform((found) => ({
    invoiceId: found.invoice_id,
    lineNo: found.line_no,
    vendor: found.vendor,
    invoiceNo: found.invoice_no,
    serviceDate: found.service_date,
    category: found.category,
    description: found.description,
    driver: found.driver,
    rateId: found.rate_id,
    quantity: found.quantity,
    unit: found.unit,
    unitPrice: found.unit_price,
    netYen: found.net_yen,
    taxPercent: found.tax_percent,
    taxYen: found.tax_yen,
    grossYen: found.gross_yen,
    isFee: found.is_fee,
  }));
export type RecordedInvoiceLine = z.output<typeof lineRow>;

/** Lines of all recorded invoices in the order of their service; the order in which consents are used up. */
export async function listInvoiceLineRows(db: Db, campaignId: string): Promise<RecordedInvoiceLine[]> {
  return await rows(
    db,
    lineRow,
    sql`select l.*, i.vendor, i.invoice_no from ledger.invoice_line l join ledger.invoice i on i.id = l.invoice_id
        where i.campaign_id = ${campaignId} order by l.service_date, i.invoice_date, i.vendor, i.invoice_no, l.line_no`,
  );
}

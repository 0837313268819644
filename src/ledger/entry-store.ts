/** SQL of the chained entries: append, and read in order. */
import { z } from 'zod';
import { costCategorySchema } from '../campaign/policy/policy-terms.ts';
import { type Entry, type EntryHead, entryKinds } from '../journal/entry.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import { big, type Db, day, execute, instant, int8, maybeRow, rows, sql, type Tx } from '../platform/postgres/db.ts';

/** The newest entry's place, or null in an empty ledger. */
export async function findEntryHead(db: Db, campaignId: string): Promise<EntryHead | null> {
  return await maybeRow(
    db,
    z.object({ sequence: z.number().int(), hash: z.string() }),
    sql`select sequence, hash from ledger.entry where campaign_id = ${campaignId} order by sequence desc limit 1`,
  );
}

export async function insertEntries(tx: Tx, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  const values = entries.map((entry) => ({
    id: entry.id,
    campaign_id: entry.campaignId,
    sequence: entry.sequence,
    kind: entry.kind,
    category: entry.category,
    vendor: entry.vendor,
    description: entry.description,
    driver: entry.driver,
    rate_version_id: entry.rateVersionId,
    rate_id: entry.rateId,
    block: entry.block,
    invoice_id: entry.invoiceId,
    invoice_line_no: entry.invoiceLineNo,
    fact_id: entry.factId,
    service_date: entry.serviceDate,
    quantity: entry.quantity,
    unit_price: entry.unitPrice,
    exact_amount: entry.exactAmount,
    net_yen: entry.netYen,
    tax_yen: entry.taxYen,
    gross_yen: entry.grossYen,
    posted_at: entry.postedAt,
    previous_hash: entry.previousHash,
    hash: entry.hash,
  }));
  await execute(
    tx,
    sql`insert into ledger.entry select * from jsonb_populate_recordset(null::ledger.entry, ${canonicalJson(values)}::jsonb)`,
  );
}

const entryRow = z
  .object({
    id: z.string(),
    campaign_id: z.string(),
    sequence: z.number().int(),
    kind: z.enum(entryKinds),
    category: costCategorySchema,
    vendor: z.string(),
    description: z.string(),
    driver: z.string().nullable(),
    rate_version_id: z.string().nullable(),
    rate_id: z.string().nullable(),
    block: z.number().int().nullable(),
    invoice_id: z.string().nullable(),
    invoice_line_no: z.number().int().nullable(),
    fact_id: int8.nullable(),
    service_date: day,
    quantity: big.nullable(),
    unit_price: z.string().nullable(),
    exact_amount: big.nullable(),
    net_yen: big,
    tax_yen: big,
    gross_yen: big,
    posted_at: instant,
    previous_hash: z.string(),
    hash: z.string(),
  })
  .transform(
    (found): Entry => ({
      id: found.id,
      campaignId: found.campaign_id,
      sequence: found.sequence,
      kind: found.kind,
      category: found.category,
      vendor: found.vendor,
      description: found.description,
      driver: found.driver,
      rateVersionId: found.rate_version_id,
      rateId: found.rate_id,
      block: found.block,
      invoiceId: found.invoice_id,
      invoiceLineNo: found.invoice_line_no,
      factId: found.fact_id,
      serviceDate: found.service_date,
      quantity: found.quantity,
      unitPrice: found.unit_price,
      exactAmount: found.exact_amount,
      netYen: found.net_yen,
      taxYen: found.tax_yen,
      grossYen: found.gross_yen,
      postedAt: found.posted_at,
      previousHash: found.previous_hash,
      hash: found.hash,
    }),
  );

/** Every entry in the order of its chain. */
export async function listEntryRows(db: Db, campaignId: string): Promise<Entry[]> {
  return await rows(db, entryRow, sql`select * from ledger.entry where campaign_id = ${campaignId} order by sequence`);
}

/** Invoices as operations take and answer them. Yen are whole. */
import { z } from 'zod';
import { costCategories } from '../../kernel/cost-category.ts';
import { type InvoiceColumn, invoiceColumns } from '../../ledger/invoice-file.ts';
import type { RecordedInvoices } from '../../ledger/record-invoice.ts';
import { count, sha256 } from './operation-field.ts';

export const columns = Object.keys(invoiceColumns) as InvoiceColumn[];

export const isColumn = (field: string): field is InvoiceColumn => Object.hasOwn(invoiceColumns, field);

const cell = z.string().optional();
type Cell = Exclude<InvoiceColumn, 'fee'>;

/** One line of an invoice as a person types it: numbers may carry separators, days slashes. */
export const typedLine = {
  ...(Object.fromEntries(columns.map((column) => [column, cell])) as Record<Cell, typeof cell>),
  /** The issuing fee of a gift card. */
  fee: z.boolean().default(false),
};

const yen = { netYen: count, taxYen: count, grossYen: count };

export const recordedInvoices = z.strictObject({
  invoices: z.array(z.strictObject({ vendor: z.string(), invoiceNo: z.string(), isNew: z.boolean(), grossYen: count })),
  recorded: count,
  unchanged: count,
}) satisfies z.ZodType<RecordedInvoices>;

export const invoiceFields = z.strictObject({
  id: z.uuid(),
  vendor: z.string(),
  invoiceNo: z.string(),
  registrationNo: z.string().nullable(),
  invoiceDate: z.iso.date(),
  ...yen,
  sha256,
  recordedAt: z.iso.datetime(),
  lines: z.array(
    z.strictObject({
      invoiceId: z.uuid(),
      lineNo: count,
      vendor: z.string(),
      invoiceNo: z.string(),
      serviceDate: z.iso.date(),
      category: z.enum(costCategories),
      description: z.string(),
      driver: z.string().nullable(),
      rateId: z.string().nullable(),
      quantity: count.nullable(),
      unit: z.string(),
      unitPrice: z.string().nullable(),
      ...yen,
      taxPercent: count,
      isFee: z.boolean(),
    }),
  ),
});

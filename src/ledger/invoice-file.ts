/**
 * Invoices as files: YAML, or one CSV row per line of an invoice. Decides whether each line adds up and where it belongs; a
 * mail house's bill is split by line, because cards and printing are different categories of the policy.
 */
import { z } from 'zod';
import { costCategorySchema } from '../campaign/policy/policy-terms.ts';
import { driverSchema } from '../journal/driver.ts';
import { hashJson } from '../kernel/canonical.ts';
import type { WordedProblem } from '../kernel/problem.ts';
import { readYaml } from '../platform/formats/yaml.ts';
import { issueRemedy } from '../platform/formats/yaml-remedy.ts';

const yen = z.int();
const day = z.iso.date();

const invoiceLineSchema = z
  .strictObject({
    serviceDate: day,
    category: costCategorySchema,
    description: z.string().min(1),
    /** What was counted (letter.posted …): the line then replaces the accrual of that driver. */
    driver: driverSchema.optional(),
    /** The rate's id, when the driver has several rates. */
    rate: z.string().optional(),
    /** Absent: a lump sum; with a driver or rate it replaces the whole accrual. */
    quantity: z.int().optional(),
    unit: z.string().default(''),
    unitPrice: z
      .string()
      .regex(/^-?\d{1,9}(\.\d{1,4})?$/, 'want.price')
      .optional(),
    netYen: yen,
    taxPercent: z.int().min(0).max(30),
    taxYen: yen,
    grossYen: yen,
    /** The issuing fee of a gift card. */
    fee: z.boolean().default(false),
  })
  .refine((line) => line.netYen + line.taxYen === line.grossYen, 'invoice.fault.sum')
  .refine((line) => line.taxPercent > 0 || line.taxYen === 0, 'invoice.fault.tax');

const invoiceSchema = z.strictObject({
  vendor: z.string().min(1),
  invoiceNo: z.string().min(1),
  /** 適格請求書発行事業者の登録番号. Absent: no qualified invoice, so no input-tax credit. */
  registrationNo: z
    .string()
    .regex(/^T\d{13}$/, 'want.registrationNo')
    .optional(),
  invoiceDate: day,
  lines: z.array(invoiceLineSchema).min(1),
});

const invoiceFileSchema = z.strictObject({ invoices: z.array(invoiceSchema).min(1) });

export type Invoice = z.output<typeof invoiceSchema>;
export type InvoiceLine = Invoice['lines'][number];

/** SHA-256 of what the invoice says: the same invoice in another file format is the same invoice. */
export function hashInvoice(invoice: Invoice): string {
  return hashJson(invoice);
}

export function totalInvoice(invoice: Invoice): { netYen: number; taxYen: number; grossYen: number } {
  const sum = (key: 'netYen' | 'taxYen' | 'grossYen') => invoice.lines.reduce((total, line) => total + line[key], 0);
  return { netYen: sum('netYen'), taxYen: sum('taxYen'), grossYen: sum('grossYen') };
}

/** Reads a YAML file of invoices; every fault with its line. */
export function readInvoiceYaml(file: string, text: string): { invoices: Invoice[]; problems: WordedProblem[] } {
  const { value, problems } = readYaml(file, text, invoiceFileSchema);
  return { invoices: value?.invoices ?? [], problems: [...problems, ...findDoubles(file, value?.invoices ?? [])] };
}

/** CSV headers, English and Japanese, by field. One row per line; rows of one vendor and number make one invoice. */
export const invoiceColumns = {
  vendor: ['vendor', '取引先'],
  invoiceNo: ['invoice_no', '請求書番号'],
  registrationNo: ['registration_no', '登録番号'],
  invoiceDate: ['invoice_date', '請求日'],
  serviceDate: ['service_date', '役務提供日'],
  category: ['category', '費用区分'],
  description: ['description', '摘要'],
  driver: ['driver', '計上単位'],
  rate: ['rate', '単価id'],
  quantity: ['quantity', '数量'],
  unit: ['unit', '単位'],
  unitPrice: ['unit_price', '単価'],
  netYen: ['net_yen', '税抜金額'],
  taxPercent: ['tax_percent', '税率'],
  taxYen: ['tax_yen', '消費税額'],
  grossYen: ['gross_yen', '税込金額'],
  fee: ['fee', '発行手数料'],
} as const;
export type InvoiceColumn = keyof typeof invoiceColumns;

/** Words of the fee column in their plain form, the ones to show first; any other is a fault, because the claim depends on it. */
export const feeWords = {
  yes: ['はい', 'あり', '有', '有り', '要', '○', '〇', '◯', 'yes', 'y', 'true', '1'],
  no: ['いいえ', 'なし', '無', '無し', '不要', 'no', 'n', 'false', '0'],
} as const;

/** A row of the CSV by header, with its line in the file. */
export type InvoiceRow = { readonly line: number; readonly cells: Readonly<Record<string, string>> };

/** Turns CSV rows into invoices. Numbers may carry separators and ¥; every fault names its row. */
export function readInvoiceRows(
  file: string,
  rows: readonly InvoiceRow[],
): { invoices: Invoice[]; problems: WordedProblem[] } {
  const problems: WordedProblem[] = [];
  const invoices = new Map<string, Invoice>();
  for (const row of rows) {
    const cell = (column: InvoiceColumn) =>
      invoiceColumns[column].map((name) => row.cells[name]?.trim() ?? '').find((text) => text !== '') ?? '';
    const draft = toDraft(cell);
    const parsed = invoiceSchema.safeParse(draft);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        const path = String(issue.path.findLast((key) => typeof key === 'string' && key !== 'lines') ?? '');
        const message = path === 'fee' ? feeRemedy(cell('fee')) : issueRemedy(issue, draft);
        problems.push({ file, line: row.line, path, message });
      }
      continue;
    }
    const key = JSON.stringify([parsed.data.vendor, parsed.data.invoiceNo]);
    const known = invoices.get(key);
    if (!known) invoices.set(key, parsed.data);
    else if (known.invoiceDate !== parsed.data.invoiceDate || known.registrationNo !== parsed.data.registrationNo) {
      problems.push({
        file,
        line: row.line,
        path: 'invoiceNo',
        message: { word: 'invoice.fault.differs', params: { invoiceNo: known.invoiceNo } },
      });
    } else invoices.set(key, { ...known, lines: [...known.lines, ...parsed.data.lines] });
  }
  if (rows.length === 0) problems.push({ file, line: 0, path: '', message: { word: 'invoice.fault.empty' } });
  return { invoices: [...invoices.values()], problems };
}

function toDraft(cell: (column: InvoiceColumn) => string): unknown {
  const optional = (column: InvoiceColumn) => (cell(column) === '' ? {} : { [column]: cell(column) });
  const number = (column: InvoiceColumn) => {
    const text = plainNumber(cell(column));
    return /^-?\d+$/.test(text) ? Number(text) : cell(column);
  };
  return {
    vendor: cell('vendor'),
    invoiceNo: cell('invoiceNo'),
    ...optional('registrationNo'),
    invoiceDate: toIsoDay(cell('invoiceDate')),
    lines: [
      {
        serviceDate: toIsoDay(cell('serviceDate')),
        category: cell('category'),
        description: cell('description'),
        ...optional('driver'),
        ...optional('rate'),
        ...(cell('quantity') === '' ? {} : { quantity: number('quantity') }),
        unit: cell('unit'),
        ...(cell('unitPrice') === '' ? {} : { unitPrice: plainNumber(cell('unitPrice')) }),
        netYen: number('netYen'),
        taxPercent: number('taxPercent'),
        taxYen: number('taxYen'),
        grossYen: number('grossYen'),
        fee: readFee(cell('fee')),
      },
    ],
  };
}

/** Null: a word that says neither. */
function readFee(text: string): boolean | null {
  const plain = text.normalize('NFKC').trim().toLowerCase();
  const says = (words: readonly string[]) => words.includes(plain);
  if (plain === '' || says(feeWords.no)) return false;
  return says(feeWords.yes) ? true : null;
}

function feeRemedy(value: string): WordedProblem['message'] {
  const params = { value, yes: feeWords.yes.join(', '), no: feeWords.no.join(', ') };
  return { word: 'invoice.fault.fee', params };
}

/** Without what people write around a figure, in either width; the yen sign of a CP932 file arrives as a backslash. */
const plainNumber = (text: string) => text.normalize('NFKC').replace(/[,¥\\%\s]/g, '');

/** `2026/11/5` and `2026-11-05` are the same day; anything else is left for the schema to refuse. */
function toIsoDay(text: string): string {
  const match = /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})$/.exec(text);
  return match ? `${match[1]}-${match[2]?.padStart(2, '0')}-${match[3]?.padStart(2, '0')}` : text;
}

function findDoubles(file: string, invoices: readonly Invoice[]): WordedProblem[] {
  const seen = new Set<string>();
  return invoices.flatMap((invoice, index) => {
    const key = JSON.stringify([invoice.vendor, invoice.invoiceNo]);
    const isDouble = seen.has(key);
    seen.add(key);
    const { invoiceNo, vendor } = invoice;
    const message = { word: 'invoice.fault.twice', params: { invoiceNo, vendor } };
    return isDouble ? [{ file, line: 0, path: `invoices.${index}.invoiceNo`, message }] : [];
  });
}

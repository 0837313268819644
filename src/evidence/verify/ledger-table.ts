/** The ledger as a table and back: the columns hold everything an entry's hash covers, so that `verify` can hash it again. */
import { z } from 'zod';
import { type Entry, entryKinds, genesisEntryHash, hashEntry } from '../../journal/entry.ts';
import { costCategories } from '../../kernel/cost-category.ts';
import type { Wording } from '../../kernel/wording.ts';
import { type Column, restore, type TableRow } from './table.ts';

export const ledgerColumns: readonly Column[] = [
  { key: 'sequence', ja: '番号', en: 'No.', kind: 'integer', width: 8 },
  { key: 'posted_at', ja: '計上日時', en: 'Posted at', kind: 'instant' },
  { key: 'kind', ja: '種別', en: 'Kind', kind: 'text', width: 12 },
  { key: 'category', ja: '費目', en: 'Category', kind: 'text' },
  { key: 'vendor', ja: '業者', en: 'Vendor', kind: 'text' },
  { key: 'description', ja: '内容', en: 'Description', kind: 'text', width: 36 },
  { key: 'driver', ja: '単価の対象', en: 'Driver', kind: 'text' },
  { key: 'service_date', ja: '役務提供日', en: 'Service date', kind: 'day' },
  { key: 'quantity', ja: '数量', en: 'Quantity', kind: 'integer' },
  { key: 'unit_price', ja: '単価（円）', en: 'Unit price (yen)', kind: 'yen' },
  { key: 'exact_amount', ja: '正確な金額（1万分の1円）', en: 'Exact amount (1/10,000 yen)', kind: 'integer' },
  { key: 'net_yen', ja: '税抜（円）', en: 'Net (yen)', kind: 'yen' },
  { key: 'tax_yen', ja: '税（円）', en: 'Tax (yen)', kind: 'yen' },
  { key: 'gross_yen', ja: '税込（円）', en: 'Gross (yen)', kind: 'yen' },
  { key: 'rate_version', ja: '単価表の版', en: 'Rate version', kind: 'text', width: 38 },
  { key: 'rate', ja: '単価', en: 'Rate', kind: 'text' },
  { key: 'block', ja: 'ブロック', en: 'Block', kind: 'integer' },
  { key: 'invoice', ja: '請求書', en: 'Invoice', kind: 'text', width: 38 },
  { key: 'invoice_line', ja: '請求書の行', en: 'Invoice line', kind: 'integer' },
  { key: 'fact', ja: '事実', en: 'Fact', kind: 'integer' },
  { key: 'id', ja: 'ID', en: 'Id', kind: 'text', width: 38 },
  { key: 'previous_hash', ja: '前のハッシュ', en: 'Previous hash', kind: 'text', width: 68 },
  { key: 'hash', ja: 'ハッシュ', en: 'Hash', kind: 'text', width: 68 },
];

export function ledgerRow(entry: Entry): TableRow {
  return [
    entry.sequence,
    entry.postedAt,
    entry.kind,
    entry.category,
    entry.vendor,
    entry.description,
    entry.driver,
    entry.serviceDate,
    entry.quantity,
    entry.unitPrice,
    entry.exactAmount,
    entry.netYen,
    entry.taxYen,
    entry.grossYen,
    entry.rateVersionId,
    entry.rateId,
    entry.block,
    entry.invoiceId,
    entry.invoiceLineNo,
    entry.factId,
    entry.id,
    entry.previousHash,
    entry.hash,
  ];
}

const text = z.string().transform(restore);
const optional = <S extends z.ZodType>(schema: S) => z.union([z.literal('').transform(() => null), schema]);
const count = z.coerce.number().int();
const yen = z.coerce.bigint();
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const record = z.tuple([
  count,
  z.coerce.date(),
  z.enum(entryKinds),
  z.enum(costCategories),
  text,
  text,
  optional(text),
  z.string(),
  optional(yen),
  optional(text),
  optional(yen),
  yen,
  yen,
  yen,
  optional(z.string()),
  optional(text),
  optional(count),
  optional(z.string()),
  optional(count),
  optional(count),
  z.string(),
  hash,
  hash,
]);

const fault = (which: 'entryUnreadable' | 'entryChain' | 'entryTax', entry: number): Wording => ({
  word: `evidence.detail.${which}`,
  params: { entry },
});

/** Walks the ledger's chain record by record; memory stays at one entry. */
export function ledgerChecker(campaignId: string) {
  let previousHash = genesisEntryHash(campaignId);
  let sequence = 0;
  /** The fault of the next record of the CSV, or null when it fits. */
  return (fields: readonly string[]): Wording | null => {
    sequence += 1;
    const parsed = record.safeParse(fields);
    if (!parsed.success) return fault('entryUnreadable', sequence);
    const [
      no,
      postedAt,
      kind,
      category,
      vendor,
      description,
      driver,
      serviceDate,
      quantity,
      unitPrice,
      exactAmount,
      ...rest
    ] = parsed.data;
    const [
      netYen,
      taxYen,
      grossYen,
      rateVersionId,
      rateId,
      block,
      invoiceId,
      invoiceLineNo,
      factId,
      id,
      previous,
      own,
    ] = rest;
    const what = { kind, category, vendor, description, driver, serviceDate, quantity, unitPrice, exactAmount };
    const money = { netYen, taxYen, grossYen, rateVersionId, rateId, block, invoiceId, invoiceLineNo, factId };
    const place = { id, campaignId, sequence: no, postedAt, previousHash: previous };
    const fits = no === sequence && previous === previousHash && hashEntry({ ...what, ...money, ...place }) === own;
    previousHash = own;
    if (!fits) return fault('entryChain', sequence);
    return netYen + taxYen === grossYen ? null : fault('entryTax', sequence);
  };
}

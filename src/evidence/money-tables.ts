/** Tables of money: the ledger with its chain of hashes. Yen are whole; the exact amount is in 1/10,000 yen. */
import { listEntryRows } from '../ledger/entry-store.ts';
import type { PartTable, SnapshotContext } from './part.ts';
import type { Column } from './table.ts';

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

export function moneyTables({ db, campaignId }: SnapshotContext): PartTable[] {
  return [
    {
      path: 'data/ledger.csv',
      columns: ledgerColumns,
      sheet: '台帳 ledger',
      rows: async () =>
        (await listEntryRows(db, campaignId)).map((entry) => [
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
        ]),
    },
  ];
}

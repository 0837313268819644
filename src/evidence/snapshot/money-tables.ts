/** Files of money: the ledger with its chain of hashes, invoices, the claim, and which documents are still missing. Whole yen. */

import { AppError } from '../../kernel/errors.ts';
import type { Claim } from '../../ledger/claim.ts';
import { computeClaim, listInvoices } from '../../ledger/compute-claim.ts';
import { exportEntries } from '../../ledger/list-entries.ts';
import { ledgerColumns, ledgerRow } from '../verify/ledger-table.ts';
import type { Column, TableRow } from '../verify/table.ts';
import { findMissingDocuments, missingColumns } from './missing-documents.ts';
import { jsonText, type Part, type PartTable, type SnapshotContext, textPart } from './part.ts';

const invoiceColumns: readonly Column[] = [
  { key: 'vendor', ja: '業者', en: 'Vendor', kind: 'text' },
  { key: 'invoice_no', ja: '請求書番号', en: 'Invoice no.', kind: 'text' },
  { key: 'registration_no', ja: '適格請求書番号', en: 'Qualified invoice no.', kind: 'text' },
  { key: 'invoice_date', ja: '請求日', en: 'Invoice date', kind: 'day' },
  { key: 'line', ja: '行', en: 'Line', kind: 'integer' },
  { key: 'service_date', ja: '役務提供日', en: 'Service date', kind: 'day' },
  { key: 'category', ja: '費目', en: 'Category', kind: 'text' },
  { key: 'description', ja: '内容', en: 'Description', kind: 'text', width: 36 },
  { key: 'quantity', ja: '数量', en: 'Quantity', kind: 'integer' },
  { key: 'unit', ja: '単位', en: 'Unit', kind: 'text', width: 8 },
  { key: 'unit_price', ja: '単価（円）', en: 'Unit price (yen)', kind: 'yen' },
  { key: 'net_yen', ja: '税抜（円）', en: 'Net (yen)', kind: 'yen' },
  { key: 'tax_percent', ja: '税率（%）', en: 'Tax rate (%)', kind: 'integer' },
  { key: 'tax_yen', ja: '税（円）', en: 'Tax (yen)', kind: 'yen' },
  { key: 'gross_yen', ja: '税込（円）', en: 'Gross (yen)', kind: 'yen' },
  { key: 'document_sha256', ja: '文書のハッシュ', en: 'Hash of the document', kind: 'text', width: 68 },
];

const claimColumns: readonly Column[] = [
  { key: 'category', ja: '費目', en: 'Category', kind: 'text' },
  { key: 'label', ja: '保険会社の費目名', en: 'Label of the policy', kind: 'text', width: 30 },
  { key: 'incurred', ja: '発生額（円）', en: 'Incurred (yen)', kind: 'yen' },
  { key: 'eligible', ja: '対象額（円）', en: 'Eligible (yen)', kind: 'yen' },
  { key: 'payable', ja: '支払額（円）', en: 'Payable (yen)', kind: 'yen' },
  { key: 'uncovered', ja: '対象外（円）', en: 'Uncovered (yen)', kind: 'yen' },
  { key: 'reasons', ja: '対象外の理由と金額', en: 'Reasons with yen', kind: 'text', width: 60 },
];

/** The claim as it stands; null before a policy was adopted. */
export async function findClaim({ app, campaignId }: SnapshotContext): Promise<Claim | null> {
  try {
    return await computeClaim(app, { campaign: campaignId });
  } catch (error) {
    if (error instanceof AppError && error.code === 'POLICY_MISSING') return null;
    throw error;
  }
}

export function moneyTables(context: SnapshotContext): PartTable[] {
  const { app, campaignId } = context;
  return [
    {
      path: 'data/ledger.csv',
      columns: ledgerColumns,
      sheet: '台帳 ledger',
      rows: async () => (await exportEntries(app, campaignId)).map(ledgerRow),
    },
    {
      path: 'data/invoices.csv',
      columns: invoiceColumns,
      rows: async () =>
        (await listInvoices(app, campaignId)).flatMap((invoice) =>
          invoice.lines.map(
            (line): TableRow => [
              invoice.vendor,
              invoice.invoiceNo,
              invoice.registrationNo,
              invoice.invoiceDate,
              line.lineNo,
              line.serviceDate,
              line.category,
              line.description,
              line.quantity,
              line.unit,
              line.unitPrice,
              line.netYen,
              line.taxPercent,
              line.taxYen,
              line.grossYen,
              invoice.sha256,
            ],
          ),
        ),
    },
    {
      path: 'data/claim.csv',
      columns: claimColumns,
      rows: async () =>
        ((await findClaim(context))?.categories ?? []).map(
          (item): TableRow => [
            item.category,
            item.label,
            item.incurred,
            item.eligible,
            item.payable,
            item.uncovered,
            item.reasons.map((reason) => `${reason.code} ${reason.yen}`).join('; '),
          ],
        ),
    },
    {
      path: 'data/evidence_missing.csv',
      columns: missingColumns,
      rows: async () => await findMissingDocuments(context),
    },
  ];
}

/** The machine-readable claim; there is none before a policy was adopted. */
export async function claimParts(context: SnapshotContext): Promise<Part[]> {
  const claim = await findClaim(context);
  return claim === null ? [] : [textPart('data/claim.json', async () => jsonText(claim))];
}

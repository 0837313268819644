/**
 * The documents that insurers ask for per category, and which of them are not on file. What is required is a table here
 * (usual practice; a policy may ask for more), what is present comes from the rooms.
 */
import { exportConsentEvents, listConsents } from '../../campaign/consents/record-consent.ts';
import { listPublications } from '../../campaign/publications/record-publication.ts';
import type { CostCategory } from '../../kernel/cost-category.ts';
import { listInvoices } from '../../ledger/compute-claim.ts';
import type { Column, TableRow } from '../verify/table.ts';
import type { SnapshotContext } from './part.ts';

export const missingColumns: readonly Column[] = [
  { key: 'category', ja: '費目', en: 'Category', kind: 'text' },
  { key: 'document', ja: '書類', en: 'Document', kind: 'text' },
  { key: 'title_ja', ja: '書類名', en: 'Title (Japanese)', kind: 'text', width: 36 },
  { key: 'title_en', ja: '書類名（英語）', en: 'Title', kind: 'text', width: 36 },
  { key: 'status', ja: '状態', en: 'Status: missing or not recorded here', kind: 'text' },
];

const titles = {
  consent: ['保険会社の同意の記録', "Record of the insurer's consent"],
  quotation: ['見積書', 'Quotation'],
  contract: ['発注書または契約書', 'Order or contract'],
  delivery_note: ['納品書または作業完了報告書', 'Delivery note or report of completion'],
  invoice: ['請求書', 'Invoice'],
  payment: ['領収書または振込控', 'Receipt or proof of payment'],
  posting_slip: ['差出票の控え', 'Stamped posting slip'],
  specimen: ['成果物見本（通知書）', 'Specimen of the letter'],
  card_custody: ['カードの受払簿', 'Custody record of the cards'],
  daily_report: ['コールセンターの日報', 'Daily reports of the call centre'],
  publication: ['公表文の写し', 'Copy of the publication'],
  forensic_report: ['調査報告書', 'Forensic report'],
  timesheet: ['勤務表・賃金台帳', 'Timesheets and wage ledger'],
} as const;
type Document = keyof typeof titles;

const COMMON: readonly Document[] = ['quotation', 'contract', 'delivery_note', 'invoice', 'payment'];
const SPECIAL: Partial<Record<CostCategory, readonly Document[]>> = {
  NOTIFY_PRINT_MAIL: ['posting_slip', 'specimen'],
  CONDOLENCE: ['consent', 'card_custody'],
  CALL_CENTER: ['daily_report'],
  PUBLIC_NOTICE: ['publication'],
  FORENSICS: ['consent', 'forensic_report'],
  CONSULT_LEGAL: ['consent'],
  OVERTIME: ['timesheet'],
};
/** What this system itself records; the rest is kept outside and can only be reminded of. */
const RECORDED_HERE: readonly Document[] = ['consent', 'invoice', 'publication'];

/** One row per category that has an invoice and document that is not present. */
export async function findMissingDocuments({ db, app, campaignId }: SnapshotContext): Promise<TableRow[]> {
  const invoices = await listInvoices(app, campaignId);
  const categories = [...new Set(invoices.flatMap((invoice) => invoice.lines.map((line) => line.category)))].sort();
  const consents = await listConsents(db, campaignId);
  const documented = new Set(
    (await exportConsentEvents(db, campaignId))
      .filter((event) => event.documentSha256 !== null)
      .map((event) => event.consentId),
  );
  const hasPublication = (await listPublications(db, campaignId)).length > 0;
  const isPresent = (category: CostCategory, document: Document): boolean => {
    if (document === 'invoice') return true;
    if (document === 'publication') return hasPublication;
    if (document !== 'consent') return false;
    return consents.some((consent) => consent.category === category && documented.has(consent.id));
  };
  return categories.flatMap((category) =>
    [...COMMON, ...(SPECIAL[category] ?? [])]
      .filter((document) => !isPresent(category, document))
      .map((document): TableRow => {
        const [ja, en] = titles[document];
        return [category, document, ja, en, RECORDED_HERE.includes(document) ? 'missing' : 'not_recorded_here'];
      }),
  );
}

/** Tables of decisions: approvals, consents, publications. People who act are ids of the campaign's actors, never names. */
import { exportApprovals } from '../../campaign/approvals/approve-plan.ts';
import { exportConsentEvents, listConsents } from '../../campaign/consents/record-consent.ts';
import { listPublications } from '../../campaign/publications/record-publication.ts';
import type { Column } from '../verify/table.ts';
import type { PartTable, SnapshotContext } from './part.ts';

const approvalColumns: readonly Column[] = [
  { key: 'approved_at', ja: '承認日時', en: 'Approved at', kind: 'instant' },
  { key: 'actor', ja: '承認者（記号）', en: 'Approver (pseudonym)', kind: 'text', width: 38 },
  { key: 'role', ja: '役割', en: 'Role', kind: 'text' },
  { key: 'identity', ja: '本人確認', en: 'Identity: authenticated or declared', kind: 'text' },
  { key: 'proof', ja: '確認方法', en: 'Proof', kind: 'text' },
  { key: 'plan_sha256', ja: '計画のハッシュ', en: 'Hash of the approved plan', kind: 'text', width: 68 },
  { key: 'journal_head', ja: '承認時の記録簿の先頭', en: 'Head of the journal at that time', kind: 'text', width: 68 },
];

const consentColumns: readonly Column[] = [
  { key: 'consent', ja: '同意番号', en: 'Consent', kind: 'text', width: 38 },
  { key: 'at', ja: '日時', en: 'At', kind: 'instant' },
  { key: 'event', ja: '出来事', en: 'Event', kind: 'text' },
  { key: 'category', ja: '費目', en: 'Category', kind: 'text' },
  { key: 'vendor', ja: '業者', en: 'Vendor', kind: 'text' },
  { key: 'form', ja: '形式', en: 'Form', kind: 'text' },
  { key: 'unit_price_cap_yen', ja: '単価上限（円）', en: 'Unit price cap (yen)', kind: 'yen' },
  { key: 'quantity_cap', ja: '数量上限', en: 'Quantity cap', kind: 'integer' },
  { key: 'amount_cap_yen', ja: '金額上限（円）', en: 'Amount cap (yen)', kind: 'yen' },
  { key: 'valid_to', ja: '有効期限', en: 'Valid to', kind: 'day' },
  { key: 'quantity', ja: '数量', en: 'Quantity', kind: 'integer' },
  { key: 'yen', ja: '金額（円）', en: 'Yen', kind: 'yen' },
  { key: 'document_sha256', ja: '文書のハッシュ', en: 'Hash of the document', kind: 'text', width: 68 },
  { key: 'answered_by', ja: '回答者（記号）', en: 'Answered by (pseudonym)', kind: 'text', width: 38 },
];

const publicationColumns: readonly Column[] = [
  { key: 'kind', ja: '種別', en: 'Kind', kind: 'text' },
  { key: 'as_of', ja: '基準日時', en: 'As of', kind: 'instant' },
  { key: 'recorded_at', ja: '登録日時', en: 'Recorded at', kind: 'instant' },
  { key: 'url', ja: 'URL', en: 'URL', kind: 'text', width: 48 },
  { key: 'document_sha256', ja: '文書のハッシュ', en: 'Hash of the document', kind: 'text', width: 68 },
];

export function campaignTables({ db, campaignId }: SnapshotContext): PartTable[] {
  return [
    {
      path: 'data/approvals.csv',
      columns: approvalColumns,
      rows: async () =>
        (await exportApprovals(db, campaignId)).map((approval) => [
          approval.approvedAt,
          approval.actorId,
          'approver',
          approval.proof === 'declared' ? 'declared' : 'authenticated',
          approval.proof,
          approval.planSha256,
          approval.journalHead,
        ]),
    },
    {
      path: 'data/consents.csv',
      columns: consentColumns,
      rows: async () => {
        const consents = new Map((await listConsents(db, campaignId)).map((consent) => [consent.id, consent]));
        return (await exportConsentEvents(db, campaignId)).map((event) => {
          const consent = consents.get(event.consentId);
          return [
            event.consentId,
            event.at,
            event.kind,
            consent?.category ?? '',
            consent?.vendor ?? null,
            consent?.form ?? '',
            consent?.unitPriceCapYen ?? null,
            consent?.quantityCap ?? null,
            consent?.amountCapYen ?? null,
            consent?.validTo ?? null,
            event.quantity,
            event.yen,
            event.documentSha256,
            event.answeredBy,
          ];
        });
      },
    },
    {
      path: 'data/publications.csv',
      columns: publicationColumns,
      rows: async () =>
        (await listPublications(db, campaignId)).map((item) => [
          item.kind,
          item.asOf,
          item.recordedAt,
          item.url,
          item.documentSha256,
        ]),
    },
  ];
}

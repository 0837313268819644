/** Tables of letters, postings, gift cards and contacts: counts only, so that nobody can be found in them. */
import { contactVolume } from '../../contacts/contact-volume.ts';
import { listGiftAccounts } from '../../delivery/gifts/gift-store.ts';
import { listLotAccounts, listLots } from '../../delivery/letters/lot-store.ts';
import { listPostings } from '../../delivery/letters/vendor-store.ts';
import type { Column, TableRow } from '../verify/table.ts';
import type { PartTable, SnapshotContext } from './part.ts';

const integer = (key: string, ja: string, en: string): Column => ({ key, ja, en, kind: 'integer' });

const lotColumns: readonly Column[] = [
  integer('lot', 'ロット', 'Lot'),
  { key: 'wave', ja: '波', en: 'Wave', kind: 'text' },
  { key: 'is_reprint', ja: '再印刷', en: 'Reprint', kind: 'text', width: 8 },
  { key: 'letter_date', ja: '書面の日付', en: 'Date on the letters', kind: 'day' },
  { key: 'prepared_at', ja: '作成日時', en: 'Prepared at', kind: 'instant' },
  integer('manifest', '明細の通数', 'Manifest'),
  integer('posted', '差出', 'Posted'),
  integer('spoiled', '破損', 'Spoiled'),
  integer('withdrawn', '抜取り', 'Withdrawn'),
  integer('open', '未了', 'Open'),
  integer('returned', '返戻', 'Returned'),
  { key: 'letters_sha256', ja: 'PDF のハッシュ', en: 'Hash of the PDF', kind: 'text', width: 68 },
  { key: 'manifest_sha256', ja: '明細のハッシュ', en: 'Hash of the manifest', kind: 'text', width: 68 },
];

const postingColumns: readonly Column[] = [
  { key: 'slip_number', ja: '差出票番号', en: 'Posting slip', kind: 'text' },
  { key: 'posted_on', ja: '差出日', en: 'Posted on', kind: 'day' },
  { key: 'post_office', ja: '差出局', en: 'Post office', kind: 'text' },
  integer('pieces', '通数', 'Pieces'),
];

const giftColumns: readonly Column[] = [
  { key: 'gift', ja: 'カード', en: 'Gift', kind: 'text' },
  integer('received', '受入', 'Received'),
  integer('counted', '実査差', 'Difference at counts'),
  integer('lost_from_stock', '在庫からの紛失', 'Lost from stock'),
  integer('on_hand', '在庫', 'On hand'),
  integer('reserved', '引当', 'Reserved'),
  integer('open', '引当中', 'Reserved and not reported yet'),
  integer('posted', '差出', 'Posted'),
  integer('spoiled', '破損', 'Spoiled'),
  integer('back', '戻入', 'Back in stock'),
  integer('lost', '紛失', 'Lost'),
];

const contactColumns: readonly Column[] = [
  { key: 'day', ja: '日', en: 'Day', kind: 'day' },
  { key: 'topic', ja: '用件', en: 'Topic', kind: 'text' },
  integer('contacts', '個別の対応', 'Single contacts'),
  integer('offered', '入電', 'Calls offered'),
  integer('answered', '応答', 'Calls answered'),
  integer('abandoned', '放棄', 'Calls abandoned'),
  integer('within_target', '目標時間内の応答', 'Answered within the target'),
  integer('talk_minutes', '通話（分）', 'Talk minutes'),
];

export function deliveryTables({ db, campaignId }: SnapshotContext): PartTable[] {
  return [
    { path: 'data/lots.csv', columns: lotColumns, rows: () => listLotRows(db, campaignId) },
    {
      path: 'data/postings.csv',
      columns: postingColumns,
      rows: async () =>
        (await listPostings(db, campaignId)).map(
          (item): TableRow => [item.slipNumber, item.postedOn, item.postOffice, item.pieces],
        ),
    },
    {
      path: 'data/gifts.csv',
      columns: giftColumns,
      rows: async () =>
        (await listGiftAccounts(db, campaignId)).map(
          (item): TableRow => [
            item.gift,
            item.received,
            item.counted,
            item.lostFromStock,
            item.onHand,
            item.reserved,
            item.open,
            item.posted,
            item.spoiled,
            item.back,
            item.lost,
          ],
        ),
    },
    {
      path: 'data/contacts.csv',
      columns: contactColumns,
      rows: async () =>
        (await contactVolume(db, campaignId)).byDayAndTopic.map(
          (item): TableRow => [
            item.day,
            item.topic,
            item.contacts,
            item.offered,
            item.answered,
            item.abandoned,
            item.withinTarget,
            item.talkMinutes,
          ],
        ),
    },
  ];
}

async function listLotRows(db: SnapshotContext['db'], campaignId: string): Promise<TableRow[]> {
  const lots = new Map((await listLots(db, campaignId)).map((lot) => [lot.id, lot]));
  return (await listLotAccounts(db, campaignId)).map((account): TableRow => {
    const lot = lots.get(account.lotId);
    return [
      account.number,
      lot?.waveId ?? '',
      account.isReprint ? 'yes' : 'no',
      lot?.letterDate ?? null,
      lot?.preparedAt ?? null,
      account.manifest,
      account.posted,
      account.spoiled,
      account.withdrawn,
      account.open,
      account.returned,
      lot?.lettersSha256 ?? null,
      lot?.manifestSha256 ?? null,
    ];
  });
}

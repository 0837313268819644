/** A lot of fictional people with everything a real letter has: the bench and the golden tests typeset the same. */
import { STOCK_FORMAT } from '../../src/delivery/letters/letter-format.ts';
import type { TypesetInput, TypesetPiece } from '../../src/delivery/letters/typeset-lot.ts';
import { formatNoticeNumber } from '../../src/kernel/ids.ts';
import type { LetterText, TextRun } from '../../src/notice/letter-text.ts';

const run = (text: string): TextRun[] => [{ text }];
const paragraph = (text: string) => ({ scope: 'shared', kind: 'paragraph', runs: run(text) }) as const;
const heading = (text: string) => ({ scope: 'shared', kind: 'heading', runs: run(text) }) as const;
const list = (...items: string[]) =>
  ({ scope: 'shared', kind: 'list', ordered: false, items: items.map(run) }) as const;

export const sampleText: LetterText = {
  language: 'ja',
  shape: 'adult.ja.adult.gift',
  head: {
    date: '2026年11月24日',
    sender: ['〒100-0013', '東京都千代田区霞が関1丁目3番2号', '株式会社みほん商会', '代表取締役社長　見本 太郎'],
    numberLabel: '通知番号',
  },
  blocks: [
    { scope: 'shared', kind: 'title', runs: run('個人情報の漏えいに関するお詫びとお知らせ') },
    { scope: 'personal', kind: 'paragraph', runs: [{ field: 'addressee' }] },
    paragraph(
      '　このたび、当社が運営する「みほんオンラインショップ」が外部からの不正アクセスを受け、お客様の個人情報が漏えいしたことが判明いたしました。お客様には多大なるご迷惑とご心配をおかけいたしますことを、心より深くお詫び申し上げます。',
    ),
    paragraph('　判明した事実と当社の対応を、下記のとおりご報告いたします。'),
    heading('1．経緯'),
    paragraph(
      '　2026年11月2日、当社のサーバーで不審な通信を検知し、同日中に外部との接続を遮断いたしました。専門の調査会社による調査の結果、11月16日、10月28日から11月2日までの間に第三者が会員データベースに不正にアクセスし、情報を取得していたことを確認いたしました。11月5日に個人情報保護委員会へ報告し、警察にも相談しております。',
    ),
    heading('2．漏えいしたお客様の情報'),
    { scope: 'personal', kind: 'items', ordered: false, entry: [{ field: 'item' }] },
    paragraph('クレジットカード情報、銀行口座情報およびパスワードは、この件では漏えいしておりません。'),
    heading('3．原因'),
    paragraph(
      '　会員データベースに接続する業務用機器の既知の脆弱性が修正されておらず、第三者に悪用されたことによるものです。',
    ),
    heading('4．二次被害の有無'),
    paragraph(
      '　2026年11月20日現在、漏えいした情報の不正な利用は、当社の窓口への申告および調査会社による監視の範囲では確認されておりません。',
    ),
    heading('5．お客様へのお願い'),
    list(
      '当社を名乗る不審な電子メール、電話、郵便物にご注意ください。当社から、暗証番号、パスワード、カード番号をお尋ねすることはありません。',
      '他のサービスで同じパスワードをお使いの場合は、念のため変更をお願いいたします。',
      'この書面が本物であることは、当社ホームページ（https://www.mihon.example.jp/）に掲載の電話番号からもご確認いただけます。',
    ),
    heading('6．再発防止策'),
    paragraph(
      '　全ての機器の修正状況を点検し、多要素認証を導入いたしました。監視体制を強化し、第三者による監査を定期的に実施してまいります。',
    ),
    heading('7．お詫びの品'),
    paragraph(
      '　お詫びのしるしとして、プリペイドカード（500円分）を同封いたします。お受け取りによって、お客様の権利が失われることはなく、費用のご負担もありません。ご不要の場合は、お手数ですが下記の窓口までお申し出ください。',
    ),
    heading('8．お問い合わせ窓口'),
    list(
      '電話　0120-000-000（9時から18時まで、土曜・日曜・祝日を含む。2027年2月28日まで）',
      '電子メール　privacy@mihon.example.jp',
    ),
    { scope: 'shared', kind: 'closing', runs: run('以上') },
  ],
};

const FAMILY = [
  '佐藤',
  '鈴木',
  '髙橋',
  '田中',
  '伊藤',
  '渡邉',
  '山﨑',
  '中村',
  '小林',
  '加藤',
  '德永',
  '濵田',
  '長谷川',
  '五十嵐',
  '小笠原',
];
const GIVEN = [
  '太郎',
  '花子',
  '一郎',
  '美咲',
  '翔太',
  '結衣',
  '健',
  '由美子',
  '大輔',
  '真理',
  'さくら',
  'ジョン',
  '蓮',
  '陽菜',
  '誠',
];
const PLACES: [string, string][] = [
  ['100-0013', '東京都千代田区霞が関'],
  ['530-0001', '大阪府大阪市北区梅田'],
  ['812-0011', '福岡県福岡市博多区博多駅前'],
  ['980-0811', '宮城県仙台市青葉区一番町'],
  ['460-0008', '愛知県名古屋市中区栄'],
  ['060-0001', '北海道札幌市中央区北一条西'],
];
const BUILDINGS = ['', '', 'みほんマンション', 'コーポ見本', 'グランドハイツ', 'メゾン・ド・フルール'];
export const ITEM_LABELS = [
  '氏名',
  '住所',
  '電話番号',
  '電子メールアドレス',
  '生年月日',
  '購入履歴（2024年4月から2026年10月まで）',
];
const FEWEST_ITEMS = 2;

/** One of the kanji in common use (the first rows of JIS X 0208), so that a large lot needs as many different glyphs as a real one. */
function someKanji(seed: number): string {
  const row = 0xb0 + (seed % 0x1f);
  const cell = 0xa1 + ((seed * 37) % 94);
  return new TextDecoder('euc-jp').decode(Uint8Array.of(row, cell));
}

export function samplePiece(index: number): TypesetPiece {
  const number = String(100_000_000_000 + index * 7_919_993).slice(-12);
  const [postcode, town] = PLACES[index % PLACES.length] ?? ['', ''];
  const street = `${(index % 9) + 1}丁目${(index % 27) + 1}番${(index % 14) + 1}号`;
  const building = BUILDINGS[index % BUILDINGS.length] ?? '';
  const room = `${(index % 12) + 1}0${(index % 8) + 1}`;
  const given = index % 3 === 0 ? someKanji(index % 900) : GIVEN[(index * 7) % GIVEN.length];
  const name = `${FAMILY[index % FAMILY.length]} ${given}`;
  return {
    seq: index + 1,
    number,
    text: 0,
    values: {
      name,
      honorific: '様',
      addressee: `${name} 様`,
      guardian: '保護者',
      number: formatNoticeNumber(number),
      items: ITEM_LABELS.slice(0, FEWEST_ITEMS + (index % (ITEM_LABELS.length - FEWEST_ITEMS + 1))),
    },
    postcode,
    address: [`${town}${street}`, ...(building ? [`${building}${room}号室`] : [])],
    barcodeAddress: `${street}${building ? ` ${building}${room}号室` : ''}`,
  };
}

export function sampleLot(pieces: number, first = 0): TypesetInput {
  return {
    lotNumber: 1 + Math.floor(first / 1000),
    title: 'owabi lot 1',
    createdAt: '2026-11-24T00:00:00.000Z',
    language: 'ja',
    format: STOCK_FORMAT,
    controlCaption: '当社の発送管理用コードです',
    substitutes: { 𠮷: '吉' },
    texts: [sampleText],
    pieces: Array.from({ length: pieces }, (_, index) => ({ ...samplePiece(first + index), seq: index + 1 })),
  };
}

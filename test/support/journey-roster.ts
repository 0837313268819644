// Rosters for journeys by hand: a few people who each take another way, and as many plain ones as a run needs to last.
import { createHash } from 'node:crypto';
import { encodeCp932 } from '../../src/platform/formats/cp932.ts';
import { formatCsvRow } from '../../src/platform/formats/csv.ts';

export type JourneyPerson = {
  readonly key: string;
  readonly name: string;
  readonly email?: string;
  readonly hasAddress?: boolean;
  readonly items?: string;
};

export const usualItems = '氏名;住所;メールアドレス;電話番号';
export const cardItems = `${usualItems};クレジットカード番号`;

const header = [
  '会員番号',
  '氏名',
  'フリガナ',
  '郵便番号',
  '都道府県',
  '住所1',
  '電話番号',
  'メールアドレス',
  '漏えい項目',
];

function cells({ key, name, email, hasAddress = true, items = usualItems }: JourneyPerson): string[] {
  const phone = createHash('sha256').update(key).digest().readUInt16BE(0) % 10_000;
  const house = (Number(key.replaceAll(/\D/g, '')) % 30) + 1;
  const place = hasAddress ? ['104-0061', '東京都', `中央区銀座9-${house}-1`] : ['', '', ''];
  return [key, name, 'ミホン カナ', ...place, `090-0000-${String(phone).padStart(4, '0')}`, email ?? '', items];
}

/** A CSV with header in UTF-8, or in CP932 as companies' systems export it. */
export function journeyRoster(people: readonly JourneyPerson[], encoding: 'utf8' | 'cp932' = 'utf8'): Buffer {
  const text = [header, ...people.map(cells)].map((row) => formatCsvRow(row, {})).join('');
  return encoding === 'cp932' ? encodeCp932(text) : Buffer.from(text, 'utf8');
}

/** `count` people whom an e-mail reaches. */
export function plainPeople(count: number): JourneyPerson[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `P${String(index + 1).padStart(6, '0')}`,
    name: `試験 ${[...String(index)].map((digit) => '零壱弐参四五六七八九'[Number(digit)]).join('')}`,
    email: `plain${index}@webmail.example`,
    hasAddress: false,
  }));
}

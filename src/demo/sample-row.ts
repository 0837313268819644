/** One row of the sample roster as text, with the habits of real data entry, and the rows that nobody can read. */
import { encodeCp932 } from '../platform/formats/cp932.ts';
import { formatCsvRow } from '../platform/formats/csv.ts';
import { sampleHeader } from './sample-words.ts';

export type SampleTown = { postcode: string; prefecture: string; city: string; town: string };

export type SamplePerson = {
  key: string;
  name: readonly [string, string];
  kana: readonly [string, string];
  place: SampleTown;
  street: string;
  building: string;
  phone: string;
  email: string;
  birth: string;
  kind: string;
  company: string;
  guardian: string;
  isProtected: boolean;
  isDeceased: boolean;
  items: string;
};

export type Random = {
  next(): number;
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
  happens(share: number): boolean;
};

export const COMMON_ITEMS = '氏名;住所;メールアドレス;電話番号;購入履歴';

/** Mulberry32: small, and the same on every machine. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (list) => list[below(list.length)] as (typeof list)[number],
    happens: (share) => next() < share,
  };
}

export function sampleDay(random: Random, firstYear: number, years: number): string {
  return `${firstYear + random.below(years)}/${1 + random.below(12)}/${1 + random.below(28)}`;
}

/** One row with the habits of real data entry: widths, separators, gaps and zeros that a spreadsheet dropped. */
export function sampleRow(random: Random, person: SamplePerson): string {
  const { place } = person;
  const isUnreachable = random.happens(0.004);
  const hasAddress = !(isUnreachable || random.happens(0.05));
  const kana = person.kana.join(random.happens(0.2) ? '' : ' ');
  return formatCsvRow(
    [
      person.key,
      person.name.join(random.pick(['　', ' ', ' ', ''])),
      random.happens(0.15) ? toHalfWidth(kana) : kana,
      hasAddress ? samplePostcode(random, place.postcode) : '',
      hasAddress ? place.prefecture : '',
      hasAddress ? place.city + place.town + (random.happens(0.1) ? toFullWidth(person.street) : person.street) : '',
      hasAddress ? person.building : '',
      random.happens(0.1)
        ? toFullWidth(person.phone)
        : random.happens(0.1)
          ? person.phone.replaceAll('-', '')
          : person.phone,
      isUnreachable ? '' : random.happens(0.03) ? person.email.toUpperCase() : person.email,
      person.birth,
      person.kind,
      person.company,
      person.guardian,
      person.isProtected ? '住所保護' : '',
      person.isDeceased ? '○' : '',
      sampleDay(random, 2019, 7),
      person.items,
    ],
    {},
  );
}

function samplePostcode(random: Random, postcode: string): string {
  if (random.happens(0.03)) return '';
  if (random.happens(0.005)) return '999-9999';
  if (random.happens(0.005)) return '100-0005';
  if (postcode.startsWith('0') && random.happens(0.1)) return postcode.replace(/^0+/, '');
  const withHyphen = `${postcode.slice(0, 3)}-${postcode.slice(3)}`;
  return random.happens(0.2) ? postcode : random.happens(0.1) ? `〒${toFullWidth(withHyphen)}` : withHyphen;
}

function toFullWidth(text: string): string {
  return text.replace(/[!-~]/g, (found) => String.fromCharCode(found.charCodeAt(0) + 0xfee0));
}

/** Half-width katakana, as terminals of the 1980s wrote them; only what NFKC turns back into the same. */
function toHalfWidth(kana: string): string {
  return [...kana].map((character) => halfWidthOf.get(character) ?? character).join('');
}

const halfWidthOf = new Map<string, string>(
  Array.from({ length: 0xff9d - 0xff66 + 1 }, (_, index) => String.fromCharCode(0xff66 + index)).flatMap((half) =>
    ['', '\uff9e', '\uff9f'].map((mark) => [(half + mark).normalize('NFKC'), half + mark] as const),
  ),
);

/** Rows that no program can take as they are; each must end up rejected, with its reason, and be found again. */
export const faults: readonly ((person: SamplePerson) => Buffer)[] = [
  // Bytes that mean nothing in CP932.
  (person) =>
    Buffer.concat([
      encodeCp932(`${person.key},${person.name[0]}`),
      Buffer.from([0xfd, 0xff]),
      encodeCp932(`${',壊れた文字'.padEnd(20, ',')}\r\n`),
    ]),
  // A character that the export could not write.
  (person) =>
    encodeCp932(
      `${person.key},?田 ${person.name[1]},ヨシダ ${person.kana[1]},100-0005,東京都,千代田区丸の内1-1-1,,,,,会員,,,,,,${COMMON_ITEMS}\r\n`,
    ),
  () => Buffer.from(`${','.repeat(sampleHeader.length - 1)}\r\n`),
  (person) => encodeCp932(`${person.key},${person.name.join(' ')},${person.kana.join(' ')},100-0005\r\n`),
  (person) => encodeCp932(`${person.key},${person.name.join(' ')}${',ずれた列'.repeat(38)}\r\n`),
  (person) => encodeCp932(`${person.key},〓藤 ${person.name[1]},,,,,,,,,会員,,,,,,${COMMON_ITEMS}\r\n`),
  (person) => encodeCp932(`${person.key},"${person.name.join(' ')},${person.kana.join(' ')},,,,,,,,会員,,,,,,\r\n`),
  (person) =>
    encodeCp932(
      `${person.key},,,100-0005,東京都,千代田区丸の内1-1-1,,,${person.key.toLowerCase()}@example.com,,会員,,,,,,${COMMON_ITEMS}\r\n`,
    ),
];

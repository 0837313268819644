/**
 * Writes the sample roster of the demo: fictional people in files as companies really deliver them. One CP932 export with mixed widths,
 * duplicates, households, gaps and broken rows, and a small UTF-8 file with the names that CP932 cannot hold. The same number of rows
 * gives the same bytes.
 */
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { encodeCp932 } from '../platform/cp932.ts';
import { formatCsvRow } from '../platform/csv.ts';
import { listTowns } from '../platform/postcode.ts';
import {
  buildings,
  companies,
  givenNames,
  mailSites,
  postcodes,
  rareNames,
  sampleHeader,
  surnames,
} from './sample-words.ts';

export type SampleRosters = {
  /** The CP932 export first, then the UTF-8 supplement. */
  readonly files: readonly string[];
  /** Data rows of both, without headers. */
  readonly rows: number;
};

type Place = { postcode: string; prefecture: string; city: string; town: string };

type SamplePerson = {
  key: string;
  name: readonly [string, string];
  kana: readonly [string, string];
  place: Place;
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

type Random = {
  next(): number;
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
  happens(share: number): boolean;
};

const SEED = 20_261_121;
const DAMAGED_SHARE = 0.003;
const SUPPLEMENT_SHARE = 0.01;
const ROWS_PER_WRITE = 1_000;
/** How far back a duplicate or a member of the same household looks. */
const MEMORY = 500;
const COMMON_ITEMS = '氏名;住所;メールアドレス;電話番号;購入履歴';
const CARD_ITEMS = `${COMMON_ITEMS};クレジットカード番号;クレジットカードの有効期限`;

/** Mulberry32: small, and the same on every machine. */
function createRandom(seed: number): Random {
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

/** Writes `rows` data rows in two files into `dir` (created). At least 40 rows, so that every kind of fault appears. */
export async function writeSampleRosters({ dir, rows }: { dir: string; rows: number }): Promise<SampleRosters> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const total = Math.max(40, rows);
  const supplement = Math.max(rareNames.length, Math.round(total * SUPPLEMENT_SHARE));
  const files = [join(dir, 'kaiin_20261120.csv'), join(dir, 'kaiin_tsuika_utf8.csv')];
  await writeChunks(files[0] as string, mainFile(total - supplement));
  await writeChunks(files[1] as string, supplementFile(supplement));
  return { files, rows: total };
}

async function writeChunks(path: string, chunks: Iterable<Buffer>): Promise<void> {
  const stream = createWriteStream(path, { mode: 0o600 });
  for (const chunk of chunks) if (!stream.write(chunk)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

/** CP932 with CR LF. Faulty rows are spread evenly, each kind at least once. */
export function* mainFile(rows: number): Generator<Buffer> {
  const random = createRandom(SEED);
  const places = loadPlaces();
  const recent: SamplePerson[] = [];
  const faultEvery = Math.max(4, Math.floor(rows / Math.max(faults.length, Math.round(rows * DAMAGED_SHARE))));
  let faultCount = 0;
  let pending: Buffer[] = [encodeCp932(formatCsvRow(sampleHeader, {}))];
  for (let number = 1; number <= rows; number += 1) {
    if (number % faultEvery === 0) {
      const fault = faults[faultCount % faults.length] as (typeof faults)[number];
      pending.push(fault(newPerson(random, places, number)));
      faultCount += 1;
    } else {
      pending.push(encodeCp932(sampleRow(random, nextPerson(random, places, recent, number))));
    }
    if (pending.length >= ROWS_PER_WRITE) {
      yield Buffer.concat(pending);
      pending = [];
    }
  }
  yield Buffer.concat(pending);
}

/** The names that the export could not write, delivered later as UTF-8 with BOM. */
export function* supplementFile(rows: number): Generator<Buffer> {
  const random = createRandom(SEED + 1);
  const places = loadPlaces();
  yield Buffer.from(`\ufeff${formatCsvRow(sampleHeader, {})}`, 'utf8');
  for (let number = 1; number <= rows; number += 1) {
    const [last, lastKana, first, firstKana] = rareNames[number % rareNames.length] as (typeof rareNames)[number];
    const given = number <= rareNames.length ? ([first, firstKana] as const) : random.pick(givenNames);
    const person = newPerson(random, places, 90_000_000 + number);
    yield Buffer.from(sampleRow(random, { ...person, name: [last, given[0]], kana: [lastKana, given[1]] }), 'utf8');
  }
}

function loadPlaces(): Place[] {
  return postcodes.flatMap((postcode) => {
    const town = listTowns(postcode)[0];
    return town === undefined ? [] : [{ postcode, ...town }];
  });
}

/** Mostly someone new; else the same person again, or a member of the household of someone before. */
function nextPerson(random: Random, places: readonly Place[], recent: SamplePerson[], number: number): SamplePerson {
  const before = recent.length === 0 ? undefined : random.pick(recent);
  if (before !== undefined && random.happens(0.04)) return asDuplicate(random, before);
  const fresh = newPerson(random, places, number);
  if (before !== undefined && before.kind === '会員' && random.happens(0.05)) {
    const [given, kana] = random.pick(givenNames.filter(([name]) => name !== before.name[1]));
    const { place, street, building, phone } = before;
    return { ...fresh, place, street, building, phone, name: [before.name[0], given], kana: [before.kana[0], kana] };
  }
  recent.push(fresh);
  if (recent.length > MEMORY) recent.shift();
  return fresh;
}

/** The same person from another system: without the number, or with it and a moved address. */
function asDuplicate(random: Random, person: SamplePerson): SamplePerson {
  if (person.email !== '' && random.happens(0.5)) return { ...person, key: '', items: COMMON_ITEMS };
  return { ...person, street: `${1 + random.below(5)}丁目${1 + random.below(20)}番${1 + random.below(20)}号` };
}

function newPerson(random: Random, places: readonly Place[], number: number): SamplePerson {
  const [last, lastKana] = random.pick(surnames);
  const [first, firstKana] = random.pick(givenNames);
  const isMinor = random.happens(0.015);
  const isCompany = !isMinor && random.happens(0.01);
  const hasEmail = !random.happens(0.12);
  const kind = isCompany ? '法人担当者' : random.happens(0.05) ? '退会' : random.happens(0.05) ? 'お届け先' : '会員';
  return {
    key: `M${String(number).padStart(8, '0')}`,
    name: [last, first],
    kana: [lastKana, firstKana],
    place: random.pick(places),
    street: `${1 + random.below(9)}-${1 + random.below(30)}-${1 + random.below(20)}`,
    building: random.happens(0.4) ? `${random.pick(buildings)}${1 + random.below(12)}0${1 + random.below(9)}号室` : '',
    phone: samplePhone(random),
    email: hasEmail ? `user${number}@${pickSite(random)}` : '',
    birth: isMinor ? sampleDay(random, 2012, 9) : random.happens(0.8) ? sampleDay(random, 1938, 66) : '',
    kind,
    company: isCompany ? random.pick(companies) : '',
    guardian: isMinor && random.happens(0.6) ? `${last} ${random.pick(givenNames)[0]}` : '',
    isProtected: random.happens(0.003),
    isDeceased: random.happens(0.003),
    items: random.happens(0.15) ? CARD_ITEMS : COMMON_ITEMS,
  };
}

/** No local exchange in Japan begins with 0, so these numbers are never assigned. */
function samplePhone(random: Random): string {
  const last = String(random.below(10_000)).padStart(4, '0');
  return random.happens(0.6) ? `090-0000-${last}` : `03-0000-${last}`;
}

function sampleDay(random: Random, firstYear: number, years: number): string {
  return `${firstYear + random.below(years)}/${1 + random.below(12)}/${1 + random.below(28)}`;
}

function pickSite(random: Random): string {
  let left = random.below(mailSites.reduce((sum, [, share]) => sum + share, 0));
  for (const [domain, share] of mailSites) {
    if (left < share) return domain;
    left -= share;
  }
  return 'example.com';
}

/** One row with the habits of real data entry: widths, separators, gaps and zeros that a spreadsheet dropped. */
function sampleRow(random: Random, person: SamplePerson): string {
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
const faults: readonly ((person: SamplePerson) => Buffer)[] = [
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

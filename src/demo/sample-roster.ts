/**
 * Writes the sample roster of the demo: fictional people in files as companies really deliver them. One CP932 export with mixed widths,
 * duplicates, households, gaps and broken rows, and a small UTF-8 file with the names that CP932 cannot hold. The same number of rows
 * gives the same bytes.
 */
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { encodeCp932 } from '../platform/formats/cp932.ts';
import { formatCsvRow } from '../platform/formats/csv.ts';
import { listTowns } from '../platform/postcode.ts';
import {
  COMMON_ITEMS,
  createRandom,
  faults,
  type Random,
  type SamplePerson,
  type SampleTown,
  sampleDay,
  sampleRow,
} from './sample-row.ts';
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

const SEED = 20_261_121;
const DAMAGED_SHARE = 0.003;
const SUPPLEMENT_SHARE = 0.01;
const ROWS_PER_WRITE = 1_000;
/** How far back a duplicate or a member of the same household looks. */
const MEMORY = 500;
const CARD_ITEMS = `${COMMON_ITEMS};クレジットカード番号;クレジットカードの有効期限`;

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

function loadPlaces(): SampleTown[] {
  return postcodes.flatMap((postcode) => {
    const town = listTowns(postcode)[0];
    return town === undefined ? [] : [{ postcode, ...town }];
  });
}

/** Mostly someone new; else the same person again, or a member of the household of someone before. */
function nextPerson(
  random: Random,
  places: readonly SampleTown[],
  recent: SamplePerson[],
  number: number,
): SamplePerson {
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

function newPerson(random: Random, places: readonly SampleTown[], number: number): SamplePerson {
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

function pickSite(random: Random): string {
  let left = random.below(mailSites.reduce((sum, [, share]) => sum + share, 0));
  for (const [domain, share] of mailSites) {
    if (left < share) return domain;
    left -= share;
  }
  return 'example.com';
}

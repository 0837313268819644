/**
 * How fast a roster becomes people (decode, check, encrypt, blind-index, de-duplicate, store), beside a bare COPY of the same file into a
 * table with a primary key and one index. Size is rows. Both in turns, each time in a fresh database of one server with its safe settings
 * (fsync on); the figures are the medians, so that neither pays for the other's start or for what else the machine does.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { givenNames, postcodes, surnames } from '../../src/demo/sample-words.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { openKeyStore } from '../../src/platform/crypto/keys.ts';
import { openFileStore } from '../../src/platform/files.ts';
import { createLogger } from '../../src/platform/log.ts';
import { listTowns } from '../../src/platform/postcode.ts';
import { createPool, type Pool, withClient } from '../../src/platform/postgres/db.ts';
import { startEmbeddedServer } from '../../src/platform/postgres/embedded-server.ts';
import { migrate } from '../../src/platform/postgres/migrate.ts';

export type Measured = {
  readonly ours: number;
  readonly peers: readonly { readonly name: string; readonly value: number }[];
};

const HEADER = '会員番号,氏名,フリガナ,郵便番号,住所1,住所2,メールアドレス,電話番号,生年月日,区分,漏えい項目\n';
const COLUMNS = 'customer_key, name, kana, postcode, address1, address2, email, phone, birth_date, kind, items';
/** One row in so many repeats the person before under another key, as in real lists. */
const DUPLICATE_EVERY = 50;
const ROWS_PER_CHUNK = 5_000;
const ROUNDS = 3;
const incidentItems = [
  { code: 'name', label: '氏名' },
  { code: 'address', label: '住所' },
  { code: 'email', label: 'メールアドレス' },
];

function* rosterChunks(rows: number): Generator<string> {
  const places = postcodes.map((postcode) => ({
    postcode,
    ...(listTowns(postcode)[0] ?? { prefecture: '', city: '', town: '' }),
  }));
  yield HEADER;
  let chunk = '';
  for (let number = 1; number <= rows; number += 1) {
    // Numbers of one person: a duplicate row takes those of the row before it.
    const person = number % DUPLICATE_EVERY === 0 ? number - 1 : number;
    const mixed = (person * 2_654_435_761) % 4_294_967_296;
    const [last, lastKana] = surnames[mixed % surnames.length] as (typeof surnames)[number];
    const [first, firstKana] = givenNames[(mixed >>> 7) % givenNames.length] as (typeof givenNames)[number];
    const place = places[person % places.length] as (typeof places)[number];
    const street = `${1 + (person % 9)}-${1 + (mixed % 30)}-${1 + (mixed % 21)}`;
    const birth = `${1940 + (mixed % 60)}-${String(1 + (mixed % 12)).padStart(2, '0')}-${String(1 + (mixed % 28)).padStart(2, '0')}`;
    chunk += `M${String(number).padStart(9, '0')},${last}　${first}${person % 977},${lastKana} ${firstKana},${place.postcode.slice(0, 3)}-${place.postcode.slice(3)},${place.prefecture}${place.city}${place.town}${street},見本マンション${mixed % 900}号室,user${mixed}@site${person % 40}.example,090-0000-${String(mixed % 10_000).padStart(4, '0')},${birth},会員,氏名;住所;メールアドレス\n`;
    if (number % ROWS_PER_CHUNK === 0) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}

async function writeRoster(path: string, rows: number): Promise<void> {
  const stream = createWriteStream(path);
  for (const chunk of rosterChunks(rows)) if (!stream.write(chunk)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

/** Seconds of a bare COPY into the peer table. */
async function copySeconds(pool: Pool, file: string): Promise<number> {
  const columns = COLUMNS.split(', ').map((name) =>
    name === 'customer_key' ? `${name} text primary key` : `${name} text`,
  );
  await pool.query(`create table peer (${columns.join(', ')}); create index peer_email on peer (email); checkpoint`);
  const start = performance.now();
  await withClient(pool, async (client) => {
    const stream = client.query(copyFrom(`copy peer (${COLUMNS}) from stdin (format csv, header true)`));
    await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }) as Readable, stream);
  });
  return (performance.now() - start) / 1000;
}

/** Seconds of the import into a campaign of its own. */
async function importSeconds(pool: Pool, file: string, dir: string, rows: number): Promise<number> {
  await migrate(pool);
  const keys = openKeyStore(join(dir, 'keys'));
  const campaign = { id: randomUUID(), slug: 'bench' };
  keys.create(campaign.id);
  const files = openFileStore(join(dir, 'files'));
  const app = { pool, keys, files, clock: () => new Date(), exportDir: join(dir, 'export') };
  await pool.query('checkpoint');
  const start = performance.now();
  const result = await importRoster(app, { campaign, file, incidentItems });
  const seconds = (performance.now() - start) / 1000;
  if (result.rows !== rows || result.rejected !== 0 || result.merged < Math.floor(rows / DUPLICATE_EVERY) * 0.99)
    throw new Error(`the roster was not read as written: ${JSON.stringify({ ...result, columns: undefined })}`);
  return seconds;
}

/** Runs `work` in a database of its own, gone afterwards. */
async function inFreshDatabase<T>(url: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const name = `bench_${randomUUID().replaceAll('-', '')}`;
  const server = createPool(url, { max: 1 });
  await server.query(`create database ${name}`);
  const pool = createPool(url.replace('///owabi?', `///${name}?`), { max: 4 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  }
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function measure(rows: number): Promise<Measured> {
  const dir = mkdtempSync(join(tmpdir(), 'owabi-bench-intake-'));
  const server = await startEmbeddedServer({ home: join(dir, 'home'), log: createLogger('silent') });
  try {
    const file = join(dir, 'roster.csv');
    await writeRoster(file, rows);
    const ours: number[] = [];
    const peer: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await inFreshDatabase(server.url, (pool) => importSeconds(pool, file, dir, rows)));
      peer.push(await inFreshDatabase(server.url, (pool) => copySeconds(pool, file)));
    }
    return { ours: rows / median(ours), peers: [{ name: 'COPY', value: rows / median(peer) }] };
  } finally {
    await server.release();
    rmSync(dir, { recursive: true, force: true });
  }
}

export const intakeCase = { name: 'intake', unit: 'rows/s', defaultSize: 1_000_000, run: measure } as const;

/** Drives a roster through the threads and stores the outcome batch by batch, in the order of the file. */
import { scanRecords } from '../platform/formats/csv-scan.ts';
import { type Client, inTransaction, type Tx } from '../platform/postgres/db.ts';
import { createThreadPool } from '../platform/threads.ts';
import { advanceImport } from './import-store.ts';
import { MATCH_WIDTH, type MergeRule } from './match/duplicate.ts';
import type { KnownPeople } from './match/load-known-people.ts';
import { type BatchInput, type BatchSettings, type PreparedBatch, prepareBatch } from './prepare-batch.ts';
import { settleRows } from './rejected/settle-row.ts';
import type { OpenRoster } from './roster/open-roster.ts';
import { copyRecords, insertRejectedRows } from './store.ts';
import { recordColumns, TUPLE_HEAD_BYTES } from './write-record.ts';

export type BatchTally = {
  rows: number;
  people: number;
  merged: number;
  rejected: number;
  reasons: Record<string, number>;
  warnings: Record<string, number>;
};

export type RunInput = {
  readonly settings: BatchSettings;
  readonly roster: OpenRoster;
  readonly known: KnownPeople;
  readonly start: { readonly offset: number; readonly line: number; readonly rows: number };
  readonly threads: number;
  readonly rowsPerBatch: number;
  /** Null in a dry run: everything is done but storing. */
  readonly store: {
    readonly client: Client;
    readonly importId: string;
    readonly at: Date;
    readonly actorId: string | null;
  } | null;
  readonly onProgress: ((progress: { rows: number; bytes: number; totalBytes: number }) => void) | undefined;
};

/** Below, a batch is read sooner here (50 ms) than by a thread that must first load the program (300 ms). */
const ROWS_WORTH_A_THREAD = 500;

type Waiting = { prepared: Promise<PreparedBatch>; from: number; nextOffset: number; nextLine: number };

/** Returns what this run did; the sum over interrupted runs is in the import's counters. */
export async function runBatches(input: RunInput): Promise<BatchTally> {
  const pool = createThreadPool<BatchInput, PreparedBatch>('src/intake/prepare-batch-thread', input.threads);
  const tally: BatchTally = { rows: 0, people: 0, merged: 0, rejected: 0, reasons: {}, warnings: {} };
  const waiting: Waiting[] = [];
  const storeNext = async (): Promise<void> => {
    const next = waiting.shift();
    if (next) await storeBatch(input, next, await next.prepared, tally);
  };
  try {
    let rowNumber = input.start.rows + 1;
    let from = input.start.offset;
    const { roster, settings } = input;
    const scan = scanRecords(roster.read(from), {
      delimiter: settings.delimiter,
      rowsPerBatch: input.rowsPerBatch,
      offset: from,
      line: input.start.line,
      countRows: roster.isSpreadsheet,
    });
    for await (const batch of scan) {
      const bytes = new Uint8Array(new ArrayBuffer(batch.bytes.length));
      bytes.set(batch.bytes);
      const rows: BatchInput = {
        settings,
        bytes,
        starts: batch.starts.slice(),
        ends: batch.ends.slice(),
        lines: batch.lines.slice(),
        faults: batch.faults.slice(),
        firstRow: rowNumber,
      };
      const isSmall = batch.count < ROWS_WORTH_A_THREAD;
      const prepared = isSmall ? Promise.resolve(rows).then(prepareBatch) : pool.run(rows, [bytes.buffer]);
      // Awaited in order later; until then a failure must not count as unhandled.
      prepared.catch(() => {});
      waiting.push({ prepared, from, nextOffset: batch.nextOffset, nextLine: batch.nextLine });
      rowNumber += batch.count;
      from = batch.nextOffset;
      if (waiting.length > input.threads) await storeNext();
    }
    while (waiting.length > 0) await storeNext();
    return tally;
  } finally {
    await pool.close();
  }
}

/** Decides row by row who is new and who is known, then stores the batch with its progress in one transaction. */
async function storeBatch(input: RunInput, place: Waiting, batch: PreparedBatch, tally: BatchTally): Promise<void> {
  const { parts, merged } = placeRecords(input.known, batch);
  const accepted = batch.tupleEnds.length;
  const step = {
    rows: batch.rowCount,
    people: accepted - merged,
    merged,
    rejected: batch.rejected.length,
    nextOffset: place.nextOffset,
    nextLine: place.nextLine,
  };
  if (input.store !== null) await commitBatch(input, input.store, place.from, batch, parts, step);
  tally.rows += step.rows;
  tally.people += step.people;
  tally.merged += step.merged;
  tally.rejected += step.rejected;
  for (const { reason } of batch.rejected) tally.reasons[reason] = (tally.reasons[reason] ?? 0) + 1;
  for (const [warning, count] of Object.entries(batch.warnings))
    tally.warnings[warning] = (tally.warnings[warning] ?? 0) + count;
  input.onProgress?.({ rows: input.start.rows + tally.rows, bytes: place.nextOffset, totalBytes: input.roster.bytes });
}

async function commitBatch(
  { settings }: RunInput,
  { client, importId, at, actorId }: NonNullable<RunInput['store']>,
  from: number,
  batch: PreparedBatch,
  parts: readonly Buffer[],
  step: Parameters<typeof advanceImport>[3],
): Promise<void> {
  const settlements = [
    ...batch.corrections.map(([, rowId]) => ({ rowId, code: 'corrected' as const })),
    ...batch.rejected.flatMap(({ settles }) =>
      settles === null ? [] : [{ rowId: settles, code: 'reloaded' as const }],
    ),
  ];
  // Batches need not wait for the disk: a crash loses the newest with their progress, and the import goes on from there. The
  // last transaction of an import waits, and with it everything before.
  const store = async (tx: Tx) => {
    await advanceImport(tx, importId, from, step);
    if (parts.length > 0) await copyRecords(tx, parts);
    await insertRejectedRows(tx, settings.campaignId, settings.importNumber, batch.rejected);
    await settleRows(tx, { campaignId: settings.campaignId, at, actorId, settlements });
  };
  await inTransaction(client, store, { isDurable: false });
}

/** The tuples to store: runs of new people as they came from the thread, merged rows with another head. */
function placeRecords(known: KnownPeople, batch: PreparedBatch): { parts: Buffer[]; merged: number } {
  const tuples = Buffer.from(batch.tuples.buffer, batch.tuples.byteOffset, batch.tuples.byteLength);
  const parts: Buffer[] = [];
  let merged = 0;
  let runStart = 0;
  let start = 0;
  batch.tupleEnds.forEach((end, index) => {
    const offset = index * MATCH_WIDTH;
    const found = known.index.find(batch.numbers, offset);
    if (found === null) {
      known.keepRef(known.index.addPerson(batch.numbers, offset), batch.refs.subarray(index * 16, index * 16 + 16));
    } else {
      known.index.addKeys(found.person, batch.numbers, offset);
      if (runStart < start) parts.push(tuples.subarray(runStart, start));
      parts.push(mergedHead(known.refOf(found.person), found.rule), tuples.subarray(start + TUPLE_HEAD_BYTES, end));
      merged += 1;
      runStart = end;
    }
    start = end;
  });
  if (runStart < start) parts.push(tuples.subarray(runStart, start));
  return { parts, merged };
}

/** Field count, person_ref and merge_rule of a merged row. */
function mergedHead(personRef: Uint8Array, rule: MergeRule): Buffer {
  const head = Buffer.alloc(2 + 4 + 16 + 4 + rule.length);
  head.writeInt16BE(recordColumns.length, 0);
  head.writeInt32BE(16, 2);
  head.set(personRef, 6);
  head.writeInt32BE(rule.length, 22);
  head.write(rule, 26, 'latin1');
  return head;
}

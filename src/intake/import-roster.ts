/**
 * Roster file → people: every row becomes a person, is merged into one, or is rejected with a reason (promise 1). Streams; each batch is one
 * transaction with its own progress, so that a killed import goes on where it stopped; the same file again changes nothing.
 */
import { availableParallelism } from 'node:os';
import { recordFact } from '../journal/record-fact.ts';
import { toDay } from '../kernel/calendar.ts';
import { AppError } from '../kernel/errors.ts';
import { newRef } from '../kernel/ids.ts';
import type { CampaignKeys } from '../platform/crypto/keys.ts';
import { type Client, inTransaction, withClient } from '../platform/postgres/db.ts';
import { tryUnderLock } from '../platform/postgres/locks.ts';
import { findIncidentItems } from './find-incident-items.ts';
import type { ImportInput, ImportResult } from './import-input.ts';
import { findImportByFile, finishImport, type ImportRow, insertImport } from './import-store.ts';
import { createKnownPeople, loadKnownPeople } from './match/load-known-people.ts';
import { dropLookUpsBeforeFirst, ensureLookUps } from './match/look-up-store.ts';
import type { BatchSettings } from './prepare-batch.ts';
import {
  assertSameReading,
  describeReading,
  type PreparedRoster,
  prepareRoster,
  type RosterReading,
} from './prepare-roster.ts';
import { writeReport } from './rejected/write-report.ts';
import { readMapping } from './roster/read-mapping.ts';
import type { IntakeApp } from './roster-campaign.ts';
import { type BatchTally, runBatches } from './run-batches.ts';
import { countReasons } from './store.ts';

export type { ImportInput, ImportResult };

/** 3 MB of tuples a transaction; smaller batches pay more commits, larger ones more memory. */
const ROWS_PER_BATCH = 4_000;
/** The database's own work takes a core beside the threads. */
const THREADS_MAX = 8;

/**
 * Imports a file. Throws ROSTER_UNREADABLE, ROSTER_HEADER_UNKNOWN, ROSTER_TOO_LONG or MAPPING_INVALID before anything is stored, and
 * IMPORT_BUSY while another import of this campaign runs.
 */
export async function importRoster(app: IntakeApp, given: ImportInput): Promise<ImportResult> {
  const keys = app.keys.open(given.campaign.id);
  const mapping = await readMapping(given.mapping);
  const input =
    given.incidentItems === undefined ? { ...given, ...(await findIncidentItems(app, given.campaign)) } : given;
  const prepared = await prepareRoster(input, mapping);
  if (input.dryRun === true)
    return await withClient(app.pool, (client) => importDry(app, client, keys, input, prepared));
  const imported = await tryUnderLock(app.pool, { lock: 'roster', campaignId: input.campaign.id }, (client) =>
    importLocked(app, client, keys, input, prepared),
  );
  if (imported.kind === 'done') return imported.result;
  throw new AppError('IMPORT_BUSY.import');
}

function settingsOf(
  app: IntakeApp,
  keys: CampaignKeys,
  input: ImportInput,
  how: RosterReading,
  importNumber: number,
): BatchSettings {
  return {
    campaignId: input.campaign.id,
    importNumber,
    encoding: how.encoding,
    delimiter: how.delimiter,
    reading: how.reading,
    defaultItems: how.defaultItems,
    items: (input.incidentItems ?? []).map((item) => [
      item.code,
      item.label,
      ...(item.labelEn === undefined ? [] : [item.labelEn]),
    ]),
    today: toDay(app.clock()),
    keys: { address: keys.address, proof: keys.proof, blind: keys.blind },
  };
}

const threadCount = () => Math.max(1, Math.min(THREADS_MAX, availableParallelism()));

async function importDry(
  app: IntakeApp,
  client: Client,
  keys: CampaignKeys,
  input: ImportInput,
  prepared: PreparedRoster,
): Promise<ImportResult> {
  const { how, roster } = prepared;
  const earlier = await findImportByFile(client, input.campaign.id, roster.sha256);
  const known =
    earlier === null
      ? await loadKnownPeople(client, input.campaign.id, how.reading.hasStableKey)
      : createKnownPeople(how.reading.hasStableKey);
  const tally = await runBatches({
    settings: settingsOf(app, keys, input, how, 0),
    roster,
    known,
    start: { offset: prepared.dataOffset, line: prepared.dataLine, rows: 0 },
    threads: threadCount(),
    rowsPerBatch: input.rowsPerBatch ?? ROWS_PER_BATCH,
    store: null,
    onProgress: input.onProgress,
  });
  return {
    ...describeReading(prepared),
    ...tally,
    importId: null,
    report: null,
    duplicateOf: earlier?.state === 'done' ? earlier.id : null,
  };
}

async function importLocked(
  app: IntakeApp,
  client: Client,
  keys: CampaignKeys,
  input: ImportInput,
  prepared: PreparedRoster,
): Promise<ImportResult> {
  const { campaign } = input;
  const { roster } = prepared;
  const earlier = await findImportByFile(client, campaign.id, roster.sha256);
  if (earlier?.state === 'done')
    return await describeImport(app, input, prepared, earlier, { isDuplicate: true, warnings: {} });
  await dropLookUpsBeforeFirst(client);
  const current = earlier ?? (await beginImport(app, client, keys, input, prepared));
  const how = assertSameReading(current, prepared.how);
  const tally: BatchTally = await runBatches({
    settings: settingsOf(app, keys, input, how, current.number),
    roster,
    known: await loadKnownPeople(client, campaign.id, how.reading.hasStableKey),
    start: { offset: current.next_offset, line: current.next_line, rows: current.row_count },
    threads: threadCount(),
    rowsPerBatch: input.rowsPerBatch ?? ROWS_PER_BATCH,
    store: { client, importId: current.id, at: app.clock(), actorId: input.actorId ?? null },
    onProgress: input.onProgress,
  });
  const done = await endImport(app, client, input, current);
  return await describeImport(app, input, prepared, done, { isDuplicate: false, warnings: tally.warnings });
}

/** The file goes into the encrypted store first: a row about a file that is nowhere would be worse than a file without a row. */
async function beginImport(
  app: IntakeApp,
  client: Client,
  keys: CampaignKeys,
  input: ImportInput,
  prepared: PreparedRoster,
): Promise<ImportRow> {
  const stored = await app.files.put(keys.file, prepared.roster.original());
  if (stored.plainSha256 !== prepared.roster.sha256) {
    await app.files.delete(stored.id);
    throw new AppError('ROSTER_UNREADABLE.changed', { file: input.file });
  }
  return await insertImport(client, {
    id: newRef(),
    campaignId: input.campaign.id,
    fileSha256: prepared.roster.sha256,
    fileBytes: prepared.roster.bytes,
    fileId: stored.id,
    reading: prepared.how,
    nextOffset: prepared.dataOffset,
    nextLine: prepared.dataLine,
    actorId: input.actorId ?? null,
    startedAt: app.clock(),
  });
}

async function endImport(app: IntakeApp, client: Client, input: ImportInput, current: ImportRow): Promise<ImportRow> {
  return await inTransaction(client, async (tx) => {
    await ensureLookUps(tx);
    const done = await finishImport(tx, current.id, app.clock());
    await recordFact(tx, {
      campaignId: input.campaign.id,
      kind: 'roster.imported',
      occurredAt: app.clock(),
      actorId: input.actorId ?? null,
      body: {
        import: done.number,
        fileSha256: done.file_sha256,
        rows: done.row_count,
        people: done.people_count,
        merged: done.merged_count,
        rejected: done.rejected_count,
      },
    });
    return done;
  });
}

async function describeImport(
  app: IntakeApp,
  input: ImportInput,
  prepared: PreparedRoster,
  done: ImportRow,
  run: { isDuplicate: boolean; warnings: Readonly<Record<string, number>> },
): Promise<ImportResult> {
  return {
    ...describeReading(prepared),
    importId: done.id,
    rows: done.row_count,
    people: done.people_count,
    merged: done.merged_count,
    rejected: done.rejected_count,
    report: await writeReport(app, { campaign: input.campaign, importNumber: done.number, headers: prepared.headers }),
    duplicateOf: run.isDuplicate ? done.id : null,
    reasons: await countReasons(app.pool, input.campaign.id, done.number),
    warnings: run.warnings,
  };
}

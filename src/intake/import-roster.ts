/**
 * Roster file → people: every row becomes a person, is merged into one, or is rejected with a reason (promise 1). Streams; each batch is one
 * transaction with its own progress, so that a killed import goes on where it stopped; the same file again changes nothing.
 */
import { availableParallelism } from 'node:os';
import { recordFact } from '../journal/record-fact.ts';
import { toDay } from '../kernel/calendar.ts';
import { AppError } from '../kernel/errors.ts';
import { newRef } from '../kernel/ids.ts';
import { createDecoder } from '../platform/cp932.ts';
import { scanRecords, splitFields } from '../platform/csv-scan.ts';
import { type Client, withClient } from '../platform/db.ts';
import type { CampaignKeys } from '../platform/keys.ts';
import { findIncidentItems } from './find-incident-items.ts';
import { createKnownPeople, loadKnownPeople } from './load-known-people.ts';
import type { BatchSettings } from './prepare-batch.ts';
import { type ColumnReading, type MappingFile, resolveColumns } from './roster/column-mapping.ts';
import { type OpenRoster, openRoster } from './roster/open-roster.ts';
import { readMapping } from './roster/read-mapping.ts';
import { itemForm } from './roster/read-person.ts';
import type { IntakeApp, RosterCampaign } from './roster-campaign.ts';
import { runBatches, type Tally } from './run-batches.ts';
import {
  countReasons,
  findImportByFile,
  finishImport,
  type ImportRow,
  insertImport,
  releaseImportLock,
  tryImportLock,
} from './store.ts';
import { writeReport } from './write-report.ts';

export type ImportInput = {
  readonly campaign: RosterCampaign;
  /** Path of a CSV or XLSX file. */
  readonly file: string;
  /** Path of a YAML or JSON file that says which column is what. */
  readonly mapping?: string;
  readonly encoding?: 'utf8' | 'cp932';
  /** The incident's items; default those of the campaign's folder. Without any, only item codes are understood. */
  readonly incidentItems?: readonly {
    readonly code: string;
    readonly label: string;
    readonly labelEn?: string | undefined;
  }[];
  /** Item codes that leaked of everyone whose row names none; default all of the incident. */
  readonly items?: readonly string[];
  readonly dryRun?: boolean;
  readonly actorId?: string;
  readonly onProgress?: (progress: { rows: number; bytes: number; totalBytes: number }) => void;
  /** Rows per transaction; tests make it small. */
  readonly rowsPerBatch?: number;
};

export type ImportResult = {
  /** Null after a dry run. */
  readonly importId: string | null;
  readonly rows: number;
  readonly people: number;
  readonly merged: number;
  readonly rejected: number;
  /** Path of the report file (rejected rows to correct), null when none is open. */
  readonly report: string | null;
  /** Id of the earlier import of the very same file; nothing was changed then. */
  readonly duplicateOf: string | null;
  /** Field → header of the column that was read, as shown to the operator. */
  readonly columns: Readonly<Record<string, string>>;
  readonly ignoredColumns: readonly string[];
  readonly encoding: string;
  /** Reason → number of rejected rows. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Warning → number of people; of the rows read in this run. */
  readonly warnings: Readonly<Record<string, number>>;
};

/** 4 MB of tuples a transaction; smaller batches pay more commits, larger ones more memory. */
const ROWS_PER_BATCH = 8_000;
/** The database's own work takes a core beside the threads. */
const THREADS_MAX = 8;

/** How the file is read, stored with the import: positions and settings, nothing of anyone. */
type Reading = {
  reading: ColumnReading;
  encoding: 'utf8' | 'cp932';
  delimiter: ',' | ';' | '\t';
  defaultItems: readonly string[];
};

type Prepared = { roster: OpenRoster; headers: readonly string[]; how: Reading; dataOffset: number; dataLine: number };

/**
 * Imports a file. Throws ROSTER_UNREADABLE, ROSTER_HEADER_UNKNOWN, ROSTER_TOO_LONG or MAPPING_INVALID before anything is stored, and
 * IMPORT_BUSY while another import of this campaign runs.
 */
export async function importRoster(app: IntakeApp, given: ImportInput): Promise<ImportResult> {
  const keys = app.keys.open(given.campaign.id);
  const mapping = await readMapping(given.mapping);
  const input =
    given.incidentItems === undefined ? { ...given, ...(await findIncidentItems(app, given.campaign)) } : given;
  const prepared = await prepareFile(input, mapping);
  return await withClient(app.pool, async (client) => {
    if (input.dryRun === true) return await importDry(app, client, keys, input, prepared);
    if (!(await tryImportLock(client, input.campaign.id))) {
      throw new AppError('IMPORT_BUSY', 'another import of this campaign is running', {
        hint: 'Wait until it has finished, then import this file.',
      });
    }
    try {
      return await importLocked(app, client, keys, input, prepared);
    } finally {
      await releaseImportLock(client, input.campaign.id).catch(() => {});
    }
  });
}

/** Reads form and header; opens no database. */
async function prepareFile(input: ImportInput, mapping: MappingFile): Promise<Prepared> {
  const roster = await openRoster(input.file, input.encoding ?? mapping.encoding);
  const { form } = roster;
  const scan = scanRecords(roster.read(0), {
    delimiter: form.delimiter,
    rowsPerBatch: 1,
    offset: form.bomBytes,
    countRows: roster.isSpreadsheet,
  });
  const first = (await scan.next()).value;
  await scan.return(undefined);
  if (!first) throw new AppError('ROSTER_UNREADABLE', `${input.file} has no rows`);
  const text = createDecoder(form.encoding)(first.bytes.subarray(first.starts[0], first.ends[0]));
  if (text === null)
    throw new AppError('ROSTER_UNREADABLE', `the first row of ${input.file} is neither UTF-8 nor CP932`);
  const headers = splitFields(text, form.delimiter);
  const reading = resolveColumns(headers, mapping);
  const defaultItems = [...(input.items ?? input.incidentItems?.map((item) => item.code) ?? [])].sort();
  assertItemsKnown(input, reading, defaultItems);
  return {
    roster,
    headers: reading.hasHeader ? headers : headers.map((_, index) => String(index + 1)),
    how: { reading, encoding: form.encoding, delimiter: form.delimiter, defaultItems },
    dataOffset: reading.hasHeader ? first.nextOffset : form.bomBytes,
    dataLine: reading.hasHeader ? first.nextLine : 1,
  };
}

/** Item codes of mapping and options must exist, or everyone would be told nonsense. */
function assertItemsKnown(input: ImportInput, reading: ColumnReading, defaultItems: readonly string[]): void {
  if (input.incidentItems === undefined) return;
  const known = new Set(input.incidentItems.map((item) => item.code));
  const given = [...defaultItems, ...Object.keys(reading.itemColumns), ...Object.values(reading.itemWords)];
  const unknown = given.filter((code) => !known.has(code));
  if (unknown.length === 0) return;
  throw new AppError('MAPPING_INVALID', `campaign.yaml has no item ${unknown.join(', ')}`, {
    hint: `Its items are: ${[...known].join(', ')}`,
  });
}

function settingsOf(
  app: IntakeApp,
  keys: CampaignKeys,
  input: ImportInput,
  how: Reading,
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
  prepared: Prepared,
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
  prepared: Prepared,
): Promise<ImportResult> {
  const { campaign } = input;
  const { roster } = prepared;
  const earlier = await findImportByFile(client, campaign.id, roster.sha256);
  if (earlier?.state === 'done')
    return await describeImport(app, input, prepared, earlier, { isDuplicate: true, warnings: {} });
  const current = earlier ?? (await beginImport(app, client, keys, input, prepared));
  const how = assertSameReading(current, prepared.how);
  const tally: Tally = await runBatches({
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
  prepared: Prepared,
): Promise<ImportRow> {
  const stored = await app.files.put(keys.file, prepared.roster.original());
  if (stored.plainSha256 !== prepared.roster.sha256) {
    await app.files.delete(stored.id);
    throw new AppError('ROSTER_UNREADABLE', `${input.file} changed while it was read`);
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

/** An interrupted import goes on exactly as it began. */
function assertSameReading(current: ImportRow, now: Reading): Reading {
  const begun = current.reading as Reading;
  const same = (a: Reading, b: Reading) => itemForm(JSON.stringify(sorted(a))) === itemForm(JSON.stringify(sorted(b)));
  if (same(begun, now)) return now;
  throw new AppError('MAPPING_INVALID', 'this file was begun with another mapping, and its import is not finished', {
    hint: 'Run it again with the mapping and options of the first time; afterwards load corrections as a file of their own.',
  });
}

/** jsonb does not keep the order of keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

async function endImport(app: IntakeApp, client: Client, input: ImportInput, current: ImportRow): Promise<ImportRow> {
  await client.query('begin');
  try {
    const done = await finishImport(client, current.id, app.clock());
    await recordFact(client, {
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
    await client.query('commit');
    return done;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

function describeReading({
  headers,
  how,
  roster,
}: Prepared): Pick<ImportResult, 'columns' | 'ignoredColumns' | 'encoding'> {
  const { columns, itemColumns } = how.reading;
  const read = new Set([...Object.values(columns), ...Object.values(itemColumns)]);
  const named = [...Object.entries(columns), ...Object.entries(itemColumns)].map(([field, index]) => [
    field,
    headers[index] ?? '',
  ]);
  return {
    columns: Object.fromEntries(named),
    ignoredColumns: headers.filter((header, index) => !read.has(index) && header.trim() !== ''),
    encoding: roster.isSpreadsheet
      ? 'xlsx'
      : how.encoding === 'utf8' && roster.form.bomBytes === 3
        ? 'utf8-bom'
        : how.encoding,
  };
}

async function describeImport(
  app: IntakeApp,
  input: ImportInput,
  prepared: Prepared,
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

/**
 * Loads the call centre's interval report. A cumulative file, or the same file twice, yields only what is new: the fact carries
 * the difference, so each answered call is charged once.
 */
import { readFile } from 'node:fs/promises';
import { campaignAftermath } from '../campaign/campaign-span.ts';
import { recordEvents } from '../journal/record-fact.ts';
import { AppError } from '../kernel/errors.ts';
import type { DayBounds } from '../kernel/outside-day.ts';
import { problemLines, type WordedProblem } from '../kernel/problem.ts';
import type { App } from '../platform/app.ts';
import { parseCsv } from '../platform/formats/csv.ts';
import { transaction } from '../platform/postgres/db.ts';
import { chargedMinutes, type Interval, type IntervalRow, intervalRef, readIntervalRows } from './interval-file.ts';
import { insertIntervals, listNewestIntervals, lockIntervals, type ReportedInterval } from './interval-store.ts';

export type LoadedIntervals = {
  readonly rows: number;
  /** Intervals never reported before, and those reported with other figures. */
  readonly added: number;
  readonly corrected: number;
  /** Answered calls and begun minutes that this load added (negative when a report took some back). */
  readonly answered: number;
  readonly minutes: number;
};

/** Loads a file from the disk. Throws INTERVALS_INVALID with every fault (then nothing is recorded), FILE_MISSING. */
export async function loadIntervalFile(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  { campaign, file }: { campaign: string; file: string },
): Promise<LoadedIntervals> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new AppError('FILE_MISSING.unreadable', { file }, { cause });
  });
  return await loadIntervals(app, { campaign, file, bytes });
}

/** Loads a report (CSV in CP932 or UTF-8) that is already in memory. */
export async function loadIntervals(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  { campaign, file, bytes }: { campaign: string; file: string; bytes: Uint8Array },
): Promise<LoadedIntervals> {
  const bounds = { now: app.clock(), campaign: await campaignAftermath(app, campaign) };
  const intervals = await readReport(file, bytes, bounds);
  return await transaction(app.pool, async (tx) => {
    await lockIntervals(tx, campaign);
    const known = new Map((await listNewestIntervals(tx, campaign)).map((interval) => [interval.ref, interval]));
    const fresh = intervals.flatMap((interval) => toReport(campaign, interval, known));
    const none = { rows: intervals.length, added: 0, corrected: 0, answered: 0, minutes: 0 };
    if (fresh.length === 0) return none;
    const sum = (rows: readonly ReportedInterval[], count: (interval: ReportedInterval) => number) =>
      rows.reduce((total, row) => total + count(row) - (known.has(row.ref) ? count(known.get(row.ref) ?? row) : 0), 0);
    const recorded = await recordEvents(tx, {
      campaignId: campaign,
      kind: 'interval.reported',
      occurredAt: new Date(Math.max(...fresh.map((interval) => interval.startsAt.getTime()))),
      insert: (factId) => insertIntervals(tx, campaign, factId, app.clock(), fresh),
      describe: (rows) => ({
        events: rows.map((row) => [row.ref, 'reported', row.cycle, row.startsAt.toISOString(), row.topic]),
        lines: [
          { driver: 'call.answered', attributes: {}, count: sum(rows, (row) => row.answered) },
          { driver: 'call.minutes', attributes: {}, count: sum(rows, chargedMinutes) },
        ],
        body: {
          offered: sum(rows, (row) => row.offered),
          answered: sum(rows, (row) => row.answered),
          abandoned: sum(rows, (row) => row.abandoned),
          talkSeconds: sum(rows, (row) => row.talkSeconds),
          figures: rows.map((row) => [
            row.ref,
            row.offered,
            row.answered,
            row.abandoned,
            row.talkSeconds,
            row.withinTarget,
            row.seats,
          ]),
        },
      }),
    });
    const rows = recorded?.rows ?? [];
    return {
      rows: intervals.length,
      added: rows.filter((row) => row.cycle === 1).length,
      corrected: rows.filter((row) => row.cycle > 1).length,
      answered: sum(rows, (row) => row.answered),
      minutes: sum(rows, chargedMinutes),
    };
  });
}

/** The interval as the next report of its reference; nothing when it says what is already known. */
function toReport(
  campaign: string,
  interval: Interval,
  known: ReadonlyMap<string, ReportedInterval>,
): ReportedInterval[] {
  const ref = intervalRef(campaign, interval);
  const before = known.get(ref);
  const figures = ['offered', 'answered', 'abandoned', 'talkSeconds', 'withinTarget', 'seats'] as const;
  if (before && figures.every((key) => before[key] === interval[key])) return [];
  return [{ ...interval, ref, cycle: (before?.cycle ?? 0) + 1 }];
}

async function readReport(file: string, bytes: Uint8Array, bounds: DayBounds): Promise<Interval[]> {
  const rows: IntervalRow[] = [];
  const problems: WordedProblem[] = [];
  let header: string[] | null = null;
  for await (const { line, fields, fault } of parseCsv(bytes)) {
    if (header === null) header = fields.map((name) => name.trim().normalize('NFKC'));
    else if (fault !== null || fields.length !== header.length) {
      problems.push({
        file,
        line,
        path: '',
        message: { word: `csv.fault.${fault ?? 'fields'}` },
      });
    } else rows.push({ line, cells: Object.fromEntries(header.map((name, index) => [name, fields[index] ?? ''])) });
  }
  const { intervals, problems: faults } =
    problems.length > 0 ? { intervals: [], problems } : readIntervalRows(file, rows, bounds);
  if (faults.length === 0) return intervals;
  throw new AppError('INTERVALS_INVALID', { faults: problemLines(faults) });
}

/** Roster file → people: every row becomes a person, is merged into one, or is rejected with a reason (promise 1). */
import type { IntakeApp, RosterCampaign } from './roster-campaign.ts';

export type ImportInput = {
  readonly campaign: RosterCampaign;
  /** Path of a CSV or XLSX file. */
  readonly file: string;
  /** Path of a YAML or JSON file that says which column is what. */
  readonly mapping?: string;
  readonly encoding?: 'utf8' | 'cp932';
  /** Item codes that leaked of everyone in this file, when the file has no column for them. */
  readonly items?: readonly string[];
  readonly dryRun?: boolean;
  readonly actorId?: string;
  readonly onProgress?: (progress: { rows: number; bytes: number; totalBytes: number }) => void;
};

export type ImportResult = {
  /** Null after a dry run. */
  readonly importId: string | null;
  readonly rows: number;
  readonly people: number;
  readonly merged: number;
  readonly rejected: number;
  /** Path of the report file (rejected rows to correct), null when nothing was rejected. */
  readonly report: string | null;
  /** Id of the earlier import of the very same file; nothing was changed then. */
  readonly duplicateOf: string | null;
  /** Field → header of the column that was read, as shown to the operator. */
  readonly columns: Readonly<Record<string, string>>;
  readonly ignoredColumns: readonly string[];
  readonly encoding: string;
};

export async function importRoster(_app: IntakeApp, _input: ImportInput): Promise<ImportResult> {
  throw new Error('in work');
}

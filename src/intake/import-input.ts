/** What an import is asked to do, and what came of it. */
import type { RosterCampaign } from './roster-campaign.ts';

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

/** The rejected rows that still wait for someone's decision. */
import { open } from '../../platform/crypto/crypt.ts';
import { rowAad } from '../prepare-batch.ts';
import type { IntakeApp, RosterCampaign } from '../roster-campaign.ts';
import { listRejectedRows } from '../store.ts';

export type OpenRow = {
  readonly id: string;
  readonly importNumber: number;
  /** Counted from 1 without the header. */
  readonly rowNumber: number;
  /** Line of the file (row of the sheet) where it begins. */
  readonly line: number;
  readonly reasons: readonly string[];
  /** The row's cells; only when asked for, because they are somebody's data. */
  readonly cells?: readonly string[];
};

/** In the order of files and rows. */
export async function listOpenRows(
  app: Pick<IntakeApp, 'pool' | 'keys'>,
  { campaign, withCells = false }: { campaign: RosterCampaign; withCells?: boolean },
): Promise<OpenRow[]> {
  const found = await listRejectedRows(app.pool, campaign.id, { isOpenOnly: true });
  const key = withCells ? app.keys.open(campaign.id).address : null;
  return found.map((row) => ({
    id: row.id,
    importNumber: row.import_number,
    rowNumber: row.row_number,
    line: row.line,
    reasons: [row.reason],
    ...(key === null
      ? {}
      : { cells: JSON.parse(open(key, rowAad(campaign.id, row.id), row.row_sealed).toString('utf8')) as string[] }),
  }));
}

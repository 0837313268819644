/**
 * Writes the report of an import: every rejected row with its own columns, the reason and its id, to be corrected and loaded again. It lies
 * in the private export folder only; its name says nothing about anyone (promise 5).
 */
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { open } from '../../platform/crypto/crypt.ts';
import { formatCsvRow } from '../../platform/formats/csv.ts';
import { rowAad } from '../prepare-batch.ts';
import { reportColumns } from '../roster/roster-field.ts';
import type { IntakeApp, RosterCampaign } from '../roster-campaign.ts';
import { listRejectedRows } from '../store.ts';

export type ReportInput = { campaign: RosterCampaign; importNumber: number; headers: readonly string[] };

export function reportPath(exportDir: string, slug: string, importNumber: number): string {
  return join(exportDir, slug, `rejected-rows-${importNumber}.csv`);
}

/** Returns the path, or null when the import has no open rejected row. UTF-8 with BOM, so that a spreadsheet opens it as it is. */
export async function writeReport(
  app: Pick<IntakeApp, 'pool' | 'keys' | 'exportDir'>,
  { campaign, importNumber, headers }: ReportInput,
): Promise<string | null> {
  const rejected = await listRejectedRows(app.pool, campaign.id, { importNumber, isOpenOnly: true });
  if (rejected.length === 0) return null;
  const path = reportPath(app.exportDir, campaign.slug, importNumber);
  mkdirSync(join(app.exportDir, campaign.slug), { recursive: true, mode: 0o700 });
  const key = app.keys.open(campaign.id).address;
  const own = new Set<string>(Object.values(reportColumns));
  // A report of a report has the columns of the roster once.
  const kept = headers.map((header, index) => ({ header, index })).filter(({ header }) => !own.has(header.trim()));
  const stream = createWriteStream(`${path}.new`, { mode: 0o600 });
  const write = async (text: string) => {
    if (!stream.write(text)) await once(stream, 'drain');
  };
  await write('\ufeff');
  await write(formatCsvRow([...Object.values(reportColumns), ...kept.map(({ header }) => header)], {}));
  for (const row of rejected) {
    const cells = JSON.parse(open(key, rowAad(campaign.id, row.id), row.row_sealed).toString('utf8')) as string[];
    const extra = cells.slice(headers.length).filter((cell) => cell !== '');
    await write(
      formatCsvRow([row.id, row.reason, row.line, ...kept.map(({ index }) => cells[index] ?? ''), ...extra], {}),
    );
  }
  stream.end();
  await once(stream, 'finish');
  await rename(`${path}.new`, path);
  return path;
}

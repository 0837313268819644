/**
 * Every file of a snapshot and the room it comes from: the table of contents of the evidence. All of them hold totals,
 * decisions and hashes, none of them names a person.
 */

import { getCampaign } from '../../campaign/find-campaign.ts';
import { getPlan, getPlanSnapshot } from '../../campaign/plan/create-plan.ts';
import { exportListLeaves } from '../../intake/list/list-members.ts';
import { canonicalJson } from '../../kernel/canonical.ts';
import { merkleRoot } from '../../platform/crypto/merkle.ts';
import { writeXlsx, XLSX_ROW_LIMIT } from '../../platform/formats/xlsx-write.ts';
import { drawSummary } from '../bundle/summary-pdf.ts';
import { compareRooms } from '../figures/compare-rooms.ts';
import { countAccounting } from '../figures/count-accounting.ts';
import { countFigures } from '../figures/count-figures.ts';
import { recount } from '../figures/count-source.ts';
import { sumDriverLines } from '../store.ts';
import type { Column, TableRow } from '../verify/table.ts';
import { campaignTables } from './campaign-tables.ts';
import { deliveryTables } from './delivery-tables.ts';
import { claimParts, findClaim, moneyTables } from './money-tables.ts';
import { collectRows, jsonText, type Part, type PartTable, type SnapshotContext, tablePart, textPart } from './part.ts';

export async function listParts(context: SnapshotContext): Promise<Part[]> {
  const tables = [
    totalsTable(context),
    ...campaignTables(context),
    ...deliveryTables(context),
    ...moneyTables(context),
  ];
  const parts: Part[] = [
    campaignPart(context),
    textPart('data/accounting.json', async () =>
      jsonText(await countAccounting(context.db, context.campaignId, recount)),
    ),
    textPart('data/figures.json', async () => jsonText(await countFigures(context.db, context.campaignId, recount))),
    textPart('data/reconcile.json', async () => jsonText(await compareRooms(context.db, context.campaignId))),
    ...tables.map(tablePart),
    ...tables.flatMap((table) => sheetPart(table)),
    columnsPart(tables),
    textPart('data/summary.pdf', () => summarise(context)),
    ...(await claimParts(context)),
  ];
  const { listVersion } = await getCampaign(context.db, context.campaignId);
  if (listVersion !== null) parts.push(merklePart(context, listVersion));
  return parts;
}

export const CAMPAIGN_FILE = 'data/campaign.json';

/** What the campaign is, and the plan that runs; the client's name comes from the approved plan. */
function campaignPart({ db, app, campaignId }: SnapshotContext): Part {
  return textPart(CAMPAIGN_FILE, async () => {
    const { id, slug, state, listVersion, planId } = await getCampaign(db, campaignId);
    const plan = planId === null ? null : await getPlanSnapshot(app, planId);
    const planSha256 = planId === null ? null : (await getPlan(db, planId)).sha256;
    return jsonText({ id, slug, state, listVersion, planSha256, client: plan?.campaignFile.client ?? null });
  });
}

async function summarise(context: SnapshotContext): Promise<Buffer> {
  const { db, app, campaignId } = context;
  const { slug, planId, createdAt } = await getCampaign(db, campaignId);
  const plan = planId === null ? null : await getPlanSnapshot(app, planId);
  const lines = await sumDriverLines(db, campaignId);
  const drivers = [...new Set(lines.map((line) => line.driver))];
  return await drawSummary({
    slug,
    client: plan?.campaignFile.client ?? slug,
    createdAt,
    accounting: await countAccounting(db, campaignId, recount),
    claim: await findClaim(context),
    totals: drivers.map((driver) => ({
      driver,
      count: lines.filter((line) => line.driver === driver).reduce((sum, line) => sum + line.count, 0),
    })),
  });
}

const totalsColumns: readonly Column[] = [
  { key: 'driver', ja: '項目', en: 'Driver', kind: 'text' },
  { key: 'attributes', ja: '属性', en: 'Attributes', kind: 'text', width: 48 },
  { key: 'count', ja: '件数', en: 'Count', kind: 'integer' },
];

function totalsTable({ db, campaignId }: SnapshotContext): PartTable {
  return {
    path: 'data/totals.csv',
    columns: totalsColumns,
    rows: async () =>
      (await sumDriverLines(db, campaignId)).map((line) => [line.driver, canonicalJson(line.attributes), line.count]),
  };
}

function sheetPart(table: PartTable): Part[] {
  const name = table.sheet;
  if (name === undefined) return [];
  return [
    textPart(table.path.replace(/\.csv$/, '.xlsx'), async () => {
      const rows = await collectRows(await table.rows());
      const shown = rows.slice(0, XLSX_ROW_LIMIT - 1);
      const more: TableRow[] = rows.length > shown.length ? [[`… CSV: +${rows.length - shown.length}`]] : [];
      return await writeXlsx([{ name, columns: table.columns, rows: [...shown, ...more] }]);
    }),
  ];
}

const dictionaryColumns: readonly Column[] = [
  { key: 'file', ja: 'ファイル', en: 'File', kind: 'text' },
  { key: 'column', ja: '列', en: 'Column', kind: 'text' },
  { key: 'name_ja', ja: '名称', en: 'Name (Japanese)', kind: 'text' },
  { key: 'name_en', ja: '名称（英語）', en: 'Name', kind: 'text' },
  { key: 'kind', ja: '型', en: 'Kind', kind: 'text' },
];

function columnsPart(tables: readonly PartTable[]): Part {
  const rows = tables.flatMap((table) =>
    table.columns.map((column): TableRow => [table.path, column.key, column.ja, column.en, column.kind]),
  );
  return tablePart({ path: 'data/columns.csv', columns: dictionaryColumns, rows: () => rows });
}

const LEAVES_PER_PAGE = 5000;

async function* listLeaves({ db, campaignId }: SnapshotContext, version: number): AsyncGenerator<Buffer> {
  for (let afterRank = -1; ; ) {
    const page = await exportListLeaves(db, campaignId, version, { afterRank, limit: LEAVES_PER_PAGE });
    for (const { leaf } of page) yield Buffer.from(leaf, 'hex');
    const last = page.at(-1);
    if (last === undefined) return;
    afterRank = last.rank;
  }
}

/** Root over the salted leaves of the list version in the order of their ranks. */
function merklePart(context: SnapshotContext, version: number): Part {
  return textPart('data/people/merkle.json', async () => {
    const { root, count } = await merkleRoot(listLeaves(context, version));
    return jsonText({ version, count, root, hash: 'SHA-256', tree: 'RFC 6962' });
  });
}

/**
 * Loads the print house's return file: what was posted with which 差出票, what was spoiled. A file loaded twice, in part, in another order or under
 * another of a piece's numbers yields only what is new; each posting and each lot's spoiled pieces are one commit.
 */
import type { Campaign } from '../../campaign/campaign.ts';
import type { App } from '../../platform/app.ts';
import { type Tx, transaction } from '../../platform/postgres/db.ts';
import { type FreshLine, judgeProductionLines } from './judge-lines.ts';
import { keepVendorFile, type LineProblem } from './keep-vendor-file.ts';
import { recordPosting } from './record-posting.ts';
import { recordSpoiled } from './record-spoiled.ts';
import { type ProductionLine, readProductionFile } from './vendor-file.ts';

export type VendorFileResult = {
  lines: number;
  posted: number;
  spoiled: number;
  /** Lines that an earlier file (or this one) had told already, and lines that somebody settled. */
  known: number;
  /** Lines that wait for a decision. */
  problems: LineProblem[];
  /** Lots formed to print spoiled pieces again. */
  reprintLotIds: string[];
};

type VendorApp = Pick<App, 'pool' | 'keys' | 'files' | 'clock'>;
export type ProductionOutcome = { posted: number; spoiled: number; reprintLotIds: string[] };

/** `data` is the file's content. Throws VENDOR_FILE_INVALID when it is not such a file at all. */
export async function recordVendorFile(
  app: VendorApp,
  { campaign, data }: { campaign: Pick<Campaign, 'id'>; data: Uint8Array },
): Promise<VendorFileResult> {
  const reading = await readProductionFile(data);
  const { fresh, faults, usable } = await judgeProductionLines(app, app.pool, campaign.id, reading.lines);
  const outcome: ProductionOutcome = { posted: 0, spoiled: 0, reprintLotIds: [] };
  for (const lines of groupLines(fresh)) {
    const done = await transaction(app.pool, (tx) => recordProduction(app, tx, campaign.id, lines));
    outcome.posted += done.posted;
    outcome.spoiled += done.spoiled;
    outcome.reprintLotIds.push(...done.reprintLotIds);
  }
  const recorded = outcome.posted + outcome.spoiled;
  const { problems, settledBefore } = await keepVendorFile(app, {
    campaignId: campaign.id,
    kind: 'print_house',
    data,
    lines: reading.lineCount,
    recorded,
    faults: [...reading.faults, ...faults],
    usable,
  });
  return {
    lines: reading.lineCount,
    ...outcome,
    known: usable.length - recorded + settledBefore,
    problems,
  };
}

/** `lines` are of one slip, or spoiled pieces of one lot; one commit. */
export async function recordProduction(
  app: VendorApp,
  tx: Tx,
  campaignId: string,
  lines: readonly FreshLine<ProductionLine>[],
  actorId?: string,
): Promise<ProductionOutcome> {
  const first = lines[0]?.line;
  if (first?.status !== 'posted') return { posted: 0, ...(await recordSpoiled(app, tx, campaignId, lines)) };
  const posted = await recordPosting(tx, {
    campaignId,
    slip: { slipNumber: first.slipNumber, postedOn: first.day, postOffice: first.postOffice },
    pieces: lines.map(({ print }) => print.piece),
    at: app.clock(),
    ...(actorId === undefined ? {} : { actorId }),
  });
  return { posted: posted.length, spoiled: 0, reprintLotIds: [] };
}

/** Postings by slip, then spoiled pieces by lot, each in the order of its key. */
function groupLines(lines: readonly FreshLine<ProductionLine>[]): FreshLine<ProductionLine>[][] {
  const groups = new Map<string, FreshLine<ProductionLine>[]>();
  for (const one of lines) {
    const { line, print } = one;
    const key = line.status === 'posted' ? `0|${line.slipNumber}` : `1|${print.piece.lotId}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/**
 * Loads the print house's return file: what was posted with which 差出票, what was spoiled. A file loaded twice, or one that repeats earlier
 * lines, yields only what is new; each posting and each lot's spoiled pieces are one commit.
 */
import type { Campaign } from '../../campaign/campaign.ts';
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/postgres/db.ts';
import { keepVendorFile } from './keep-vendor-file.ts';
import { findPostingDay, recordPosting } from './record-posting.ts';
import { recordSpoiled } from './record-spoiled.ts';
import { type ResolvedLine, resolveLines } from './resolve-lines.ts';
import { type LineProblem, type ProductionLine, readProductionFile } from './vendor-file.ts';

export type VendorFileResult = {
  lines: number;
  posted: number;
  spoiled: number;
  /** Lines that an earlier file (or this one) had told already. */
  known: number;
  problems: LineProblem[];
  /** Lots formed to print spoiled pieces again. */
  reprintLotIds: string[];
};

type Line = ResolvedLine<ProductionLine>;
type VendorApp = Pick<App, 'pool' | 'keys' | 'files' | 'clock'>;

/** `data` is the file's content. Throws VENDOR_FILE_INVALID when it is not such a file at all. */
export async function recordVendorFile(
  app: VendorApp,
  { campaign, data }: { campaign: Pick<Campaign, 'id'>; data: Uint8Array },
): Promise<VendorFileResult> {
  const reading = await readProductionFile(data);
  const { resolved, problems } = await resolveLines(app.pool, campaign.id, reading.lines);
  const twofold = findTwofold(resolved);
  const contradicts = (line: Line) => twofold.has(line.piece.id) || contradictsRecord(line);
  const lines = resolved.filter((line) => !contradicts(line));
  const contradictions = resolved
    .filter(contradicts)
    .map(({ line }): LineProblem => ({ line: line.line, code: 'CONTRADICTION', text: line.text }));
  const result: VendorFileResult = {
    lines: reading.lineCount,
    posted: 0,
    spoiled: 0,
    known: 0,
    problems: [...reading.problems, ...problems, ...contradictions],
    reprintLotIds: [],
  };
  for (const own of groupBy(lines, ({ line }) => (line.status === 'posted' ? line.slipNumber : null))) {
    const outcome = await postLines(app, campaign.id, own);
    result.posted += outcome.posted;
    result.problems.push(...outcome.problems);
  }
  for (const own of groupBy(lines, ({ line, piece }) => (line.status === 'spoiled' ? piece.lotId : null))) {
    const outcome = await recordSpoiled(app, campaign.id, own);
    result.spoiled += outcome.spoiled;
    result.reprintLotIds.push(...outcome.reprintLotIds);
  }
  result.problems.sort((a, b) => a.line - b.line);
  result.known = lines.length - result.posted - result.spoiled;
  await keepVendorFile(app, {
    campaignId: campaign.id,
    kind: 'print_house',
    data,
    lines: reading.lineCount,
    recorded: result.posted + result.spoiled,
    problems: result.problems.length,
  });
  return result;
}

/** Pieces that one file calls both posted and spoiled: neither is believed. */
function findTwofold(lines: readonly Line[]): Set<string> {
  const posted = new Set(lines.filter(({ line }) => line.status === 'posted').map(({ piece }) => piece.id));
  const spoiled = lines.filter(({ line }) => line.status === 'spoiled').map(({ piece }) => piece.id);
  return new Set(spoiled.filter((id) => posted.has(id)));
}

/** A piece leaves its lot one way only; what says otherwise is shown, not overwritten. */
function contradictsRecord({ line, outcomes }: Line): boolean {
  if (line.status === 'posted') return outcomes.has('spoiled') || outcomes.has('withdrawn');
  return outcomes.has('posted') || outcomes.has('withdrawn');
}

/** One slip: lines that name another day than the slip's are shown, the others posted. */
async function postLines(
  app: VendorApp,
  campaignId: string,
  lines: readonly Line[],
): Promise<{ posted: number; problems: LineProblem[] }> {
  const first = lines[0]?.line;
  if (!first) return { posted: 0, problems: [] };
  const { slipNumber, postOffice } = first;
  return await transaction(app.pool, async (tx) => {
    const postedOn = (await findPostingDay(tx, campaignId, slipNumber)) ?? first.day;
    const agreeing = lines.filter(({ line }) => line.day === postedOn);
    const differing = lines.filter(({ line }) => line.day !== postedOn);
    const pieces = agreeing.filter(({ outcomes }) => !outcomes.has('posted')).map(({ piece }) => piece);
    const posted = await recordPosting(tx, {
      campaignId,
      slip: { slipNumber, postedOn, postOffice },
      pieces,
      at: app.clock(),
    });
    return {
      posted: posted.length,
      problems: differing.map(
        ({ line }): LineProblem => ({ line: line.line, code: 'POSTING_DIFFERS', text: line.text }),
      ),
    };
  });
}

/** Groups in the order of their keys; a null key belongs to none. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | null): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

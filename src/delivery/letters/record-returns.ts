/**
 * Loads the list of letters that came back (返戻). A return never changes the posting: it is a fact of its own with its own lines, and moves the
 * person on to a corrected address, a decision, or the end.
 */
import type { Campaign } from '../../campaign/campaign.ts';
import type { ReturnReason } from '../../journal/driver.ts';
import { recordEvents } from '../../journal/record-fact.ts';
import { startOfDay } from '../../kernel/calendar.ts';
import type { App } from '../../platform/app.ts';
import { type Tx, transaction } from '../../platform/postgres/db.ts';
import { advancePeople } from '../advance-people.ts';
import { moveGifts } from '../gifts/move-gifts.ts';
import { keepVendorFile } from './keep-vendor-file.ts';
import { lockLots } from './lot-store.ts';
import { insertPieceEvents, updateAssignments } from './piece-store.ts';
import { type ResolvedLine, resolveLines } from './resolve-lines.ts';
import { returnReasons } from './return-reason.ts';
import { type LineProblem, type ReturnLine, readReturnsFile } from './vendor-file.ts';

export type ReturnsResult = {
  lines: number;
  returned: number;
  known: number;
  byReason: Partial<Record<ReturnReason, number>>;
  cardsBack: number;
  problems: LineProblem[];
};

/** A piece must have been posted to come back. Throws VENDOR_FILE_INVALID when it is not such a file at all. */
export async function recordReturns(
  app: Pick<App, 'pool' | 'keys' | 'files' | 'clock'>,
  { campaign, data }: { campaign: Pick<Campaign, 'id'>; data: Uint8Array },
): Promise<ReturnsResult> {
  const reading = await readReturnsFile(data);
  const { resolved, problems } = await resolveLines(app.pool, campaign.id, reading.lines);
  const posted = resolved.filter(({ outcomes }) => outcomes.has('posted'));
  const unposted = resolved.filter(({ outcomes }) => !outcomes.has('posted'));
  const allProblems = [
    ...reading.problems,
    ...problems,
    ...unposted.map(({ line }): LineProblem => ({ line: line.line, code: 'NOT_POSTED', text: line.text })),
  ].sort((a, b) => a.line - b.line);
  const { returned, cardsBack } = await transaction(app.pool, (tx) =>
    recordInTransaction(tx, campaign.id, posted, app.clock()),
  );
  const byReason: Partial<Record<ReturnReason, number>> = {};
  for (const { line } of returned) byReason[line.reason] = (byReason[line.reason] ?? 0) + 1;
  await keepVendorFile(app, {
    campaignId: campaign.id,
    kind: 'returns',
    data,
    lines: reading.lineCount,
    recorded: returned.length,
    problems: allProblems.length,
  });
  return {
    lines: reading.lineCount,
    returned: returned.length,
    known: posted.length - returned.length,
    byReason,
    cardsBack,
    problems: allProblems,
  };
}

async function recordInTransaction(
  tx: Tx,
  campaignId: string,
  lines: readonly ResolvedLine<ReturnLine>[],
  at: Date,
): Promise<{ returned: ResolvedLine<ReturnLine>[]; cardsBack: number }> {
  await lockLots(tx, campaignId);
  const lineOf = new Map(lines.map((line) => [line.piece.id, line]));
  const recorded = await recordEvents(tx, {
    campaignId,
    kind: 'letters.returned',
    occurredAt: at,
    insert: (factId) =>
      insertPieceEvents(
        tx,
        campaignId,
        'returned',
        [...lineOf].map(([ref, { line }]) => ({ ref, at: startOfDay(line.day), code: line.reason })),
        factId,
      ),
    describe: (rows) => ({
      events: rows.map((row) => [row.ref, row.kind, row.cycle, row.at.toISOString(), row.code]),
      lines: rows
        .flatMap((row) => lineOf.get(row.ref) ?? [])
        .map(({ line }) => ({ driver: 'letter.returned', attributes: { reason: line.reason }, count: 1 })),
      body: { pieces: rows.length },
    }),
  });
  const returned = (recorded?.rows ?? []).flatMap((row) => lineOf.get(row.ref) ?? []);
  if (returned.length === 0) return { returned, cardsBack: 0 };
  await updateAssignments(
    tx,
    returned.map(({ piece }) => piece.assignmentId),
    'failed',
    returned.map(({ line }) => returnReasons[line.reason]),
    at,
  );
  const move = (outcome: 'back' | 'lost') =>
    moveGifts(tx, {
      campaignId,
      move: outcome,
      pieces: returned
        .filter(({ line }) => line.card === outcome)
        .map(({ piece, line }) => ({ id: piece.id, at: startOfDay(line.day), code: line.reason })),
      recordedAt: at,
    });
  const cardsBack = await move('back');
  await move('lost');
  await advancePeople(
    tx,
    campaignId,
    returned.map(({ piece }) => piece.personRef),
    at,
  );
  return { returned, cardsBack };
}

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
import { type FreshLine, judgeReturnLines } from './judge-lines.ts';
import { keepVendorFile, type LineProblem } from './keep-vendor-file.ts';
import { lockLots } from './lot-store.ts';
import { insertPieceEvents, updateAssignments } from './piece-store.ts';
import { returnReasons } from './return-reason.ts';
import { type ReturnLine, readReturnsFile } from './vendor-file.ts';

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
  const { fresh, faults, usable } = await judgeReturnLines(app, app.pool, campaign.id, reading.lines);
  const { returned, cardsBack } = await transaction(app.pool, (tx) =>
    recordReturned(tx, campaign.id, fresh, app.clock()),
  );
  const byReason: Partial<Record<ReturnReason, number>> = {};
  for (const { line } of returned) byReason[line.reason] = (byReason[line.reason] ?? 0) + 1;
  const { problems, settledBefore } = await keepVendorFile(app, {
    campaignId: campaign.id,
    kind: 'returns',
    data,
    lines: reading.lineCount,
    recorded: returned.length,
    faults: [...reading.faults, ...faults],
    usable,
  });
  return {
    lines: reading.lineCount,
    returned: returned.length,
    known: usable.length - returned.length + settledBefore,
    byReason,
    cardsBack,
    problems,
  };
}

/** Records them in the caller's transaction; also what a later list tells of a card alone. */
export async function recordReturned(
  tx: Tx,
  campaignId: string,
  lines: readonly FreshLine<ReturnLine>[],
  at: Date,
  actorId: string | null = null,
): Promise<{ returned: FreshLine<ReturnLine>[]; cardsBack: number }> {
  await lockLots(tx, campaignId);
  const lineOf = new Map(lines.map((line) => [line.print.piece.id, line]));
  const recorded = await recordEvents(tx, {
    campaignId,
    kind: 'letters.returned',
    occurredAt: at,
    actorId,
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
  await updateAssignments(
    tx,
    returned.map(({ print }) => print.piece.assignmentId),
    'failed',
    returned.map(({ line }) => returnReasons[line.reason]),
    at,
  );
  const move = (outcome: 'back' | 'lost') =>
    moveGifts(tx, {
      campaignId,
      move: outcome,
      pieces: lines
        .filter(({ card }) => card === outcome)
        .map(({ print, line }) => ({ id: print.piece.id, at: startOfDay(line.day), code: line.reason })),
      recordedAt: at,
    });
  const cardsBack = await move('back');
  await move('lost');
  await advancePeople(
    tx,
    campaignId,
    returned.map(({ print }) => print.piece.personRef),
    at,
  );
  return { returned, cardsBack };
}

/**
 * Takes pieces out of their lot before posting: by a named person (a pull at the print house), or because they cannot be printed faithfully.
 * Their cards go back into stock, their people get a next step.
 */
import { recordEvents } from '../../journal/record-fact.ts';
import type { App } from '../../platform/app.ts';
import { type Tx, transaction } from '../../platform/postgres/db.ts';
import { advancePeople } from '../advance-people.ts';
import type { AssignmentReason } from '../assignment.ts';
import { moveGifts } from '../gifts/move-gifts.ts';
import { findPrint } from './find-print.ts';
import { lyingPrint } from './judge-line.ts';
import { readPieceCode } from './piece-code.ts';
import { insertPieceEvents, type Piece, updateAssignments } from './piece-store.ts';
import { listPrints } from './resolve-lines.ts';

export const withdrawalCodes = [
  'PULLED',
  'ADDRESS_OVERLONG',
  'ADDRESS_MISSING',
  'GLYPH_MISSING',
  'OUTPUT_CHECK',
] as const;
export type WithdrawalCode = (typeof withdrawalCodes)[number];

const REASON: Record<WithdrawalCode, AssignmentReason> = {
  PULLED: 'withdrawn',
  ADDRESS_OVERLONG: 'address_does_not_fit',
  ADDRESS_MISSING: 'address_does_not_fit',
  GLYPH_MISSING: 'missing_glyph',
  OUTPUT_CHECK: 'output_check',
};

/** A pull leaves the person's place excluded; a piece that cannot be printed failed and waits for a decision. */
export async function withdrawInTransaction(
  tx: Tx,
  input: { campaignId: string; pieces: readonly { piece: Piece; code: WithdrawalCode }[]; at: Date; actorId?: string },
): Promise<number> {
  const { campaignId, at } = input;
  const pieceOf = new Map(input.pieces.map((entry) => [entry.piece.id, entry]));
  const recorded = await recordEvents(tx, {
    campaignId,
    kind: 'letters.withdrawn',
    occurredAt: at,
    actorId: input.actorId ?? null,
    insert: (factId) =>
      insertPieceEvents(
        tx,
        campaignId,
        'withdrawn',
        input.pieces.map(({ piece, code }) => ({ ref: piece.id, at, code })),
        factId,
      ),
    describe: (rows) => ({
      events: rows.map((row) => [row.ref, row.kind, row.cycle, row.at.toISOString(), row.code]),
      lines: [],
      body: {},
    }),
  });
  const gone = (recorded?.rows ?? []).flatMap((row) => {
    const entry = pieceOf.get(row.ref);
    return entry ? [entry] : [];
  });
  if (gone.length === 0) return 0;
  for (const state of ['excluded', 'failed'] as const) {
    const own = gone.filter(({ code }) => (code === 'PULLED') === (state === 'excluded'));
    await updateAssignments(
      tx,
      own.map(({ piece }) => piece.assignmentId),
      state,
      own.map(({ code }) => REASON[code]),
      at,
    );
  }
  await moveGifts(tx, {
    campaignId,
    move: 'back',
    pieces: gone.map(({ piece, code }) => ({ id: piece.id, at, code })),
    recordedAt: at,
  });
  await advancePeople(
    tx,
    campaignId,
    gone.map(({ piece }) => piece.personRef),
    at,
  );
  return gone.length;
}

/**
 * Pulls pieces by their numbers (piece, notice or control code). `refused` have left their lot already or are unknown; the caller shows them,
 * for a letter that is on its way cannot be called back here.
 */
export async function withdrawPieces(
  app: Pick<App, 'pool' | 'clock'>,
  input: { campaignId: string; codes: readonly string[]; actorId: string },
): Promise<{ withdrawn: number; refused: string[] }> {
  const read = input.codes.map((text) => ({ text, code: readPieceCode(text) }));
  const numbers = read.flatMap(({ code }) => (code ? [code.noticeNumber] : []));
  return await transaction(app.pool, async (tx) => {
    const prints = await listPrints(tx, input.campaignId, numbers);
    const refused: string[] = [];
    const open = new Map<string, Piece>();
    for (const { text, code } of read) {
      const found = code && findPrint(code, prints.get(code.noticeNumber) ?? [], lyingPrint);
      const print = found?.kind === 'print' && found.print.record.size === 0 ? found.print : null;
      if (print) open.set(print.piece.id, print.piece);
      else refused.push(text);
    }
    const chosen = [...open.values()].map((piece) => ({ piece, code: 'PULLED' as const }));
    if (chosen.length === 0) return { withdrawn: 0, refused };
    const withdrawn = await withdrawInTransaction(tx, {
      campaignId: input.campaignId,
      pieces: chosen,
      at: app.clock(),
      actorId: input.actorId,
    });
    return { withdrawn, refused };
  });
}

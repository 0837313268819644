/**
 * Keeps a vendor's file as it came, encrypted, and asks about each line that could not be used: no line is lost. The same words asked about before
 * are the same question, whether it is open or settled; a line that can be used now settles its question.
 */
import { recordEvents } from '../../journal/record-fact.ts';
import { canonicalJson, sha256Hex } from '../../kernel/canonical.ts';
import { newRef } from '../../kernel/ids.ts';
import type { App } from '../../platform/app.ts';
import { blindIndex, seal } from '../../platform/crypto/crypt.ts';
import { type Tx, transaction } from '../../platform/postgres/db.ts';
import { findQuestions, insertQuestions, type NewSettlement, type VendorFileKind } from './line-store.ts';
import { settleQuestions } from './settle-questions.ts';
import { type LineCells, type LineFault, type LineProblemCode, lineColumns, pieceText } from './vendor-file.ts';
import { insertVendorFile } from './vendor-store.ts';

/** An open question as it is shown: with the piece's number where one can be read, never with a name. */
export type LineProblem = { id: string; line: number; code: LineProblemCode; text: string };

type KeptApp = Pick<App, 'pool' | 'keys' | 'files' | 'clock'>;
export type VendorFileInput = {
  campaignId: string;
  kind: VendorFileKind;
  data: Uint8Array;
  lines: number;
  recorded: number;
  faults: readonly LineFault[];
  /** What the lines say that could be used. */
  usable: readonly LineCells[];
};

export const cellsAad = (campaignId: string, questionId: string) => `${campaignId}|${questionId}|cells_sealed`;

/** Returns the questions of this file that are open, in the order of its lines, and how many of its faults were settled before. */
export async function keepVendorFile(
  app: KeptApp,
  input: VendorFileInput,
): Promise<{ problems: LineProblem[]; settledBefore: number }> {
  const { campaignId, kind, data, lines, recorded } = input;
  const { file: fileKey, blind } = app.keys.open(campaignId);
  const stored = await app.files.put(fileKey, [data]);
  const at = app.clock();
  const blindOf = (cells: LineCells) => blindIndex(blind, 'vendor-line', canonicalWords(kind, cells));
  return await transaction(app.pool, async (tx) => {
    const vendorFileId = newRef();
    const kept = { id: vendorFileId, kind, sha256: sha256Hex(data), fileId: stored.id, lines, recorded, loadedAt: at };
    const faults = input.faults.map((fault) => ({ fault, wordsBlind: blindOf(fault.cells) }));
    await insertVendorFile(tx, campaignId, { ...kept, problems: faults.length });
    await ask(app, tx, { campaignId, vendorFileId, kind, at }, faults);
    await settleUsable(tx, { campaignId, kind, at }, input.usable.map(blindOf));
    const words = faults.map(({ wordsBlind }) => wordsBlind);
    const asked = new Map(
      (await findQuestions(tx, campaignId, kind, words)).map((one) => [one.wordsBlind.toString('hex'), one]),
    );
    const problems = faults.flatMap(({ fault, wordsBlind }): LineProblem[] => {
      const question = asked.get(wordsBlind.toString('hex'));
      const { line, code, cells } = fault;
      return question?.isOpen ? [{ id: question.id, line, code, text: pieceText(cells) }] : [];
    });
    problems.sort((a, b) => a.line - b.line);
    return { problems, settledBefore: faults.length - problems.length };
  });
}

/** The words in every width and any order of columns; an empty field is as good as no column. */
function canonicalWords(kind: VendorFileKind, cells: LineCells): string {
  const words = lineColumns.flatMap((column) => {
    const word = (cells[column] ?? '').normalize('NFKC').trim();
    return word === '' ? [] : [[column, word]];
  });
  return canonicalJson([kind, ...words]);
}

async function ask(
  app: KeptApp,
  tx: Tx,
  file: { campaignId: string; vendorFileId: string; kind: VendorFileKind; at: Date },
  faults: readonly { fault: LineFault; wordsBlind: Buffer }[],
): Promise<void> {
  if (faults.length === 0) return;
  const { campaignId, at } = file;
  const { address } = app.keys.open(campaignId);
  const questions = faults.map(({ fault, wordsBlind }) => {
    const id = newRef();
    const cellsSealed = seal(address, cellsAad(campaignId, id), JSON.stringify(fault.cells));
    return { id, line: fault.line, code: fault.code, cellsSealed, wordsBlind };
  });
  await recordEvents(tx, {
    campaignId,
    kind: 'lines.questioned',
    occurredAt: at,
    insert: (factId) => insertQuestions(tx, { ...file, factId }, questions),
    describe: (rows) => ({
      events: rows.map((row) => [row.id, 'questioned', 1, at.toISOString(), row.code]),
      lines: [],
      body: { vendorFileId: file.vendorFileId, lines: rows.length },
    }),
  });
}

async function settleUsable(
  tx: Tx,
  file: { campaignId: string; kind: VendorFileKind; at: Date },
  usable: readonly Buffer[],
): Promise<void> {
  const open = (await findQuestions(tx, file.campaignId, file.kind, usable)).filter(({ isOpen }) => isOpen);
  const settlements = open.map(
    ({ id }): NewSettlement => ({ ref: id, verdict: 'recorded', pieceId: null, noteSealed: null }),
  );
  await settleQuestions(tx, { campaignId: file.campaignId, actorId: null, at: file.at }, settlements);
}

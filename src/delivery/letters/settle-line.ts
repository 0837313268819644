/**
 * A named person ends the question about a line of a vendor's file: corrects it (it is then judged again and recorded), says that it repeats what
 * is on record, that it is not ours, or that it is true and the record stays as it is, with the reason.
 */
import type { Campaign } from '../../campaign/campaign.ts';
import { type FactLine, mergeLines, readLine } from '../../journal/fact-line.ts';
import { listFactsAfter, reserveFactId } from '../../journal/store.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { open, seal } from '../../platform/crypto/crypt.ts';
import { type Db, type Tx, transaction } from '../../platform/postgres/db.ts';
import { type GiftState, listCardStates } from '../gifts/gift-store.ts';
import type { Outcome } from '../outcome.ts';
import { findStanding } from '../standing-store.ts';
import { type JudgedLines, judgeProductionLines, judgeReturnLines } from './judge-lines.ts';
import { cellsAad } from './keep-vendor-file.ts';
import {
  type LineQuestionRow,
  type LineVerdictWord,
  listQuestionRows,
  lockQuestion,
  type NewSettlement,
  type VendorFileKind,
} from './line-store.ts';
import { lockLots } from './lot-store.ts';
import type { Piece } from './piece-store.ts';
import { recordReturned } from './record-returns.ts';
import { recordProduction } from './record-vendor-file.ts';
import { settleQuestions } from './settle-questions.ts';
import {
  type LineCells,
  type LineProblemCode,
  pieceText,
  type ReturnLine,
  readProductionLine,
  readReturnLine,
} from './vendor-file.ts';

export type LineQuestion = {
  readonly id: string;
  readonly kind: VendorFileKind;
  /** Begin of the file's SHA-256, as `sha256sum` shows it, and the line in it. */
  readonly file: string;
  readonly line: number;
  readonly code: LineProblemCode;
  /** The piece's number where one can be read; never a name. */
  readonly text: string;
  readonly openedAt: Date;
  readonly verdict: LineVerdictWord | null;
};

const FILE_HASH_CHARS = 12;

type LineApp = Pick<App, 'pool' | 'keys' | 'files' | 'clock'>;

/** In the order in which they were asked. */
export async function listLineQuestions(
  app: Pick<App, 'pool' | 'keys'>,
  campaignId: string,
  { isOpenOnly }: { isOpenOnly: boolean },
): Promise<LineQuestion[]> {
  const found = await listQuestionRows(app.pool, campaignId, { isOpenOnly });
  return found.map((row) => ({
    id: row.id,
    kind: row.kind,
    file: row.fileSha256.slice(0, FILE_HASH_CHARS),
    line: row.line,
    code: row.code,
    text: pieceText(openCells(app, campaignId, row)),
    openedAt: row.openedAt,
    verdict: row.verdict,
  }));
}

function openCells(app: Pick<App, 'keys'>, campaignId: string, row: LineQuestionRow): LineCells {
  const plain = open(app.keys.open(campaignId).address, cellsAad(campaignId, row.id), row.cellsSealed);
  return JSON.parse(plain.toString('utf8')) as LineCells;
}

export type LineDecision =
  | { readonly verb: 'correct'; readonly correction: LineCells }
  | { readonly verb: 'duplicate' | 'not_ours' }
  | { readonly verb: 'accept'; readonly note: string };

/** What a decision did: where the person and the card stand now (null: the line moved neither), and what the ledger will charge. */
export type LineEffect = {
  readonly person: Outcome | null;
  readonly card: GiftState | null;
  readonly reprintLots: number;
  readonly charged: readonly FactLine[];
};
export type LineAnswer =
  | { readonly kind: 'settled'; readonly verdict: LineVerdictWord; readonly effect: LineEffect }
  /** The corrected line still breaks a rule, or somebody was first. */
  | { readonly kind: 'refused'; readonly code: LineProblemCode }
  | { readonly kind: 'settled_before'; readonly verdict: LineVerdictWord };

const NO_EFFECT: LineEffect = { person: null, card: null, reprintLots: 0, charged: [] };
/** Facts of letters, postings and cards; the lots' lock keeps those of others out of our transaction. */
const LETTER_FACT = /^(letters|posting|gifts)\./;
const verdicts = {
  duplicate: 'duplicate',
  not_ours: 'not_ours',
  accept: 'accepted',
} as const satisfies Record<Exclude<LineDecision['verb'], 'correct'>, LineVerdictWord>;

/** Throws LINE_MISSING. */
export async function settleLine(
  app: LineApp,
  input: { campaign: Pick<Campaign, 'id'>; questionId: string; decision: LineDecision; actorId: string },
): Promise<LineAnswer> {
  const { campaign, questionId, decision, actorId } = input;
  return await transaction(app.pool, async (tx) => {
    const [asked] = await listQuestionRows(tx, campaign.id, { isOpenOnly: false, ids: [questionId] });
    if (!asked) throw new AppError('LINE_MISSING', { id: questionId });
    await lockQuestion(tx, asked.id);
    const [question = asked] = await listQuestionRows(tx, campaign.id, { isOpenOnly: false, ids: [asked.id] });
    if (question.verdict !== null) return { kind: 'settled_before', verdict: question.verdict };
    const settle = async (verdict: LineVerdictWord, more: Partial<NewSettlement>, effect: LineEffect) => {
      const settlement = { ref: question.id, verdict, pieceId: null, noteSealed: null, ...more };
      await settleQuestions(tx, { campaignId: campaign.id, actorId, at: app.clock() }, [settlement]);
      return { kind: 'settled', verdict, effect } as const;
    };
    if (decision.verb !== 'correct') {
      const noteSealed = decision.verb === 'accept' ? sealNote(app, campaign.id, question.id, decision.note) : null;
      return await settle(verdicts[decision.verb], { noteSealed }, NO_EFFECT);
    }
    await lockLots(tx, campaign.id);
    const before = await reserveFactId(tx);
    const cells = { ...openCells(app, campaign.id, question), ...decision.correction };
    const done = await recordCorrected(app, tx, { campaignId: campaign.id, question, cells, actorId });
    if (done.kind === 'refused') return done;
    if (done.kind === 'known') return await settle('duplicate', {}, NO_EFFECT);
    const facts = (await listFactsAfter(tx, campaign.id, before)).filter(({ kind }) => LETTER_FACT.test(kind));
    const effect = {
      ...(await effectOn(tx, campaign.id, done.piece)),
      reprintLots: done.reprintLots,
      charged: mergeLines(facts.flatMap(({ lines }) => lines.flatMap((line) => readLine(line) ?? []))),
    };
    return await settle('corrected', { pieceId: done.piece.id }, effect);
  });
}

/** A note may speak of the person: it goes with the addresses, not with the proof. */
function sealNote(app: LineApp, campaignId: string, questionId: string, note: string): Buffer {
  return seal(app.keys.open(campaignId).address, `${campaignId}|${questionId}|note_sealed`, note);
}

async function effectOn(
  db: Db,
  campaignId: string,
  piece: Piece,
): Promise<{ person: Outcome | null; card: GiftState | null }> {
  const cards = await listCardStates(db, [piece.id]);
  const standing = await findStanding(db, campaignId, piece.personRef);
  return { person: standing?.outcome ?? null, card: cards.get(piece.id) ?? null };
}

type Recorded =
  | { kind: 'recorded'; piece: Piece; reprintLots: number }
  | { kind: 'known' }
  | { kind: 'refused'; code: LineProblemCode };

async function recordCorrected(
  app: LineApp,
  tx: Tx,
  input: { campaignId: string; question: LineQuestionRow; cells: LineCells; actorId: string },
): Promise<Recorded> {
  const { campaignId, question, cells, actorId } = input;
  switch (question.kind) {
    case 'print_house': {
      const reading = readProductionLine(cells, question.line);
      if (reading.kind === 'problem') return { kind: 'refused', code: reading.code };
      const judged = await judgeProductionLines(app, tx, campaignId, [reading.line]);
      return await recordOne(judged, async (fresh) => {
        const { reprintLotIds } = await recordProduction(app, tx, campaignId, [fresh], actorId);
        return reprintLotIds.length;
      });
    }
    case 'returns': {
      const reading = readReturnLine(cells, question.line);
      if (reading.kind === 'problem') return { kind: 'refused', code: reading.code };
      const judged: JudgedLines<ReturnLine> = await judgeReturnLines(app, tx, campaignId, [reading.line]);
      return await recordOne(judged, async (fresh) => {
        await recordReturned(tx, campaignId, [fresh], app.clock(), actorId);
        return 0;
      });
    }
  }
}

async function recordOne<L>(
  { fresh: [fresh], faults: [fault] }: JudgedLines<L>,
  record: (fresh: JudgedLines<L>['fresh'][number]) => Promise<number>,
): Promise<Recorded> {
  if (fault) return { kind: 'refused', code: fault.code };
  if (!fresh) return { kind: 'known' };
  return { kind: 'recorded', piece: fresh.print.piece, reprintLots: await record(fresh) };
}

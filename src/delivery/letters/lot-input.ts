/**
 * Everything typesetting needs for one lot, taken from the frozen plan and the frozen list version: nothing is printed that was not approved.
 * Pure apart from what it is handed.
 */
import type { PlanSnapshot } from '../../campaign/plan/plan.ts';
import { AppError, errorCodeOf } from '../../kernel/errors.ts';
import { assertCleanOutput, otherNames } from '../../notice/clean-output.ts';
import { fillBlock, type LetterText } from '../../notice/letter-text.ts';
import { noticeContext } from '../../notice/notice-context.ts';
import { type NoticeLanguage, type NoticePerson, noticePerson, type PersonSource } from '../../notice/notice-person.ts';
import { compileNotice } from '../../notice/read-notice.ts';
import { letterShape, renderLetter } from '../../notice/render-letter.ts';
import { say } from '../../platform/words.ts';
import { addressBehindTown } from './address-behind-town.ts';
import { STOCK_FORMAT } from './letter-format.ts';
import type { Lot } from './lot-store.ts';
import type { Piece } from './piece-store.ts';
import type { TypesetInput, TypesetPiece } from './typeset-lot.ts';

/** What printing reads of a person; `PersonRecord` of intake fits. */
export type PrintedPerson = PersonSource & {
  readonly postcode?: string | undefined;
  readonly address: readonly string[];
  readonly country?: string | undefined;
};

/** A lot of the store, or a made-up one of a single piece for a preview. */
export type LotSource = {
  slug: string;
  lot: Pick<Lot, 'number' | 'gift' | 'letterDate' | 'formedAt'>;
  pieces: readonly Pick<Piece, 'id' | 'seq' | 'personRef' | 'noticeNumber' | 'hasGift'>[];
  snapshot: Pick<PlanSnapshot, 'campaignFile' | 'notices'>;
  people: ReadonlyMap<string, PrintedPerson>;
  /** Variant and language of each notice by its number. */
  notices: ReadonlyMap<string, { variant: string; language: NoticeLanguage }>;
};

/** `unclean` are the places of pieces whose output check failed; they are not among the pieces to typeset. */
export type LotInput = { input: TypesetInput; unclean: number[]; variants: Map<number, string> };

export function lotInput(source: LotSource): LotInput {
  const { lot, snapshot } = source;
  const file = snapshot.campaignFile;
  const texts = letterTexts(source);
  const variants = new Map<number, string>();
  const drafts = source.pieces.map((piece) => {
    const record = source.people.get(piece.personRef);
    const notice = source.notices.get(piece.noticeNumber);
    if (!record || !notice) throw new AppError('ROW_MISSING.piece', { id: piece.id });
    const person = noticePerson(record, {
      language: notice.language,
      number: piece.noticeNumber,
      items: file.incident.items,
      sentOn: lot.letterDate,
      gift: piece.hasGift,
    });
    variants.set(piece.seq, notice.variant);
    return { piece, record, person, text: texts.find(notice.variant, notice.language, person) };
  });
  const names = otherNames(
    drafts.map((draft) => draft.person),
    texts.list.map(sharedWords).join('\n'),
  );
  const known = new Set(file.incident.items.map((item) => item.code));
  const unclean: number[] = [];
  const pieces: TypesetPiece[] = [];
  for (const { piece, record, person, text } of drafts) {
    const unknownItems = record.leakedItems.filter((item) => !known.has(item));
    if (isClean(texts.list[text], person, { others: names, unknownItems }))
      pieces.push(toTypeset(piece, record, person, text));
    else unclean.push(piece.seq);
  }
  return {
    input: {
      lotNumber: lot.number,
      title: `${source.slug} ${lot.number}`,
      createdAt: lot.formedAt.toISOString(),
      language: file.language,
      format: STOCK_FORMAT,
      controlCaption: say(file.language, 'letters.controlCaption'),
      substitutes: file.characters.substitutes,
      texts: texts.list,
      pieces,
    },
    unclean,
    variants,
  };
}

/** Renders each text once per shape, when the first person needs it. */
function letterTexts({ lot, snapshot }: LotSource) {
  const list: LetterText[] = [];
  const places = new Map<string, number>();
  const gift = snapshot.campaignFile.gifts.find((found) => found.id === lot.gift);
  return {
    list,
    find(variant: string, language: NoticeLanguage, person: NoticePerson): number {
      const shape = letterShape(person);
      const key = JSON.stringify([variant, language, shape]);
      const place = places.get(key);
      if (place !== undefined) return place;
      const source = snapshot.notices.find((found) => found.variant === variant && found.language === language);
      if (!source) throw new AppError('NOTICE_INVALID.variant', { variant, language });
      const compiled = compileNotice({ file: `${variant}.${language}.md`, variant, language, text: source.text });
      const context = noticeContext(compiled, snapshot.campaignFile, { sentOn: lot.letterDate, gift });
      list.push(renderLetter(compiled, context, shape));
      places.set(key, list.length - 1);
      return list.length - 1;
    },
  };
}

function isClean(
  text: LetterText | undefined,
  person: NoticePerson,
  options: Parameters<typeof assertCleanOutput>[2],
): boolean {
  if (!text) return false;
  try {
    assertCleanOutput({ text: `${sharedWords(text)}\n${personalWords(text, person)}` }, person, options);
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'NOTICE_UNSAFE') return false;
    throw error;
  }
}

function sharedWords(text: LetterText): string {
  return text.blocks
    .map((block) => {
      if (block.scope === 'personal') return '';
      const runs = block.kind === 'list' ? block.items.flat() : block.runs;
      return runs.map((run) => run.text).join('');
    })
    .join('\n');
}

function personalWords(text: LetterText, person: NoticePerson): string {
  return text.blocks
    .map((block) => {
      if (block.scope === 'shared') return '';
      const filled = fillBlock(block, person);
      const runs = filled.kind === 'list' ? filled.items.flat() : filled.runs;
      return runs.map((run) => run.text).join('');
    })
    .join('\n');
}

function toTypeset(
  piece: LotSource['pieces'][number],
  record: PrintedPerson,
  person: NoticePerson,
  text: number,
): TypesetPiece {
  const { postcode } = record;
  return {
    seq: piece.seq,
    number: piece.noticeNumber,
    text,
    values: {
      name: person.name,
      honorific: person.honorific,
      addressee: person.addressee,
      guardian: person.guardian,
      number: person.number,
      items: person.items,
    },
    postcode: postcode === undefined ? undefined : formatPostcode(postcode),
    address: record.country === undefined ? [...record.address] : [...record.address, record.country],
    barcodeAddress:
      postcode === undefined || record.country !== undefined ? null : addressBehindTown(postcode, record.address),
  };
}

function formatPostcode(postcode: string): string {
  return postcode.length === 7 ? `${postcode.slice(0, 3)}-${postcode.slice(3)}` : postcode;
}

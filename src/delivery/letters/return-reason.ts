/** Why the post brings a letter back (返戻理由): the post's stamps, our codes, and what each means for the person. */
import type { ReturnReason } from '../../journal/driver.ts';
import type { AssignmentReason } from '../assignment.ts';

export const returnReasons = {
  UNKNOWN: 'returned_unknown',
  MOVED: 'returned_moved',
  INCOMPLETE: 'returned_incomplete',
  REFUSED: 'returned_refused',
  UNCLAIMED: 'returned_unclaimed',
  FORWARDING_EXPIRED: 'returned_expired',
  DECEASED: 'returned_deceased',
  POSTAGE_DUE: 'returned_postage_due',
  DAMAGED: 'returned_damaged',
} as const satisfies Record<ReturnReason, AssignmentReason>;

/** The wording on Japan Post's stamps and what people make of it. */
const WORDINGS: readonly [RegExp, ReturnReason][] = [
  [/あて所|宛所|尋ねあたり|尋ね当た/u, 'UNKNOWN'],
  [/転送期間|転送期限/u, 'FORWARDING_EXPIRED'],
  [/転居|移転/u, 'MOVED'],
  [/不完全|番地漏れ|番地もれ/u, 'INCOMPLETE'],
  [/拒絶|受取拒否|拒否/u, 'REFUSED'],
  [/保管期間|保管期限|留置期間/u, 'UNCLAIMED'],
  [/死亡|逝去/u, 'DECEASED'],
  [/料金不足/u, 'POSTAGE_DUE'],
  [/破損|汚損/u, 'DAMAGED'],
];

/** The code of a stamp's wording or of a code as we write it; null when it is neither, or when the words say two things. */
export function readReturnReason(text: string): ReturnReason | null {
  const plain = text.normalize('NFKC').trim();
  const code = plain.toUpperCase();
  if (Object.hasOwn(returnReasons, code)) return code as ReturnReason;
  const [reason = null, ...others] = WORDINGS.filter(([wording]) => wording.test(plain)).map(([, meaning]) => meaning);
  return others.length === 0 ? reason : null;
}

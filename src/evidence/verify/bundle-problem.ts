/** What `verify` may find wrong with a bundle: one closed list of codes, each explained in both languages in templates/words. */
import { AppError } from '../../kernel/errors.ts';
import type { Wording } from '../../kernel/wording.ts';

export const bundleProblemCodes = [
  'ZIP_DAMAGED',
  'ZIP_REPACKED',
  'BAG_FOLDER',
  'TAG_FILE_MISSING',
  'TAG_FILE_INVALID',
  'FILE_MISSING',
  'FILE_EXTRA',
  'FILE_CHANGED',
  'OXUM_WRONG',
  'SIGNATURE_WRONG',
  'KEY_FINGERPRINT_WRONG',
  'JOURNAL_INVALID',
  'FACT_HASH_WRONG',
  'BLOCK_HASH_WRONG',
  'CHAIN_BROKEN',
  'HEAD_WRONG',
  'SNAPSHOT_MISSING',
  'SNAPSHOT_DIFFERS',
  'TOTALS_DIFFER',
  'DECISIONS_DIFFER',
  'EQUATION_WRONG',
  'CLAIM_WRONG',
  'LEDGER_WRONG',
  'MERKLE_WRONG',
  'SAMPLE_WRONG',
] as const;

export type BundleProblemCode = (typeof bundleProblemCodes)[number];

/** `file` is the path inside the bag, or "" for the bundle as a whole; `detail` says which value, line or block it is. */
export type BundleProblem = { readonly code: BundleProblemCode; readonly file: string; readonly detail: Wording };

/** Collects problems; a bundle full of damage is cut off rather than listed to the end. */
export type Report = (code: BundleProblemCode, file: string, detail: Wording) => void;

/** Why something could not be read: our own error's words, or only that; a library's message is in its own language. */
export function readingFault(error: unknown): Wording {
  return error instanceof AppError
    ? { word: `error.${error.key}`, params: error.params }
    : { word: 'evidence.detail.unreadable' };
}

/** What `verify` may find wrong with a bundle: one closed list of codes, each explained in both languages in templates/words. */

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

/** `file` is the path inside the bag, or "" for the bundle as a whole; `message` gives the detail in English. */
export type BundleProblem = { readonly code: BundleProblemCode; readonly file: string; readonly message: string };

/** Collects problems; a bundle full of damage is cut off rather than listed to the end. */
export type Report = (code: BundleProblemCode, file: string, message: string) => void;

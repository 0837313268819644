/**
 * Everything that is stored as a document and read back by a later version: one table of formats with the number that is written
 * now. A document carries its number; one without a number is of format 1. An older one is read through one upgrade per step.
 *
 * To change a format: raise its number here, add the upgrade from the number before at its reader, and keep a golden file of the
 * new number in test/fixtures/formats. Nothing that is stored is ever rewritten: hashes are over the bytes as they are.
 */
import { AppError } from './errors.ts';
import type { Wording } from './wording.ts';

export const storedFormats = {
  /** campaign/plan/plan.ts: what was approved; a running campaign lives on it for months. */
  'plan-snapshot': 2,
  /** journal/facts: the body of a fact; each kind counts its own forms, this is the highest number that any has. */
  'fact-body': 2,
  /** campaign/policy/policy-terms.ts: the terms that a claim is computed by. */
  'policy-version': 1,
  /** ledger/rate-card.ts: the prices that charges were made by. */
  'rate-version': 1,
  /** evidence/verify: the bag in a ZIP, which somebody checks years later. */
  bundle: 1,
  /** platform/postgres/backup-tables.ts: the manifest of a backup. */
  backup: 1,
  /** platform/files.ts: frames of the encrypted file store. */
  'file-store': 1,
  /** platform/crypto/crypt.ts: a sealed value; its first byte is the number. */
  'sealed-value': 1,
  /** platform/crypto/seal-to.ts: a stream encrypted to a receiver; the number stands in its first line. */
  'sealed-stream': 1,
  /** platform/crypto/keys.ts: a campaign's key files. */
  'key-files': 1,
  /** intake/seal-person.ts: a person's two sealed documents. */
  person: 1,
  /** campaign/actors/passphrase.ts: an approver's hashed passphrase; its first byte is the number. */
  passphrase: 1,
} as const satisfies Record<string, number>;

type Document = Readonly<Record<string, unknown>>;

/** From format n to n + 1; the first of a list is the one from 1 to 2. */
export type Upgrade = (stored: Document) => Document;

/** The document with its number, as it is written now. */
export function stampFormat<T extends object>(content: T, number: number): T & { readonly format: number } {
  return { ...content, format: number };
}

/**
 * The content of a stored document as the newest format has it, without its number; `what` names it in the refusal.
 * Throws FORMAT_NEWER for one that a later version wrote.
 */
export function upgradeStored(what: Wording, stored: unknown, upgrades: readonly Upgrade[]): unknown {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return stored;
  const { format: number = 1, ...content } = stored as Document;
  const current = upgrades.length + 1;
  if (typeof number !== 'number' || number > current)
    throw new AppError('FORMAT_NEWER', { what, number: String(number), current });
  return upgrades.slice(number - 1).reduce((upgraded, step) => step(upgraded), content);
}

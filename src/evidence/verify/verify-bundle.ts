/**
 * Checks a bundle offline: container, journal, contents. Needs no database, no key and no network, so that an adjuster who
 * installs nothing but this program gets the same answer as we do (promise 7).
 */
import { open } from 'node:fs/promises';
import { AppError } from '../../kernel/errors.ts';
import { storedFormats } from '../../kernel/stored-format.ts';
import { BAG_FILES } from './bag.ts';
import { type BundleProblem, type Report, readingFault } from './bundle-problem.ts';
import { type CheckedBag, verifyBag } from './verify-bag.ts';
import { verifyContents } from './verify-contents.ts';
import { verifyJournal } from './verify-journal.ts';

export type BundleVerdict = {
  readonly ok: boolean;
  readonly problems: readonly BundleProblem[];
  /** What the bundle says it is; null when it could not be opened. The head and the fingerprint are for comparing. */
  readonly bundle: {
    readonly campaign: string;
    readonly audience: string;
    readonly status: string;
    readonly block: number;
    readonly sealedAt: string;
    readonly head: string;
    readonly keyFingerprint: string;
    readonly files: number;
    readonly bytes: number;
  } | null;
};

/** A broken bundle can have a million faults; the first ones say enough. */
const PROBLEM_LIMIT = 200;

/**
 * Verifies a file. What was once a ZIP but is damaged is `ok: false`. Throws FILE_MISSING when it is not there and
 * ZIP_INVALID when it never was a ZIP.
 */
export async function verifyBundle(file: string): Promise<BundleVerdict> {
  const problems: BundleProblem[] = [];
  const report: Report = (code, path, detail) => {
    if (problems.length < PROBLEM_LIMIT) problems.push({ code, file: path, detail });
  };
  const wasZip = await startsLikeZip(file);
  let bag: CheckedBag;
  try {
    bag = await verifyBag(file, report);
  } catch (error) {
    if (!wasZip) throw error;
    report('ZIP_DAMAGED', '', readingFault(error));
    return { ok: false, problems, bundle: null };
  }
  try {
    checkFormat(bag, report);
    // Contents of a damaged container are not worth judging: their faults would only repeat the first one.
    if (problems.length === 0) {
      const journal = await verifyJournal(bag, report);
      await verifyContents(bag, journal, report);
    }
    return { ok: problems.length === 0, problems, bundle: describe(bag) };
  } finally {
    bag.close();
  }
}

/** Bundles without a number are of the first format. */
function checkFormat(bag: CheckedBag, report: Report): void {
  const number = bag.info.get('Owabi-Format') ?? '1';
  const known = storedFormats.bundle;
  if (!/^[1-9]\d{0,5}$/.test(number) || Number(number) > known)
    report('TAG_FILE_INVALID', BAG_FILES.info, { word: 'evidence.detail.format', params: { number, known } });
}

async function startsLikeZip(file: string): Promise<boolean> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file, 'r');
  } catch (cause) {
    throw new AppError('FILE_MISSING.unreadable', { file }, { cause });
  }
  try {
    // One flipped bit in the first bytes must still count as a damaged ZIP, so three of the four are enough.
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && [...Buffer.from('PK\u0003\u0004')].filter((byte, at) => buffer[at] === byte).length >= 3;
  } finally {
    await handle.close();
  }
}

function describe(bag: CheckedBag): BundleVerdict['bundle'] {
  return {
    campaign: bag.info.get('External-Identifier') ?? '',
    audience: bag.info.get('Owabi-Audience') ?? '',
    status: bag.info.get('Owabi-Status') ?? '',
    block: Number(bag.info.get('Owabi-Block') ?? 0),
    sealedAt: bag.info.get('Owabi-Block-Sealed-At') ?? '',
    head: bag.info.get('Owabi-Head-Hash') ?? '',
    keyFingerprint: bag.info.get('Owabi-Key-Fingerprint') ?? '',
    files: bag.files.size,
    bytes: [...bag.files.values()].reduce((sum, file) => sum + file.bytes, 0),
  };
}

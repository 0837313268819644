/**
 * Checks what a bundle says against the journal and against itself: the snapshot's hashes, the totals per driver, lots and
 * approvals, the three equations, the claim's arithmetic, the list's Merkle root and the sample drawn from the head.
 */
import { z } from 'zod';
import { accounting, findImbalances } from './accounting.ts';
import type { Report } from './bundle-problem.ts';
import { claimDocument, findClaimFaults } from './claim-arithmetic.ts';
import { type DriverTotals, driverKey } from './journal-lines.ts';
import { ledgerChecker } from './ledger-table.ts';
import { SAMPLE_SIZE, samplePositions } from './sample.ts';
import { parseTable } from './table.ts';
import type { CheckedBag } from './verify-bag.ts';
import { APPROVALS_FILE, checkDecisions, decisionKinds, LOTS_FILE } from './verify-decisions.ts';
import { FACTS_FILE, type JournalCheck, readCovered } from './verify-journal.ts';

const TOTALS_FILE = 'data/totals.csv';
const ACCOUNTING_FILE = 'data/accounting.json';
const FIGURES_FILE = 'data/figures.json';
const CLAIM_FILE = 'data/claim.json';
const MERKLE_FILE = 'data/people/merkle.json';
const SAMPLE_FILE = 'data/people/sample.json';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
export const merkleDocument = z.looseObject({ version: z.int().min(1), count: z.int().min(0), root: hash });
const figuresDocument = z.looseObject({ response: z.looseObject({ total: z.int(), told: z.int() }) });
const sampleDocument = z.looseObject({ seed: hash, root: hash, count: z.int(), positions: z.array(z.int()) });

/** Files of a bundle that come from no snapshot: written from the chain and from the program. */
const DERIVED_FILES =
  /^data\/(README\.md|お読みください\.md|index\.(csv|xlsx)|journal\/.*|people\/sample\.json|full\/.*)$/;

export async function verifyContents(bag: CheckedBag, journal: JournalCheck, report: Report): Promise<void> {
  if (journal.snapshot === null) {
    report('SNAPSHOT_MISSING', FACTS_FILE, { word: 'evidence.detail.noSnapshot' });
    return;
  }
  checkSnapshot(bag, journal, report);
  const covered = await readCovered(bag, journal.snapshot.body, { kinds: decisionKinds }, report);
  await checkTotals(bag, covered.totals, report);
  checkDecisions(
    { lots: await readText(bag, LOTS_FILE), approvals: await readText(bag, APPROVALS_FILE) },
    covered.facts,
    report,
  );
  await checkAccounting(bag, report);
  const invoiced = await checkLedger(bag, report);
  await checkClaim(bag, invoiced, report);
  await checkPeople(bag, journal, report);
}

/** Text of a file, or null when this audience does not get it. */
async function readText(bag: CheckedBag, path: string): Promise<string | null> {
  if (!bag.files.has(path)) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of await bag.open(path)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function readDocument<S extends z.ZodType>(
  bag: CheckedBag,
  path: string,
  schema: S,
  onFault: () => void,
): Promise<z.output<S> | null> {
  const text = await readText(bag, path);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    onFault();
    return null;
  }
}

/** Every file that is not derived has the hash that a sealed fact says: the chain covers the contents, too. */
function checkSnapshot(bag: CheckedBag, journal: JournalCheck, report: Report): void {
  const sealed = new Map(journal.snapshot?.body.parts.map((part) => [part.path, part]));
  if (String(journal.snapshot?.block) !== bag.info.get('Owabi-Snapshot-Block')) {
    report('SNAPSHOT_DIFFERS', 'bag-info.txt', {
      word: 'evidence.detail.snapshotBlock',
      params: { block: journal.snapshot?.block ?? 0 },
    });
  }
  for (const [path, file] of bag.files) {
    if (!path.startsWith('data/') || DERIVED_FILES.test(path)) continue;
    const part = sealed.get(path);
    if (part === undefined) report('SNAPSHOT_DIFFERS', path, { word: 'evidence.detail.unknownFile' });
    else if (part.sha256 !== file.sha256) report('SNAPSHOT_DIFFERS', path, { word: 'evidence.detail.otherFile' });
  }
}

async function checkTotals(bag: CheckedBag, expected: DriverTotals, report: Report): Promise<void> {
  const text = await readText(bag, TOTALS_FILE);
  if (text === null) return;
  const stated = new Map<string, number>();
  for (const [driver = '', attributes = '', count = ''] of parseTable(text).slice(1)) {
    try {
      stated.set(driverKey(driver, JSON.parse(attributes)), Number(count));
    } catch {
      report('TOTALS_DIFFER', TOTALS_FILE, { word: 'evidence.detail.attributes', params: { driver } });
      return;
    }
  }
  for (const key of new Set([...expected.keys(), ...stated.keys()])) {
    const [facts, file] = [expected.get(key) ?? 0, stated.get(key) ?? 0];
    if (facts !== file)
      report('TOTALS_DIFFER', TOTALS_FILE, {
        word: 'evidence.detail.sum',
        params: { what: key, stated: file, counted: facts },
      });
  }
}

async function checkAccounting(bag: CheckedBag, report: Report): Promise<void> {
  const onFault = () => report('EQUATION_WRONG', ACCOUNTING_FILE, { word: 'evidence.detail.unreadable' });
  const found = await readDocument(bag, ACCOUNTING_FILE, accounting, onFault);
  if (found === null) return;
  for (const fault of findImbalances(found)) report('EQUATION_WRONG', ACCOUNTING_FILE, fault);
  const onFigureFault = () => report('EQUATION_WRONG', FIGURES_FILE, { word: 'evidence.detail.unreadable' });
  const figures = await readDocument(bag, FIGURES_FILE, figuresDocument, onFigureFault);
  for (const [term, count] of Object.entries(figures?.response ?? {})) {
    const counted = found.persons[term];
    if (typeof counted === 'number' && counted !== count)
      report('EQUATION_WRONG', FIGURES_FILE, {
        word: 'evidence.detail.figure',
        params: { term, count: String(count), counted },
      });
  }
}

const LEDGER_FILE = 'data/ledger.csv';
const INVOICES_FILE = 'data/invoices.csv';

/** The yen of a table's column, over the records that `isCounted` picks. */
function sumColumn(
  records: readonly string[][],
  key: string,
  isCounted: (record: readonly string[]) => boolean = () => true,
) {
  const at = records[0]?.indexOf(key) ?? -1;
  return records.slice(1).reduce((sum, record) => sum + (isCounted(record) ? Number(record[at]) : 0), 0);
}

/** Hashes the ledger again and compares it with the invoices. Returns the invoiced yen; null without a ledger. */
async function checkLedger(bag: CheckedBag, report: Report): Promise<number | null> {
  const text = await readText(bag, LEDGER_FILE);
  if (text === null) return null;
  const records = parseTable(text);
  const check = ledgerChecker(bag.info.get('Owabi-Campaign') ?? '');
  for (const record of records.slice(1)) {
    const fault = check(record);
    if (fault === null) continue;
    report('LEDGER_WRONG', LEDGER_FILE, fault);
    return null;
  }
  const kindAt = records[0]?.indexOf('kind') ?? -1;
  const posted = sumColumn(records, 'gross_yen', (record) => record[kindAt] === 'invoice');
  const invoices = await readText(bag, INVOICES_FILE);
  if (invoices === null) return posted;
  const billed = sumColumn(parseTable(invoices), 'gross_yen');
  if (billed !== posted)
    report('LEDGER_WRONG', INVOICES_FILE, { word: 'evidence.detail.billed', params: { billed, posted } });
  return posted;
}

/** `invoiced`: what the ledger has of invoices; the claim's incurred yen are exactly these. */
async function checkClaim(bag: CheckedBag, invoiced: number | null, report: Report): Promise<void> {
  const onFault = () => report('CLAIM_WRONG', CLAIM_FILE, { word: 'evidence.detail.unreadable' });
  const found = await readDocument(bag, CLAIM_FILE, claimDocument, onFault);
  if (found === null) return;
  for (const fault of findClaimFaults(found)) report('CLAIM_WRONG', CLAIM_FILE, fault);
  if (invoiced !== null && found.total.incurred !== invoiced) {
    report('CLAIM_WRONG', CLAIM_FILE, {
      word: 'evidence.detail.incurred',
      params: { incurred: found.total.incurred, invoiced },
    });
  }
}

async function checkPeople(bag: CheckedBag, journal: JournalCheck, report: Report): Promise<void> {
  const onFault = () => report('MERKLE_WRONG', MERKLE_FILE, { word: 'evidence.detail.unreadable' });
  const list = await readDocument(bag, MERKLE_FILE, merkleDocument, onFault);
  if (list === null) return;
  if (journal.lists.get(list.version) !== list.root)
    report('MERKLE_WRONG', MERKLE_FILE, { word: 'evidence.detail.root', params: { version: list.version } });
  const onSampleFault = () => report('SAMPLE_WRONG', SAMPLE_FILE, { word: 'evidence.detail.unreadable' });
  const sample = await readDocument(bag, SAMPLE_FILE, sampleDocument, onSampleFault);
  if (
    sample === null ||
    sample.root !== list.root ||
    sample.count !== list.count ||
    sample.seed !== journal.head?.hash
  ) {
    report('SAMPLE_WRONG', SAMPLE_FILE, { word: 'evidence.detail.sampleSource' });
    return;
  }
  const drawn = samplePositions(sample.seed, sample.count, SAMPLE_SIZE);
  if (drawn.join() !== sample.positions.join())
    report('SAMPLE_WRONG', SAMPLE_FILE, { word: 'evidence.detail.samplePositions' });
}
